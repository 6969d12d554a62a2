"""What the parts of a practice's structured record share: the chart, the staff, codes and lists (FHIR STU3).

https://developer.nhs.uk/apis/gpconnect-1-6-0/accessrecord_structured.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from gateway.demo.agencies._fhir import Resource, filled, resource_id
from gateway.demo.world import LONDON, Organisation, Person, Rows

PROFILE = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-"
EXTENSION = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-"
CARECONNECT = "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-"
_SNOMED = "http://snomed.info/sct"
_OWN_NUMBERS = "https://millbrook-surgery.example/data-identifier"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A professional of the practice."""

    key: str
    prefix: str
    family: str
    given: str
    number: str
    role: tuple[str, str]  # code and display of the NHS's job roles

    @property
    def practitioner(self) -> str:
        return f"Practitioner/{resource_id('gp', self.key)}"

    @property
    def acts_as(self) -> str:
        return f"PractitionerRole/{resource_id('gp role', self.key)}"


@dataclass(frozen=True)
class Chart:
    """One child's record at one practice at one time."""

    person: Person
    rows: Rows
    practice: Organisation
    staff: Mapping[str, Colleague]
    at: datetime

    @property
    def patient(self) -> Resource:
        return {"reference": f"Patient/{self.rows['patient']}"}

    @property
    def organisation(self) -> str:
        return f"Organization/{resource_id('gp practice', self.practice.value)}"

    def id(self, *parts: object) -> str:
        return resource_id(self.rows["patient"], *parts)


class Digits(str):
    """A number's digits, written without quotes by `json_text`: 14.10 stays 14.10."""

    __slots__ = ()


def typed(resource_type: str, own: str, profile: str = "") -> Resource:
    return {
        "resourceType": resource_type,
        "id": own,
        "meta": {"versionId": "1", "profile": [f"{PROFILE}{profile or resource_type}-1"]},
    }


def list_of(chart: Chart, code: str, title: str, found: Sequence[Resource]) -> Resource:
    system = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1"
    entries = [{"item": {"reference": f"{r['resourceType']}/{r['id']}"}} for r in found]
    return filled(
        **typed("List", chart.id("list", code)),
        status="current",
        mode="snapshot",
        title=title,
        code=concept(code, title),
        subject=chart.patient,
        date=chart.at.isoformat(),
        orderedBy={"coding": [coding("event-date", "", "http://hl7.org/fhir/list-order")]},
        entry=entries,
        emptyReason={}
        if entries
        else {"coding": [coding("no-content-recorded", "No Content Recorded", system)]},
    )


def own(chart: Chart, *parts: object) -> Resource:
    return {"system": _OWN_NUMBERS, "value": chart.id("number", *parts)}


def coding(code: str, display: str, system: str = _SNOMED) -> Resource:
    return filled(system=system, code=code, display=display)


def concept(code: str, display: str) -> Resource:
    return {"coding": [coding(code, display)]}


def listed(text: str) -> list[str]:
    return [text] if text else []


def moment(day: date) -> str:
    return datetime.combine(day, time(10, 30), LONDON).isoformat()
