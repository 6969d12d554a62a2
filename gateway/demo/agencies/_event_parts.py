"""What child health events are made of: one child's folder, an event, codes and moments (FHIR STU3).

https://developer.nhs.uk/apis/ems-beta/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gateway.demo.agencies._fhir import Resource, filled, resource_id
from gateway.demo.world import LONDON, Organisation, Person, Rows

CARE = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-"
NHS = "https://fhir.nhs.uk/STU3/"
_SNOMED = "http://snomed.info/sct"
OWN = "https://northshire-community.example/identifiers"
_ENCOUNTER_TYPE = f"{NHS}CodeSystem/DCH-ChildHealthEncounterType-1"
# the programme's types whose codes are published; the trust has words of its own for the others
_PUBLISHED = ("007", "008", "009")

# the services of the trust: SNOMED CT code and display
SERVICES = {
    "health-visiting": ("1078501000000104", "Health visiting service"),
    "school-nursing": ("931821000000105", "School nursing service"),
    "camhs": ("310117003", "Child and adolescent psychiatry service"),
}


@dataclass(frozen=True, slots=True)
class Worker:
    """A professional of the trust."""

    key: str
    name: tuple[str, str, str]  # prefix, given, family
    number: str
    role: tuple[str, str]
    telephone: str


@dataclass(frozen=True)
class Folder:
    """One child's events at one trust."""

    person: Person
    rows: Rows
    trust: Organisation
    workers: Mapping[str, Worker]

    def id(self, *parts: object) -> str:
        return resource_id("community", self.person.key, *parts)

    def ref(self, *parts: object) -> Resource:
        return {"reference": f"urn:uuid:{self.id(*parts)}"}

    @property
    def patient(self) -> Resource:
        return self.ref("patient")

    @property
    def organisation(self) -> Resource:
        return {**self.ref("trust"), "display": self.trust.name}


@dataclass(frozen=True)
class Event:
    """Something that happened: what kind, when, what it is about, and the resources that tell it."""

    code: str
    day: date
    focus: str
    resources: tuple[Resource, ...]
    action: str = "new"
    later: int = 0  # minutes after the first message about it


def quantity(value: str, unit: str, code: str) -> Resource:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": code}


def typed(resource_type: str, own: str) -> Resource:
    return {"resourceType": resource_type, "id": own, "meta": {"profile": [f"{CARE}{resource_type}-1"]}}


def coding(code: str, display: str, system: str = _SNOMED) -> Resource:
    return filled(system=system, code=code, display=display)


def moment(day: date, hour: int, minutes: int = 0) -> str:
    return (datetime.combine(day, time(hour), LONDON) + timedelta(minutes=minutes)).isoformat()


def encounter_type(code: str, display: str) -> Resource:
    """The kind of a contact: the programme's code, or the trust's own."""
    own = "https://northshire-community.example/CodeSystem/contact-type"
    return coding(code, display, _ENCOUNTER_TYPE if code in _PUBLISHED else own)
