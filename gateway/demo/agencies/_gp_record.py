"""A child's structured record as a general practice's system gives it through GP Connect (FHIR STU3).

https://developer.nhs.uk/apis/gpconnect-1-6-0/accessrecord_structured.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from gateway.demo.agencies._fhir import NHS_NUMBER, ODS, Resource, filled, resource_id
from gateway.demo.world import LONDON, Address, Organisation, Person, Rows

_PROFILE = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-"
_EXTENSION = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-"
_CARECONNECT = "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-"
_SNOMED = "http://snomed.info/sct"
_OWN_NUMBERS = "https://millbrook-surgery.example/data-identifier"
_NO_CONTENT = "no-content-recorded"
# the sentence that GP Connect prescribes for a practice that has recorded nothing about allergies
_NO_ALLERGIES = (
    "There are no allergies in the patient record but it has not been confirmed with the patient that "
    "they have no allergies (that is, a ‘no known allergies’ code has not been recorded)."
)


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


def structured_record(chart: Chart) -> Resource:
    """The Bundle that $gpc.getstructuredrecord answers with."""
    clinical = [
        *_allergies(chart),
        *_medications(chart),
        *_problems(chart),
        *_immunisations(chart),
        *_measurements(chart),
        *_consultations(chart),
    ]
    resources = [_patient(chart), _organisation(chart), *_colleagues(chart, clinical), *clinical]
    return {
        "resourceType": "Bundle",
        "meta": {
            "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]
        },
        "type": "collection",
        "entry": [{"resource": resource} for resource in resources],
    }


# --- who ------------------------------------------------------------------------------------------------


def _patient(chart: Chart) -> Resource:
    person, rows = chart.person, chart.rows
    return filled(
        **_typed("Patient", rows["patient"]),
        extension=[_registration(rows)],
        identifier=[_nhs_number(person.nhs_number)] if person.nhs_number else [],
        active=True,
        name=[
            filled(use="official", family=person.family, given=[*person.given], prefix=_list(person.prefix))
        ],
        telecom=[{"system": "phone", "value": person.telephone, "use": "mobile"}] if person.telephone else [],
        gender={"F": "female", "M": "male"}.get(person.sex, "unknown"),
        birthDate=person.birth_date.isoformat(),
        deceasedDateTime=person.died.isoformat() if person.died else None,
        address=[_address(chart)],
        # suppliers send one object where STU3 wants a list, and so does the published example
        generalPractitioner={"reference": chart.staff[rows["gp"]].practitioner},
        managingOrganization={"reference": chart.organisation},
    )


def _registration(rows: Rows) -> Resource:
    period = filled(start=f"{rows['registered'].isoformat()}T00:00:00+00:00")
    return {
        "url": f"{_EXTENSION}RegistrationDetails-1",
        "extension": [{"url": "registrationPeriod", "valuePeriod": period}],
    }


def _nhs_number(value: str) -> Resource:
    coding = {
        "system": "https://fhir.nhs.uk/CareConnect-NHSNumberVerificationStatus-1",
        "code": "01",
        "display": "Number present and verified",
    }
    status = {
        "url": f"{_EXTENSION}NHSNumberVerificationStatus-1",
        "valueCodeableConcept": {"coding": [coding]},
    }
    return {"extension": [status], "system": NHS_NUMBER, "value": value}


def _address(chart: Chart) -> Resource:
    held = chart.rows.get("address")
    lives = Address(tuple(held["lines"]), held["city"], held["postcode"]) if held else chart.person.address
    since = held.get("since") if held else None
    return filled(
        use="home",
        type="physical",
        line=[*lives.lines],
        city=lives.city,
        postalCode=lives.postcode,
        period={"start": since.isoformat()} if since else {},
    )


def _organisation(chart: Chart) -> Resource:
    practice = chart.practice
    return filled(
        **_typed("Organization", chart.organisation.partition("/")[2]),
        identifier=[{"system": ODS, "value": practice.value}],
        name=practice.name,
        telecom=[{"system": "phone", "value": practice.telephone, "use": "work"}],
    )


def _colleagues(chart: Chart, resources: Sequence[Resource]) -> Iterator[Resource]:
    """The registered GP and everybody whom the record names."""
    named = repr(resources)
    for colleague in chart.staff.values():
        if colleague.key == chart.rows["gp"] or colleague.acts_as in named:
            yield from _colleague(colleague, chart)


def _colleague(colleague: Colleague, chart: Chart) -> Iterator[Resource]:
    yield filled(
        **_typed("Practitioner", colleague.practitioner.partition("/")[2]),
        identifier=[{"system": "https://fhir.nhs.uk/Id/sds-user-id", "value": colleague.number}],
        name=[
            filled(
                use="usual", family=colleague.family, given=_list(colleague.given), prefix=[colleague.prefix]
            )
        ],
    )
    system = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1"
    yield {
        **_typed("PractitionerRole", colleague.acts_as.partition("/")[2]),
        "practitioner": {"reference": colleague.practitioner},
        "organization": {"reference": chart.organisation},
        "code": [{"coding": [_coding(*colleague.role, system)]}],
    }


# --- what -----------------------------------------------------------------------------------------------


def _allergies(chart: Chart) -> Iterator[Resource]:
    known = [_allergy(chart, number, row) for number, row in enumerate(chart.rows.get("allergies", ()))]
    active = [a for a in known if a["clinicalStatus"] == "active"]
    ended = [a for a in known if a["clinicalStatus"] != "active"]
    empty = {} if active else {"note": [{"text": _NO_ALLERGIES}]}
    yield {**_list_of(chart, "886921000000105", "Allergies and adverse reactions", active), **empty}
    yield from active
    if ended:
        contained = [{**allergy, "id": f"ended-{n}"} for n, allergy in enumerate(ended, 1)]
        listed = _list_of(chart, "1103671000000101", "Ended allergies", ())
        entries = [{"item": {"reference": f"#{allergy['id']}"}} for allergy in contained]
        listed.pop("emptyReason")
        yield {**listed, "contained": contained, "entry": entries}


def _allergy(chart: Chart, number: int, row: Mapping[str, Any]) -> Resource:
    end = [
        filled(url="endDate", valueDateTime=str(row.get("ended", ""))),
        filled(url="reasonEnded", valueString=row.get("reason_ended", "")),
    ]
    reaction = filled(
        manifestation=[_concept(*row["reaction"])] if "reaction" in row else [],
        severity=row.get("severity", ""),
    )
    return filled(
        **_typed("AllergyIntolerance", chart.id("allergy", number)),
        extension=[{"url": f"{_EXTENSION}AllergyIntoleranceEnd-1", "extension": end}]
        if "ended" in row
        else [],
        identifier=[_own(chart, "allergy", number)],
        clinicalStatus="resolved" if "ended" in row else "active",
        verificationStatus="unconfirmed",
        type="allergy",
        category=[row.get("category", "medication")],
        criticality=row.get("criticality", ""),
        code=_concept(*row["code"]),
        patient=chart.patient,
        assertedDate=_moment(row["date"]),
        recorder={"reference": chart.staff[chart.rows["gp"]].acts_as},
        reaction=[reaction] if reaction else [],
    )


def _medications(chart: Chart) -> Iterator[Resource]:
    statements = []
    for number, row in enumerate(chart.rows.get("medications", ())):
        medicine = _typed("Medication", chart.id("medicine", number)) | {"code": _concept(*row["code"])}
        statement = _statement(chart, number, row, medicine["id"])
        statements.append(statement)
        yield medicine
        yield statement
    yield _list_of(chart, "933361000000108", "Medications and medical devices", statements)


def _statement(chart: Chart, number: int, row: Mapping[str, Any], medicine: str) -> Resource:
    agency = _coding(
        "prescribed-at-gp-practice",
        "Prescribed at GP practice",
        "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PrescribingAgency-1",
    )
    last = {"url": f"{_EXTENSION}MedicationStatementLastIssueDate-1", "valueDateTime": str(row["last_issue"])}
    by = {"url": f"{_EXTENSION}PrescribingAgency-1", "valueCodeableConcept": {"coding": [agency]}}
    return filled(
        **_typed("MedicationStatement", chart.id("medication", number)),
        extension=[last, by],
        identifier=[_own(chart, "medication", number)],
        status="completed" if "ended" in row else "active",
        medicationReference={"reference": f"Medication/{medicine}"},
        effectivePeriod=filled(start=str(row["date"]), end=str(row.get("ended", ""))),
        dateAsserted=_moment(row["date"]),
        subject=chart.patient,
        taken="unk",
        dosage=[{"text": row["dose"]}],
    )


def _problems(chart: Chart) -> Iterator[Resource]:
    found = [_problem(chart, number, row) for number, row in enumerate(chart.rows.get("problems", ()))]
    yield from found
    yield _list_of(chart, "717711000000103", "Problems", found)


def _problem(chart: Chart, number: int, row: Mapping[str, Any]) -> Resource:
    system = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ConditionCategory-1"
    return filled(
        **_typed("Condition", chart.id("problem", number), "ProblemHeader-Condition"),
        extension=[{"url": f"{_CARECONNECT}ProblemSignificance-1", "valueCode": row.get("rank", "major")}],
        identifier=[_own(chart, "problem", number)],
        clinicalStatus="inactive" if "ended" in row else "active",
        category=[{"coding": [_coding("problem-list-item", "Problem List Item", system)]}],
        code=_concept(*row["code"]),
        subject=chart.patient,
        onsetDateTime=str(row["date"]),
        abatementDateTime=str(row.get("ended", "")),
        assertedDate=_moment(row["date"]),
        asserter={"reference": chart.staff[chart.rows["gp"]].practitioner},
    )


def _immunisations(chart: Chart) -> Iterator[Resource]:
    found = [_immunisation(chart, n, row) for n, row in enumerate(chart.rows.get("immunisations", ()))]
    yield from found
    yield _list_of(chart, "1102181000000102", "Immunisations", found)


def _immunisation(chart: Chart, number: int, row: Mapping[str, Any]) -> Resource:
    procedure = {
        "url": f"{_CARECONNECT}VaccinationProcedure-1",
        "valueCodeableConcept": {"coding": [_coding(*row["code"])]},
    }
    recorded = {"url": f"{_CARECONNECT}DateRecorded-1", "valueDateTime": _moment(row["date"])}
    parent = {"url": f"{_CARECONNECT}ParentPresent-1", "valueBoolean": row.get("parent_present")}
    refused = "not_given" in row
    return filled(
        **_typed("Immunization", chart.id("immunisation", number)),
        extension=[procedure, recorded, *([parent] if "parent_present" in row else [])],
        identifier=[_own(chart, "immunisation", number)],
        status="completed",
        notGiven=refused,
        vaccineCode={
            "coding": [_coding("UNK", "unknown", "http://hl7.org/fhir/v3/NullFlavor")],
            "text": row["vaccine"],
        },
        patient=chart.patient,
        date=str(row["date"]),
        primarySource=True,
        lotNumber=row.get("batch", ""),
        practitioner=[] if refused else [{"actor": {"reference": chart.staff["pell"].acts_as}}],
        explanation={"reasonNotGiven": [{"text": row["not_given"]}]} if refused else {},
        vaccinationProtocol=[{"doseSequence": row["dose"]}] if "dose" in row else [],
    )


def _measurements(chart: Chart) -> Iterator[Resource]:
    for number, row in enumerate(chart.rows.get("measurements", ())):
        yield {
            **_typed("Observation", chart.id("measurement", number)),
            "identifier": [_own(chart, "measurement", number)],
            "status": "final",
            "code": _concept(*row["code"]),
            "subject": chart.patient,
            "effectiveDateTime": str(row["date"]),
            "issued": _moment(row["date"]),
            "performer": [{"reference": chart.staff[row.get("by", "pell")].acts_as}],
            "valueQuantity": {
                "value": Digits(row["value"]),
                "unit": row["unit"],
                "system": "http://unitsofmeasure.org",
                "code": row["unit"],
            },
        }


def _consultations(chart: Chart) -> Iterator[Resource]:
    found = [_consultation(chart, day) for day in chart.rows.get("consultations", ())]
    yield from found
    yield _list_of(chart, "1149501000000101", "List of consultations", found)


def _consultation(chart: Chart, day: date) -> Resource:
    return {
        **_typed("Encounter", chart.id("consultation", day)),
        "identifier": [_own(chart, "consultation", day)],
        "status": "finished",
        "type": [_concept("325851000000107", "Consultation")],
        "subject": chart.patient,
        "period": {"start": _moment(day)},
    }


# --- how ------------------------------------------------------------------------------------------------


class Digits(str):
    """A number's digits, written without quotes by `json_text`: 14.10 stays 14.10."""

    __slots__ = ()


def _typed(resource_type: str, own: str, profile: str = "") -> Resource:
    return {
        "resourceType": resource_type,
        "id": own,
        "meta": {"versionId": "1", "profile": [f"{_PROFILE}{profile or resource_type}-1"]},
    }


def _list_of(chart: Chart, code: str, title: str, listed: Sequence[Resource]) -> Resource:
    system = "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1"
    entries = [{"item": {"reference": f"{r['resourceType']}/{r['id']}"}} for r in listed]
    return filled(
        **_typed("List", chart.id("list", code)),
        status="current",
        mode="snapshot",
        title=title,
        code=_concept(code, title),
        subject=chart.patient,
        date=chart.at.isoformat(),
        orderedBy={"coding": [_coding("event-date", "", "http://hl7.org/fhir/list-order")]},
        entry=entries,
        emptyReason={} if entries else {"coding": [_coding(_NO_CONTENT, "No Content Recorded", system)]},
    )


def _own(chart: Chart, *parts: object) -> Resource:
    return {"system": _OWN_NUMBERS, "value": chart.id("number", *parts)}


def _coding(code: str, display: str, system: str = _SNOMED) -> Resource:
    return filled(system=system, code=code, display=display)


def _concept(code: str, display: str) -> Resource:
    return {"coding": [_coding(code, display)]}


def _list(text: str) -> list[str]:
    return [text] if text else []


def _moment(day: date) -> str:
    return datetime.combine(day, time(10, 30), LONDON).isoformat()
