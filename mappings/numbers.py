"""Numbers: decimals keep their digits (14.10 stays 14.10), so they travel as Decimal.

https://hl7.org/fhir/R4/datatypes.html#decimal. orjson writes a Decimal through `decimal_text`.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import orjson

from mappings.mistakes import Unreadable
from mappings.paths import as_text

_DECIMAL = re.compile(r"([+-]?)0*((?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)")
_INTEGER = re.compile(r"([+-]?)0*(0|[1-9][0-9]*)")


def decimal(value: Any) -> Decimal:
    """The number with the digits that it was written with."""
    if isinstance(value, bool):
        raise Unreadable("not a number")
    match = _DECIMAL.fullmatch(as_text(value).strip())
    if match is None:
        raise Unreadable("not a number")
    return Decimal(match[1].replace("+", "") + match[2])


def integer(value: Any) -> int:
    """The whole number, within the 32 bits that FHIR allows."""
    match = None if isinstance(value, bool) else _INTEGER.fullmatch(as_text(value).strip())
    if match is None or len(match[2]) > 10:
        raise Unreadable("not a whole number")
    number = int(match[1] + match[2])
    if not -(2**31) <= number < 2**31:
        raise Unreadable("not a whole number of 32 bits")
    return number


def percent_of(value: Any, whole: Any) -> Decimal | None:
    """100 times this over that, to one decimal; nothing if that is absent or zero."""
    if whole is None or not (divisor := decimal(whole)):
        return None
    return (100 * decimal(value) / divisor).quantize(Decimal("0.1"), ROUND_HALF_UP)


def decimal_text(value: object) -> orjson.Fragment:
    """What orjson.dumps needs as `default` to write decimals with their digits."""
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} has no JSON form")
