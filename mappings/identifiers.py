"""Identifiers of people as agencies write them.

NHS number: https://www.datadictionary.nhs.uk/attributes/nhs_number.html; UPN:
https://www.gov.uk/government/publications/unique-pupil-numbers
"""

from operator import mul

from mappings.dates import Notes

_WEIGHTS = range(10, 1, -1)  # of the first nine digits
_ZEROS = ord("0") * sum(_WEIGHTS)
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_number(run: Notes, value: str) -> str | None:
    """Ten digits with a right check digit, without blanks; anything else is dropped and noted."""
    number = value.replace(" ", "").replace("-", "")
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        run.note("not an NHS number: it has not ten digits")
        return None
    total = sum(map(mul, _WEIGHTS, number.encode())) - _ZEROS
    if -total % 11 != int(number[9]):
        run.note("not an NHS number: its check digit is wrong")
        return None
    return number


def upn(run: Notes, value: str) -> str | None:
    """A pupil number of 13 characters; a wrong length is dropped, a wrong check letter kept, both noted.

    Most published samples have wrong check letters, and so have real systems.
    """
    number = value.replace(" ", "").upper()
    body = number[1:12] + (number[12:] if number[12:].isdigit() else "")
    if len(number) != 13 or not (number.isascii() and number.isalnum() and body.isdigit()):
        run.note("not a UPN: it has not a letter and twelve digits")
        return None
    if number[0] != _check_letter(number):
        run.note("a UPN whose check letter is wrong")
    return number


def _check_letter(number: str) -> str:
    """The thirteenth place of a temporary UPN is a letter and counts by its place in the list."""
    last = number[12]
    values = [int(c) for c in number[1:12]] + [int(last) if last.isdigit() else _UPN_LETTERS.find(last)]
    return _UPN_LETTERS[sum(v * weight for v, weight in zip(values, range(2, 14), strict=True)) % 23]
