"""Decimals as records hold them: the digits that the source wrote.

https://hl7.org/fhir/R4/datatypes.html#decimal (14.10 is not 14.1)
"""


class Digits(str):
    """The digits of a decimal: text to everyone; a writer of JSON may tell it from a string by its type."""

    __slots__ = ()
