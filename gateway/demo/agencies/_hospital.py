"""The hospital's resources, from short rows: UK Core FHIR R4.

https://simplifier.net/hl7fhirukcorer4
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from gateway.demo.agencies._fhir import NHS_NUMBER, ODS, UK_CORE, Resource, filled
from gateway.demo.world import LONDON, Person, Rows, World

HOSPITAL_NUMBER = "https://northtown-general.example/Id/hospital-number"
_SNOMED = "http://snomed.info/sct"
_ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_ALLERGY = "http://terminology.hl7.org/CodeSystem/allergyintolerance-"
_CLASSES = {"EMER": "emergency", "IMP": "inpatient encounter", "AMB": "ambulatory"}
_PLACES = {"EMER": "ed", "IMP": "childrens-ward", "AMB": "childrens-outpatients"}
_ORGANISATION = "Organization/ngh"
_INCLUDED = {
    "location": lambda resource: [place["location"] for place in resource.get("location", ())],
    "service-provider": lambda resource: [resource.get("serviceProvider", {})],
    "practitioner": lambda resource: [who["individual"] for who in resource.get("participant", ())],
    "participant": lambda resource: [who["member"] for who in resource.get("participant", ())],
}


def references(resource: Resource, wanted: set[str]) -> Iterator[str]:
    """What the search parameters in `wanted` refer to."""
    for name in wanted & _INCLUDED.keys():
        yield from (found["reference"] for found in _INCLUDED[name](resource) if "reference" in found)


def shared() -> list[Resource]:
    """What belongs to no child: the hospital, its places, its people and their roles."""
    return [
        {
            **_meta("Organization", "ngh"),
            "identifier": [{"system": ODS, "value": "DEMO1"}],
            "name": "Northtown General Hospital",
            "telecom": [{"system": "phone", "value": "01632 960151", "use": "work"}],
        },
        _place("ed", "Emergency department"),
        _place("childrens-ward", "Children's ward"),
        _place("childrens-outpatients", "Children's outpatients"),
        _person("ngh-4471", "Dr", "R.", "Sen"),
        _person("ngh-5208", "", "N.", "Ward"),
        _person("ngh-3320", "Dr", "P.", "Anand"),
        _named_nurse_role(),
    ]


def _meta(type_: str, id_: str) -> Resource:
    return {"resourceType": type_, "id": id_, "meta": {"profile": [f"{UK_CORE}UKCore-{type_}"]}}


def _place(id_: str, name: str) -> Resource:
    return {**_meta("Location", id_), "name": name, "managingOrganization": {"reference": _ORGANISATION}}


def _person(id_: str, prefix: str, given: str, family: str) -> Resource:
    name = filled(prefix=[prefix] if prefix else [], given=[given], family=family)
    return {**_meta("Practitioner", id_), "name": [name]}


def _named_nurse_role() -> Resource:
    return {
        **_meta("PractitionerRole", "named-nurse"),
        "active": True,
        "practitioner": {"display": "Named nurse"},
        "organization": {"reference": _ORGANISATION, "display": "Northtown General Hospital"},
        "code": [{"text": "Safeguarding"}],
        "telecom": [{"system": "pager", "value": "960150", "use": "work"}],
        "availableTime": [{"allDay": True}],
        "availabilityExceptions": "On call every night, through switchboard",
    }


def names(person: Person, rows: Rows) -> Iterator[str]:
    """What the child can be asked for by: the Patient's id, and its identifiers as search tokens."""
    yield rows["number"]
    yield f"{HOSPITAL_NUMBER}|{rows['number']}"
    if person.nhs_number:
        yield f"{NHS_NUMBER}|{person.nhs_number}"


def resources(type_: str, person: Person, rows: Rows, world: World) -> list[Resource]:
    """The child's resources of one type."""
    if type_ == "Patient":
        return [patient(person, rows, world)]
    if type_ == "CareTeam":
        return [named_nurse(rows["number"])] if rows.get("named_nurse") else []
    table, make = _ROWS[type_]
    return [make(row, rows["number"]) for row in rows.get(table, ())]


def patient(person: Person, rows: Rows, world: World) -> Resource:
    """The hospital's own demographics, which may differ from everybody else's."""
    number = {"system": NHS_NUMBER, "value": person.nhs_number} if person.nhs_number else {}
    family = rows.get("family", person.family)
    died = person.died.isoformat() if person.died else None
    return filled(
        **_meta("Patient", rows["number"]),
        identifier=[one for one in ({"system": HOSPITAL_NUMBER, "value": rows["number"]}, number) if one],
        active=None if died else True,
        name=[filled(use="official", family=family.title(), given=list(person.given))],
        gender={"F": "female", "M": "male"}.get(person.sex, "unknown"),
        birthDate=person.birth_date.isoformat(),
        deceasedDateTime=died,
        address=[] if person.sensitive else [_address(person)],
        generalPractitioner=[_practice(person, world)] if person.gp in world.organisations else [],
        managingOrganization={"reference": _ORGANISATION},
    )


def _address(person: Person) -> Resource:
    home = person.address
    return filled(use="home", line=list(home.lines), city=home.city, postalCode=home.postcode)


def _practice(person: Person, world: World) -> Resource:
    practice = world.organisations[person.gp]
    number = {"system": ODS, "value": practice.value}
    return {"type": "Organization", "identifier": number, "display": practice.name}


def encounter(row: Mapping[str, Any], number: str) -> Resource:
    """An attendance, a stay or a clinic; without an end it goes on."""
    kind, end = row["kind"], row.get("end")
    place = filled(location={"reference": f"Location/{_PLACES[kind]}"})
    return filled(
        **_meta("Encounter", row["id"]),
        identifier=[{"system": "https://northtown-general.example/Id/encounter", "value": row["id"]}],
        status="finished" if end else "in-progress",
        **{"class": {"system": _ACT_CODE, "code": kind, "display": _CLASSES[kind]}},
        type=[{"text": row["type"]}] if "type" in row else [],
        subject={"reference": f"Patient/{number}"},
        participant=[_seen_by(row["seen_by"])] if "seen_by" in row else [],
        period=filled(start=moment(row["start"]), end=moment(end) if end else None),
        reasonCode=[{"text": row["reason"]}],
        hospitalization=_left(row),
        location=[place],
        serviceProvider={"reference": _ORGANISATION, "display": "Northtown General Hospital"},
    )


def _seen_by(who: str) -> Resource:
    id_, _, name = who.partition(" ")
    return {"individual": {"reference": f"Practitioner/{id_}", "display": name}}


def _left(row: Mapping[str, Any]) -> Resource:
    return {"dischargeDisposition": {"text": row["left"]}} if "left" in row else {}


def named_nurse(number: str) -> Resource:
    """The hospital's named nurse for safeguarding, for a child with a flag."""
    member = {"reference": "PractitionerRole/named-nurse", "display": "Named nurse"}
    return {
        **_meta("CareTeam", f"safeguarding-{number}"),
        "status": "active",
        "name": "rota",
        "subject": {"reference": f"Patient/{number}"},
        "participant": [{"role": [{"text": "Named nurse"}], "member": member}],
        "managingOrganization": [{"reference": _ORGANISATION, "display": "Northtown General Hospital"}],
        "telecom": [{"system": "pager", "value": "960150", "use": "work"}],
    }


def flag(row: Mapping[str, Any], number: str) -> Resource:
    """A safeguarding flag, coded as in the booking and referral standard."""
    category = {"system": "https://fhir.nhs.uk/CodeSystem/flag-categories-bars", "code": "SG"}
    coding = {"coding": [{"system": _SNOMED, "code": row["code"]}]} if "code" in row else {}
    return {
        **_meta("Flag", row["id"]),
        "status": "inactive" if "end" in row else "active",
        "category": [{"coding": [category], "text": "Safeguarding"}],
        "code": {**coding, "text": row["text"]},
        "subject": {"reference": f"Patient/{number}"},
        "period": filled(
            start=row["start"].isoformat(), end=row["end"].isoformat() if "end" in row else None
        ),
        "author": {"reference": _ORGANISATION, "display": "Northtown General Hospital"},
    }


def condition(row: Mapping[str, Any], number: str) -> Resource:
    """A diagnosis."""
    return {
        **_meta("Condition", row["id"]),
        "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": "active"}]},
        "code": {"coding": [{"system": _SNOMED, "code": row["code"]}], "text": row["text"]},
        "subject": {"reference": f"Patient/{number}"},
        "onsetDateTime": row["onset"].isoformat(),
    }


def observation(row: Mapping[str, Any], number: str) -> Resource:
    """A measurement."""
    category = "http://terminology.hl7.org/CodeSystem/observation-category"
    unit = {"unit": row["unit"], "system": "http://unitsofmeasure.org", "code": row["unit"]}
    return {
        **_meta("Observation", row["id"]),
        "status": "final",
        "category": [{"coding": [{"system": category, "code": "vital-signs", "display": "Vital Signs"}]}],
        "code": {"coding": [{"system": _SNOMED, "code": row["code"]}], "text": row["text"]},
        "subject": {"reference": f"Patient/{number}"},
        "effectiveDateTime": moment(row["at"]),
        "valueQuantity": {"value": row["value"], **unit},
    }


def allergy(row: Mapping[str, Any], number: str) -> Resource:
    """An allergy."""
    return {
        **_meta("AllergyIntolerance", row["id"]),
        "clinicalStatus": {"coding": [{"system": f"{_ALLERGY}clinical", "code": "active"}]},
        "verificationStatus": {"coding": [{"system": f"{_ALLERGY}verification", "code": "confirmed"}]},
        "code": {"coding": [{"system": _SNOMED, "code": row["code"]}], "text": row["text"]},
        "patient": {"reference": f"Patient/{number}"},
    }


def moment(when: datetime | date) -> str:
    """A day as it is; a moment with London's offset."""
    if isinstance(when, datetime):
        return (when if when.tzinfo else when.replace(tzinfo=LONDON)).isoformat(timespec="seconds")
    return when.isoformat()


_ROWS: dict[str, tuple[str, Callable[[Mapping[str, Any], str], Resource]]] = {
    "Encounter": ("encounters", encounter),
    "Flag": ("flags", flag),
    "Condition": ("conditions", condition),
    "Observation": ("observations", observation),
    "AllergyIntolerance": ("allergies", allergy),
}
TYPES = {"Patient", "CareTeam", *_ROWS}
