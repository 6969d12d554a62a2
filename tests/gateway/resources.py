"""R4 resources for tests: one of each type that mappings make, each valid, with a canary wherever one fits.

WHERE marks what says where the child is; WHO and WHY mark narrative; the rest may always be kept.
"""

import copy
from typing import Any

from auth.decision import Item, Outcome, Ruling
from gateway.federation.answer import Entry

BASE = "https://wholechild.example/fhir"
WHERE = "CANARY-where"
WHY = "CANARY-why"
WHAT = "CANARY-what"
Json = dict[str, Any]
CHILD = {"reference": "Patient/child"}
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def concept(code: str = WHAT, text: str = WHY) -> Json:
    return {"coding": [{"system": "https://codes.example", "code": code, "display": code}], "text": text}


def place_reference() -> Json:
    return {
        "reference": "Organization/o1",
        "display": WHERE,
        "identifier": {"system": ODS, "value": WHERE, "assigner": {"display": WHERE}},
    }


def address() -> Json:
    return {"line": [WHERE], "city": WHERE, "postalCode": WHERE, "text": WHERE}


def phone() -> Json:
    return {"system": "phone", "value": WHERE}


def extensions() -> list[Json]:
    return [
        {"url": "https://extensions.example/birthPlace", "valueAddress": address()},
        {"url": "https://extensions.example/words", "valueString": WHERE},
        {"url": "https://extensions.example/school", "valueReference": place_reference()},
        {
            "url": "https://extensions.example/nested",
            "extension": [
                {"url": "place", "valueString": WHERE},
                {"url": "code", "valueCodeableConcept": {"coding": [{"code": "a"}], "text": WHERE}},
            ],
        },
    ]


def _active(system: str) -> Json:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": "active"}]}


def _resource(resource_type: str, **elements: Any) -> Json:
    """A resource with everything that any resource may have."""
    return {
        "resourceType": resource_type,
        "id": f"{resource_type.lower()}-1",
        "meta": {
            "source": f"{BASE}/source/other",
            "profile": [f"https://fhir.hl7.org.uk/StructureDefinition/UKCore-{resource_type}"],
            "security": [{"system": CONFIDENTIALITY, "code": "R"}, {"system": ACT, "code": "SDV"}],
            "tag": [{"system": f"{BASE}/CodeSystem/fact", "code": "fact"}],
        },
        "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{WHERE}</div>'},
        "contained": [{"resourceType": "Location", "id": "l1", "name": WHERE, "address": address()}],
        "extension": extensions(),
        "identifier": [{"system": f"{BASE}/source/other/Id/record", "value": "7"}],
        **elements,
    }


_NOTE = [{"text": f"{WHERE} {WHY}", "authorReference": place_reference()}]
_EVERY: list[Json] = [
    _resource(
        "Patient",
        name=[{"family": "Oakley", "given": ["Maya"], "text": "Maya Oakley"}],
        birthDate="2022-03-14",
        gender="female",
        address=[address()],
        telecom=[phone()],
        contact=[{"name": {"family": "Oakley"}, "address": address(), "telecom": [phone()]}],
        generalPractitioner=[place_reference()],
        managingOrganization=place_reference(),
    ),
    _resource(
        "RelatedPerson",
        patient=CHILD,
        name=[{"family": "Oakley"}],
        relationship=[concept(text=WHERE)],
        address=[address()],
        telecom=[phone()],
    ),
    _resource("Practitioner", name=[{"family": "Patel"}], address=[address()]),
    _resource(
        "PractitionerRole",
        practitioner={"reference": "Practitioner/p1", "display": WHERE},
        organization=place_reference(),
        location=[place_reference()],
        availabilityExceptions=WHERE,
    ),
    _resource("Organization", name=WHERE, alias=[WHERE], address=[address()], telecom=[phone()]),
    _resource("Location", status="active", name=WHERE, address=address(), description=WHERE),
    _resource("HealthcareService", name=WHERE, location=[place_reference()], comment=WHERE),
    _resource(
        "CareTeam",
        status="active",
        name=WHERE,
        subject=CHILD,
        participant=[
            {"role": [concept(text=WHERE)], "member": place_reference(), "onBehalfOf": place_reference()}
        ],
        managingOrganization=[place_reference()],
        note=_NOTE,
    ),
    _resource(
        "CarePlan",
        status="active",
        intent="plan",
        title=WHERE,
        description=WHERE,
        category=[concept()],
        subject=CHILD,
        period={"start": "2026-09-02"},
        author=place_reference(),
        activity=[
            {
                "progress": _NOTE,
                "detail": {"status": "in-progress", "description": WHERE, "location": place_reference()},
            }
        ],
        note=_NOTE,
    ),
    _resource(
        "EpisodeOfCare",
        status="active",
        type=[concept()],
        patient=CHILD,
        managingOrganization=place_reference(),
        careManager=place_reference(),
    ),
    _resource(
        "Encounter",
        status="finished",
        **{"class": {"system": ACT, "code": "EMER", "display": "emergency"}},
        type=[concept()],
        subject=CHILD,
        period={"start": "2026-11-18"},
        participant=[{"individual": place_reference()}, {"individual": {"display": WHERE}}],
        location=[{"location": place_reference(), "physicalType": concept(text=WHERE)}],
        hospitalization={"destination": place_reference(), "dischargeDisposition": concept(text=WHERE)},
        serviceProvider=place_reference(),
        reasonCode=[concept()],
    ),
    _resource(
        "ServiceRequest",
        status="completed",
        intent="order",
        subject=CHILD,
        code=concept(),
        requester=place_reference(),
        performer=[place_reference()],
        locationReference=[place_reference()],
        locationCode=[concept(WHERE, WHERE)],
        note=_NOTE,
        patientInstruction=WHERE,
    ),
    _resource(
        "Task",
        status="completed",
        intent="order",
        **{"for": CHILD},
        code=concept(),
        description=WHERE,
        owner=place_reference(),
        location=place_reference(),
        note=_NOTE,
    ),
    _resource(
        "Flag",
        status="active",
        category=[concept()],
        code=concept(),
        subject=CHILD,
        author=place_reference(),
    ),
    _resource(
        "Observation",
        status="final",
        code=concept(),
        subject=CHILD,
        effectiveDateTime="2026-10-01",
        valueString=f"{WHERE} {WHY}",
        performer=[place_reference()],
        note=_NOTE,
        component=[{"code": concept(text=WHERE), "valueString": f"{WHERE} {WHY}"}],
    ),
    _resource(
        "Condition",
        clinicalStatus=_active("condition-clinical"),
        code=concept(),
        subject=CHILD,
        onsetString=WHY,
        recorder=place_reference(),
        note=_NOTE,
    ),
    _resource(
        "AllergyIntolerance",
        clinicalStatus=_active("allergyintolerance-clinical"),
        code=concept(),
        patient=CHILD,
        reaction=[{"manifestation": [{"text": WHERE}], "description": WHERE, "note": _NOTE}],
    ),
    _resource(
        "MedicationStatement",
        status="active",
        medicationCodeableConcept=concept(),
        subject=CHILD,
        dosage=[{"text": f"{WHERE} {WHY}", "patientInstruction": WHERE}],
        informationSource=place_reference(),
    ),
    _resource(
        "Immunization",
        status="completed",
        vaccineCode=concept(),
        patient=CHILD,
        occurrenceDateTime="2025-05-12",
        location=place_reference(),
        performer=[{"actor": place_reference()}],
        note=_NOTE,
    ),
    _resource(
        "Procedure",
        status="completed",
        code=concept(),
        subject=CHILD,
        performedDateTime="2025-05-12",
        location=place_reference(),
        performer=[{"actor": place_reference(), "onBehalfOf": place_reference()}],
    ),
    _resource(
        "DiagnosticReport",
        status="final",
        code=concept(),
        subject=CHILD,
        conclusion=f"{WHERE} {WHY}",
        performer=[place_reference()],
    ),
    _resource(
        "List", status="current", mode="snapshot", title=WHERE, subject=CHILD, source=place_reference()
    ),
    {
        **{k: v for k, v in _resource("AuditEvent").items() if k != "identifier"},
        "type": {"system": "https://codes.example", "code": "rest"},
        "recorded": "2026-11-12T09:14:00+00:00",
        "outcomeDesc": WHERE,
        "agent": [
            {
                "who": place_reference(),
                "name": WHERE,
                "requestor": True,
                "network": {"address": WHERE, "type": "1"},
                "location": place_reference(),
            }
        ],
        "source": {"site": "gateway", "observer": {"display": WHERE}},
    },
]


def resources() -> list[Json]:
    """One of each type, in no particular order; the caller's own."""
    return copy.deepcopy(_EVERY)


def item(resource: Json, *labels: str, agency: str = "hospital") -> Item:
    return Item("other", agency, resource["resourceType"], "fact", "health", frozenset(labels))


def entry(resource: Json, *labels: str, agency: str = "hospital") -> Entry:
    return Entry(resource, item(resource, *labels, agency=agency))


PERMIT = Ruling(Outcome.PERMIT, ("R-health",))
