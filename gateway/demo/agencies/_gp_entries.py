"""The clinical entries of a practice's structured record (FHIR STU3): each list, and what it lists.

https://developer.nhs.uk/apis/gpconnect-1-6-0/accessrecord_structured.html
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from gateway.demo.agencies._fhir import Resource, filled
from gateway.demo.agencies._gp_chart import (
    CARECONNECT,
    EXTENSION,
    Chart,
    Digits,
    coding,
    concept,
    list_of,
    moment,
    own,
    typed,
)

# the sentence that GP Connect prescribes for a practice that has recorded nothing about allergies
_NO_ALLERGIES = (
    "There are no allergies in the patient record but it has not been confirmed with the patient that "
    "they have no allergies (that is, a ‘no known allergies’ code has not been recorded)."
)


def allergies(chart: Chart) -> Iterator[Resource]:
    known = [_allergy(chart, number, row) for number, row in enumerate(chart.rows.get("allergies", ()))]
    active = [a for a in known if a["clinicalStatus"] == "active"]
    ended = [a for a in known if a["clinicalStatus"] != "active"]
    empty = {} if active else {"note": [{"text": _NO_ALLERGIES}]}
    yield {**list_of(chart, "886921000000105", "Allergies and adverse reactions", active), **empty}
    yield from active
    if ended:
        contained = [{**allergy, "id": f"ended-{n}"} for n, allergy in enumerate(ended, 1)]
        ended_list = list_of(chart, "1103671000000101", "Ended allergies", ())
        entries = [{"item": {"reference": f"#{allergy['id']}"}} for allergy in contained]
        ended_list.pop("emptyReason")
        yield {**ended_list, "contained": contained, "entry": entries}


def _allergy(chart: Chart, number: int, row: Mapping[str, Any]) -> Resource:
    end = [
        filled(url="endDate", valueDateTime=str(row.get("ended", ""))),
        filled(url="reasonEnded", valueString=row.get("reason_ended", "")),
    ]
    reaction = filled(
        manifestation=[concept(*row["reaction"])] if "reaction" in row else [],
        severity=row.get("severity", ""),
    )
    return filled(
        **typed("AllergyIntolerance", chart.id("allergy", number)),
        extension=[{"url": f"{EXTENSION}AllergyIntoleranceEnd-1", "extension": end}]
        if "ended" in row
        else [],
        identifier=[own(chart, "allergy", number)],
        clinicalStatus="resolved" if "ended" in row else "active",
        verificationStatus="unconfirmed",
        type="allergy",
        category=[row.get("category", "medication")],
        criticality=row.get("criticality", ""),
        code=concept(*row["code"]),
        patient=chart.patient,
        assertedDate=moment(row["date"]),
        recorder={"reference": chart.staff[chart.rows["gp"]].acts_as},
        reaction=[reaction] if reaction else [],
    )


def medications(chart: Chart) -> Iterator[Resource]:
    statements = []
    for number, row in enumerate(chart.rows.get("medications", ())):
        medicine = typed("Medication", chart.id("medicine", number)) | {"code": concept(*row["code"])}
        statement = _statement(chart, number, row, medicine["id"])
        statements.append(statement)
        yield medicine
        yield statement
    yield list_of(chart, "933361000000108", "Medications and medical devices", statements)


def _statement(chart: Chart, number: int, row: Mapping[str, Any], medicine: str) -> Resource:
    agency = coding(
        "prescribed-at-gp-practice",
        "Prescribed at GP practice",
        "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PrescribingAgency-1",
    )
    last = {"url": f"{EXTENSION}MedicationStatementLastIssueDate-1", "valueDateTime": str(row["last_issue"])}
    by = {"url": f"{EXTENSION}PrescribingAgency-1", "valueCodeableConcept": {"coding": [agency]}}
    return filled(
        **typed("MedicationStatement", chart.id("medication", number)),
        extension=[last, by],
        identifier=[own(chart, "medication", number)],
        status="completed" if "ended" in row else "active",
        medicationReference={"reference": f"Medication/{medicine}"},
        effectivePeriod=filled(start=str(row["date"]), end=str(row.get("ended", ""))),
        dateAsserted=moment(row["date"]),
        subject=chart.patient,
        taken="unk",
        dosage=[{"text": row["dose"]}],
    )


def problems(chart: Chart) -> Iterator[Resource]:
    found = [_problem(chart, number, row) for number, row in enumerate(chart.rows.get("problems", ()))]
    yield from found
    yield list_of(chart, "717711000000103", "Problems", found)


def _problem(chart: Chart, number: int, row: Mapping[str, Any]) -> Resource:
    system = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ConditionCategory-1"
    return filled(
        **typed("Condition", chart.id("problem", number), "ProblemHeader-Condition"),
        extension=[{"url": f"{CARECONNECT}ProblemSignificance-1", "valueCode": row.get("rank", "major")}],
        identifier=[own(chart, "problem", number)],
        clinicalStatus="inactive" if "ended" in row else "active",
        category=[{"coding": [coding("problem-list-item", "Problem List Item", system)]}],
        code=concept(*row["code"]),
        subject=chart.patient,
        onsetDateTime=str(row["date"]),
        abatementDateTime=str(row.get("ended", "")),
        assertedDate=moment(row["date"]),
        asserter={"reference": chart.staff[chart.rows["gp"]].practitioner},
    )


def immunisations(chart: Chart) -> Iterator[Resource]:
    found = [_immunisation(chart, n, row) for n, row in enumerate(chart.rows.get("immunisations", ()))]
    yield from found
    yield list_of(chart, "1102181000000102", "Immunisations", found)


def _immunisation(chart: Chart, number: int, row: Mapping[str, Any]) -> Resource:
    procedure = {
        "url": f"{CARECONNECT}VaccinationProcedure-1",
        "valueCodeableConcept": {"coding": [coding(*row["code"])]},
    }
    recorded = {"url": f"{CARECONNECT}DateRecorded-1", "valueDateTime": moment(row["date"])}
    parent = {"url": f"{CARECONNECT}ParentPresent-1", "valueBoolean": row.get("parent_present")}
    refused = "not_given" in row
    return filled(
        **typed("Immunization", chart.id("immunisation", number)),
        extension=[procedure, recorded, *([parent] if "parent_present" in row else [])],
        identifier=[own(chart, "immunisation", number)],
        status="completed",
        notGiven=refused,
        vaccineCode={
            "coding": [coding("UNK", "unknown", "http://hl7.org/fhir/v3/NullFlavor")],
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


def measurements(chart: Chart) -> Iterator[Resource]:
    for number, row in enumerate(chart.rows.get("measurements", ())):
        yield {
            **typed("Observation", chart.id("measurement", number)),
            "identifier": [own(chart, "measurement", number)],
            "status": "final",
            "code": concept(*row["code"]),
            "subject": chart.patient,
            "effectiveDateTime": str(row["date"]),
            "issued": moment(row["date"]),
            "performer": [{"reference": chart.staff[row.get("by", "pell")].acts_as}],
            "valueQuantity": {
                "value": Digits(row["value"]),
                "unit": row["unit"],
                "system": "http://unitsofmeasure.org",
                "code": row["unit"],
            },
        }


def consultations(chart: Chart) -> Iterator[Resource]:
    found = [_consultation(chart, day) for day in chart.rows.get("consultations", ())]
    yield from found
    yield list_of(chart, "1149501000000101", "List of consultations", found)


def _consultation(chart: Chart, day: date) -> Resource:
    return {
        **typed("Encounter", chart.id("consultation", day)),
        "identifier": [own(chart, "consultation", day)],
        "status": "finished",
        "type": [concept("325851000000107", "Consultation")],
        "subject": chart.patient,
        "period": {"start": moment(day)},
    }
