"""Dates of FHIR as spans of days: "2026" is a year long, and comparing means overlapping.

https://hl7.org/fhir/R4/search.html#date
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_SINGLE = (
    "effectiveDateTime", "occurrenceDateTime", "performedDateTime", "onsetDateTime", "authoredOn",
    "recordedDate", "recorded", "dateAsserted", "created", "date", "issued",
)  # fmt: skip
_PERIOD = ("period", "effectivePeriod", "occurrencePeriod", "performedPeriod", "executionPeriod")


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last` day, both included; None is open."""

    first: date | None
    last: date | None

    def overlaps(self, other: "Span") -> bool:
        starts = self.first is None or other.last is None or self.first <= other.last
        ends = self.last is None or other.first is None or self.last >= other.first
        return starts and ends


def span(text: str) -> Span:
    """The days that a FHIR date, dateTime or instant means; raises ValueError."""
    day = text[:10]
    if len(day) == 4:
        return Span(date(int(day), 1, 1), date(int(day), 12, 31))
    if len(day) == 7:
        year, month = int(day[:4]), int(day[5:])
        return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    exact = date.fromisoformat(day)
    return Span(exact, exact)


def when(resource: Mapping[str, Any]) -> Span | None:
    """The days that a resource is about; None if it does not say."""
    for name in _PERIOD:
        period = resource.get(name)
        if period:
            start, end = period.get("start"), period.get("end")
            return Span(span(start).first if start else None, span(end).last if end else None)
    for name in _SINGLE:
        if resource.get(name):
            return span(resource[name])
    return None


def within(resource: Mapping[str, Any], limits: Span | None) -> bool:
    """It is about days within the limits, or does not say when."""
    about = when(resource) if limits else None
    return about is None or limits is None or about.overlaps(limits)
