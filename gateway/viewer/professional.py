"""A professional as records describe them: name, job, organisation, numbers, registration.

https://hl7.org/fhir/R4/practitionerrole.html
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.federation.view import Resource
from gateway.viewer.elements import concepts, each, text_at
from gateway.viewer.people import of_record
from gateway.viewer.records import Record, Records
from gateway.viewer.ring import is_night
from gateway.viewer.words import key, same

_REGISTERS = (
    "gmc-number",
    "gmp-number",
    "nmc-number",
    "hcpc-number",
    "social-work-england-number",
    "sds-user-id",
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number and what kind it is."""

    value: str
    system: str = "phone"
    night: bool = False


@dataclass(frozen=True, slots=True)
class Professional:
    """One description of one professional; `references` are those by which events may name them."""

    name: str
    job: str = ""
    organisation: str = ""
    phones: tuple[Phone, ...] = ()
    registration: str = ""
    references: frozenset[str] = frozenset()
    available: tuple[Resource, ...] = field(default=(), repr=False)
    hours: str = ""

    def same(self, other: "Professional") -> bool:
        """The same person: one registration number, or one name at one organisation."""
        if self.registration and other.registration:
            return self.registration == other.registration
        if self.references & other.references:
            return True
        if not self.name or not same(self.name, other.name):
            return False
        places = {key(self.organisation), key(other.organisation)} - {""}
        return len(places) < 2


def professional(everything: Records, owner: Resource, reference: Resource) -> Professional:
    """Whoever a reference names; with nothing but a display, that."""
    found = everything.resolve(owner, reference)
    display = text_at(reference, "display")
    if found is None:
        return Professional(name=display)
    parts = tuple(_parts(found, everything))
    person = next((p for p in parts if p.type == "Practitioner"), None)
    place = next((p for p in parts if p.type in ("Organization", "HealthcareService")), None)
    named = text_at(found.resource, "practitioner.display") or display
    return Professional(
        name=of_record(person) or (named if found.type != "Organization" else of_record(found)),
        job=next(iter(_jobs(parts)), ""),
        organisation=of_record(place) or text_at(found.resource, "organization.display"),
        phones=next((numbers for part in parts if (numbers := _phones(part.resource))), ()),
        registration=next((n for part in parts if (n := _registration(part.resource))), ""),
        references=frozenset(part.reference for part in parts if part.type != "Organization"),
        available=each(found.resource, "availableTime"),
        hours=text_at(found.resource, "availabilityExceptions"),
    )


def _parts(found: Record, everything: Records) -> Iterator[Record]:
    """A role, then its person, then its organisation; or the one record alone."""
    yield found
    for path in ("practitioner", "healthcareService", "organization"):
        for reference in each(found.resource, path):
            part = everything.resolve(found.resource, reference)
            if part is not None:
                yield part


def _jobs(parts: tuple[Record, ...]) -> Iterator[str]:
    for part in parts:
        if part.type == "PractitionerRole":
            yield from concepts(part.resource, "code")
            yield from concepts(part.resource, "specialty")
        if part.type == "Practitioner":
            yield from concepts(part.resource, "qualification.code")


def _phones(resource: Resource) -> tuple[Phone, ...]:
    points = [point for point in each(resource, "telecom") if text_at(point, "value")]
    spoken = [p for p in points if text_at(p, "system") in ("phone", "pager", "sms", "")]
    return tuple(Phone(text_at(p, "value"), text_at(p, "system"), is_night(p, "")) for p in spoken)


def _registration(resource: Resource) -> str:
    numbers = (i for i in each(resource, "identifier") if text_at(i, "system").endswith(_REGISTERS))
    found = next(numbers, None)
    return f"{text_at(found, 'system')}|{text_at(found, 'value')}" if found else ""
