"""When each professional last saw or spoke with the child, from the events that name them.

https://hl7.org/fhir/R4/encounter-definitions.html#Encounter.participant.individual
"""

from collections.abc import Iterator

from gateway.viewer import times, what
from gateway.viewer.elements import each, text_at
from gateway.viewer.people import referred
from gateway.viewer.records import Record, Records
from gateway.viewer.when import When
from gateway.viewer.words import key

_CONTACTS = ("Encounter", "Observation", "Immunization", "Procedure")
_PEOPLE = ("participant.individual", "performer", "performer.actor")


def last_contacts(everything: Records) -> dict[str, When]:
    """The latest contact by reference and by name in small letters; what did not happen is no contact."""
    found: dict[str, When] = {}
    for record in everything.all:
        moment = times.start(record)
        if record.type not in _CONTACTS or moment is None or not what.happened(record):
            continue
        for name in _named(record, everything):
            if name not in found or found[name].key < moment.key:
                found[name] = moment
    return found


def _named(record: Record, everything: Records) -> Iterator[str]:
    for path in _PEOPLE:
        for reference in each(record.resource, path):
            name = key(referred(everything, record.resource, reference))
            yield from (text for text in (text_at(reference, "reference"), name) if text)
