"""What belongs to an event: a comment on a visit, the results of a screening, told with it and not apart.

https://hl7.org/fhir/R4/observation-definitions.html#Observation.encounter
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.viewer import what
from gateway.viewer.elements import codes, concept_at, text_at
from gateway.viewer.records import Record, Records

_PARTS = ("Observation", "Procedure")
_PLAIN = "professional-comment"  # it says what it is by itself


@dataclass(frozen=True, slots=True)
class Nested:
    """The lines of each event's parts by the event's reference, and the references of the parts."""

    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()


def nested(everything: Records) -> Nested:
    """Parts stand with an event of the same source and section, if nothing of either is held back."""
    lines: dict[str, list[str]] = {}
    parts = set()
    for record in everything.all:
        event = _event(record, everything)
        words = _words(record, everything) if event else ""
        if event and words:
            lines.setdefault(event.reference, []).append(words)
            parts.add(record.reference)
    return Nested({event: tuple(found) for event, found in lines.items()}, frozenset(parts))


def _event(record: Record, everything: Records) -> Record | None:
    if record.type not in _PARTS or record.fact.timeline or record.held_back:
        return None
    event = everything.by_reference.get(text_at(record.resource, "encounter.reference"))
    if event is None or event.held_back or event.fact.section != record.fact.section:
        return None
    return event if event.line.source == record.line.source else None


def _words(record: Record, everything: Records) -> str:
    said = ", ".join(line for line in what.detail(record, everything) if line)
    if _PLAIN in codes(record.resource, "code"):
        return said
    name = concept_at(record.resource, "code")
    return f"{name}: {said}" if said else name
