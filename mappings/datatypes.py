"""Values as the primitive types of R4 want them.

https://hl7.org/fhir/R4/datatypes.html. Each converter gets a value that is not empty and raises Unreadable.
"""

import re
from collections.abc import Callable
from typing import Any

from mappings import dates, numbers
from mappings.mistakes import Unreadable
from mappings.paths import as_text
from mappings.references import Run, shaped

TEXTS = frozenset({"string", "markdown", "code", "uri", "url", "canonical", "xhtml"})
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_BASE64 = re.compile(r"(\s*([0-9a-zA-Z+/=]){4}\s*)+")
_OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+")
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def as_boolean(value: Any) -> bool:
    """true or false, in FHIR's words only: sources' words go through yes-no."""
    word = as_text(value)
    if word not in ("true", "false"):
        raise Unreadable("not true or false")
    return word == "true"


def as_positive(value: Any) -> int:
    number = numbers.integer(value)
    if number < 1:
        raise Unreadable("not above zero")
    return number


def as_unsigned(value: Any) -> int:
    number = numbers.integer(value)
    if number < 0:
        raise Unreadable("below zero")
    return number


def as_date(value: Any) -> str:
    return dates.date(as_text(value))


def as_datetime(run: Run, value: Any) -> str:
    return dates.datetime(run, as_text(value))


def as_instant(run: Run, value: Any) -> str:
    return dates.instant(run, as_text(value))


def as_time(value: Any) -> str:
    return dates.time(as_text(value))


def _matching(pattern: re.Pattern[str], name: str) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        word = as_text(value)
        if pattern.fullmatch(word) is None:
            raise Unreadable(f"not {name}")
        return word

    return convert


def as_block(run: Run, value: Any) -> Any:
    """A field that already has FHIR's shape, with its references made ours."""
    if not isinstance(value, dict):
        raise Unreadable("not a block")
    return shaped(run, value) or None


CONVERTERS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(TEXTS, as_text),
    "boolean": as_boolean,
    "integer": numbers.integer,
    "positiveInt": as_positive,
    "unsignedInt": as_unsigned,
    "decimal": numbers.decimal,
    "date": as_date,
    "dateTime": as_datetime,
    "instant": as_instant,
    "time": as_time,
    "id": _matching(_ID, "an id"),
    "base64Binary": _matching(_BASE64, "base64"),
    "oid": _matching(_OID, "an OID"),
    "uuid": _matching(_UUID, "a UUID"),
}

# converters that may have to note something
NOTING = frozenset({"dateTime", "instant"})
