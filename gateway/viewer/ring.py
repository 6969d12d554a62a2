"""The numbers to ring about a fact: its owner's duty numbers, the one to use now first.

https://hl7.org/fhir/R4/datatypes.html#ContactPoint
"""

from collections.abc import Iterator
from datetime import datetime

from gateway.federation.view import Resource
from gateway.viewer.elements import concepts, each, text_at
from gateway.viewer.parts import Phones
from gateway.viewer.records import Record, Records
from gateway.viewer.when import office_hours
from gateway.viewer.words import telephone

_NIGHT = ("out of hours", "out-of-hours", "ooh", "outofhours", "emergency duty", "edt", "night")
_OWNERS = ("author", "careTeam", "managingOrganization", "performer", "serviceProvider")


def phones(record: Record, everything: Records, now: datetime) -> Phones | None:
    """Both numbers of whoever owns a record, from the record itself, else from its source's line."""
    office, night = _duty(record, everything)
    office = office or record.line.telephone.office
    night = night or record.line.telephone.out_of_hours
    return ordered(office, night, now)


def ordered(office: str, night: str, now: datetime) -> Phones | None:
    office, night = telephone(office), telephone(night)
    if office == night:
        return Phones("Phone", office) if office else None
    if not office or not night:
        return Phones("Office" if office else "Out of hours", office or night)
    if office_hours(now):
        return Phones("Office - use now", office, "Out of hours", night)
    return Phones("Out of hours - use now", night, "Office, in working hours", office)


def _duty(record: Record, everything: Records) -> tuple[str, str]:
    found = [number for owner in _owners(record, everything) for number in numbers(owner)]
    office = next((value for value, night in found if not night), "")
    return office, next((value for value, night in found if night), "")


def _owners(record: Record, everything: Records) -> Iterator[Resource]:
    for path in _OWNERS:
        for reference in each(record.resource, path):
            owner = everything.resolve(record.resource, reference)
            if owner is not None:
                yield owner.resource


def numbers(owner: Resource) -> Iterator[tuple[str, bool]]:
    """Telephone numbers of a person or organisation, and whether each is for out of hours."""
    for point in each(owner, "telecom"):
        if text_at(point, "system") in ("phone", "pager", "sms", "") and text_at(point, "value"):
            yield text_at(point, "value"), is_night(point, "")
    for contact in each(owner, "contact"):
        purpose = " ".join(concepts(contact, "purpose")) + " " + text_at(contact, "name.text")
        for point in each(contact, "telecom"):
            if text_at(point, "value"):
                yield text_at(point, "value"), is_night(point, purpose)


def is_night(point: Resource, purpose: str) -> bool:
    """The number is for out of hours, as its own words or its contact's purpose say."""
    said = [purpose, text_at(point, "use"), text_at(point, "id")]
    for extension in each(point, "extension"):
        said += [text_at(extension, name) for name in ("valueString", "valueCode", "valueCoding.code")]
        said += [text_at(extension, "valueCoding.display"), *concepts(extension, "valueCodeableConcept")]
    text = " ".join(said).casefold().replace("_", " ")
    return any(word in text for word in _NIGHT)
