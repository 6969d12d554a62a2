"""Search parameters of a request: read, understood, or reported; never ignored in silence.

https://hl7.org/fhir/R4/search.html#errors and https://hl7.org/fhir/R4/http.html#prefer
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlencode

from nhs_number.validate import is_valid

from gateway.errors import InvalidRequest
from gateway.fhir.dates import Span, span
from gateway.identity.child import NHS_NUMBER
from gateway.identity.ids import TYPES

_LONGEST = 8192
_MOST = 100
_WAIT = re.compile(r"wait=(\d{1,3})")
LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the header Prefer asks for."""

    strict: bool = False
    wait: float | None = None


def preferences(header: str) -> Preferences:
    """The preferences of a Prefer header; what it does not know it leaves."""
    wait = _WAIT.search(header)
    return Preferences("handling=strict" in header, float(wait[1]) if wait else None)


def pairs(raw: str) -> list[tuple[str, str]]:
    """Names and values of a query or a form; raises InvalidRequest."""
    if len(raw) > _LONGEST:
        raise InvalidRequest(f"The query is longer than {_LONGEST} characters.")
    try:
        return parse_qsl(raw, keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=_MOST)
    except ValueError as error:
        raise InvalidRequest("The query cannot be read as name=value pairs.") from error


@dataclass(slots=True)
class Parameters:
    """A request's parameters, taken one by one; what is left over at the end nobody understood."""

    left: list[tuple[str, str]]
    taken: list[tuple[str, str]] = field(default_factory=list)

    def one(self, *names: str) -> str | None:
        """The value of a parameter that may stand once; raises InvalidRequest if it stands twice."""
        found = [pair for pair in self.left if pair[0] in names]
        if len(found) > 1:
            raise InvalidRequest(f"The parameter {names[0]} stands more than once.")
        self.left = [pair for pair in self.left if pair[0] not in names]
        self.taken += found
        return found[0][1] if found else None

    def unknown(self, strict: bool) -> tuple[str, ...]:
        """The names nobody understood; raises InvalidRequest under strict handling."""
        names = tuple(dict.fromkeys(_safe(name) for name, _ in self.left))
        if names and strict:
            raise InvalidRequest(f"Not supported here: {', '.join(names)}.")
        return names


def _safe(name: str) -> str:
    """A parameter's name as it may be echoed: a name, in which no number stands, or that it is none."""
    readable = re.fullmatch(r"[_a-zA-Z][\w\-:.]{0,40}", name, re.ASCII) and not re.search(r"\d{4}", name)
    return name if readable else "(unreadable name)"


def nhs_number(value: str | None) -> str | None:
    """The NHS number of `system|value` or of a bare number; raises InvalidRequest for another system."""
    if value is None:
        return None
    system, bar, number = value.rpartition("|")
    if bar and system and system != NHS_NUMBER:
        raise InvalidRequest(f"The parameter identifier takes {NHS_NUMBER}|number.")
    digits = number.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 10 and is_valid(digits)):
        raise InvalidRequest("That is not an NHS number: it has ten digits, the last one a check digit.")
    return digits


def iso_date(name: str, value: str | None) -> str:
    """A full date as ISO text, empty if there is none; raises InvalidRequest."""
    if value is None:
        return ""
    try:
        return date.fromisoformat(value.removeprefix("eq")).isoformat()
    except ValueError as error:
        raise InvalidRequest(f"The parameter {name} takes a date like 2019-05-21.") from error


def types(value: str | None) -> frozenset[str] | None:
    """The types of `_type`; raises InvalidRequest for one that is not served."""
    if value is None:
        return None
    named = [name.strip() for name in value.split(",")]
    unknown = [name for name in named if name not in TYPES]
    if unknown:
        raise InvalidRequest("The parameter _type names a type that is not served here.")
    return frozenset(named)


def count(value: str | None) -> int | None:
    """The size of a page; raises InvalidRequest."""
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 6):
        raise InvalidRequest("The parameter _count takes a whole number.")
    return min(int(value), LARGEST_PAGE)


def limits(start: str | None, end: str | None) -> Span | None:
    """The dates between `start` and `end` of $everything; raises InvalidRequest."""
    if start is None and end is None:
        return None
    try:
        return Span(span(start).first if start else None, span(end).last if end else None)
    except ValueError as error:
        raise InvalidRequest("The parameters start and end take dates like 2026-11-22.") from error


def reference(name: str, value: str) -> str:
    """The logical id of `Patient/id` or `id`; raises InvalidRequest."""
    kind, slash, identifier = value.rpartition("/")
    if slash and kind.rpartition("/")[2] != "Patient":
        raise InvalidRequest(f"The parameter {name} takes a reference to a Patient.")
    return identifier


def self_query(parameters: Sequence[tuple[str, str]]) -> str:
    """What was applied, as a query for the self link."""
    return urlencode(list(parameters), safe="/:|,$")
