"""When a resource's fact was true, and when it was written down, whichever element says so.

https://hl7.org/fhir/R4/fivews.html (when.init, when.done, when.recorded)
"""

from gateway.viewer.elements import first_when
from gateway.viewer.records import Record
from gateway.viewer.when import When

_START = {
    "AllergyIntolerance": ("onsetDateTime", "onsetPeriod.start", "recordedDate"),
    "AuditEvent": ("recorded", "period.start"),
    "CarePlan": ("period.start", "created"),
    "Condition": ("onsetDateTime", "onsetPeriod.start", "recordedDate"),
    "DiagnosticReport": ("effectiveDateTime", "effectivePeriod.start", "issued"),
    "Immunization": ("occurrenceDateTime", "recorded"),
    "List": ("date",),
    "MedicationStatement": ("effectiveDateTime", "effectivePeriod.start", "dateAsserted"),
    "Observation": ("effectiveDateTime", "effectivePeriod.start", "effectiveInstant", "issued"),
    "Procedure": ("performedDateTime", "performedPeriod.start"),
    "ServiceRequest": ("occurrenceDateTime", "occurrencePeriod.start", "authoredOn"),
    "Task": ("executionPeriod.start", "authoredOn"),
}
_END = {
    "Condition": ("abatementDateTime", "abatementPeriod.end"),
    "DiagnosticReport": ("effectivePeriod.end",),
    "MedicationStatement": ("effectivePeriod.end",),
    "Observation": ("effectivePeriod.end",),
    "Procedure": ("performedPeriod.end",),
    "ServiceRequest": ("occurrencePeriod.end",),
    "Task": ("executionPeriod.end",),
}
_RECORDED = (
    "issued",
    "recordedDate",
    "recorded",
    "dateAsserted",
    "authoredOn",
    "created",
    "meta.lastUpdated",
)


def start(record: Record) -> When | None:
    return first_when(record.resource, _START.get(record.type, ("period.start",)))


def end(record: Record) -> When | None:
    return first_when(record.resource, _END.get(record.type, ("period.end",)))


def recorded(record: Record) -> str:
    """The day it was written down; for an event without one, the day of the event."""
    found = first_when(record.resource, _RECORDED) or start(record)
    return found.text if found else ""


def span(record: Record) -> str:
    """ "02-Sep-2026", "02-Sep-2026 to 14-May-2027", "09-Nov-2026 22:31 to 23:50"."""
    first, last = start(record), end(record)
    if first is None:
        return f"until {last.text}" if last else ""
    if last is None or last == first:
        return first.text
    if last.day == first.day:
        return f"{first.text} {clock(record)}".strip()
    return f"{first.text} to {last.text}"


def clock(record: Record) -> str:
    """ "22:31 to 23:50", or "22:31"; empty for what has no time of day or lasted for days."""
    first, last = start(record), end(record)
    if first is None or not first.clock or (last is not None and last.day != first.day):
        return ""
    return f"{first.clock} to {last.clock}" if last is not None and last.clock else first.clock
