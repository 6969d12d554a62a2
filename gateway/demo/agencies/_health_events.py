"""What happened to a child, as the resources of child health events tell it (FHIR STU3).

https://developer.nhs.uk/apis/digitalchildhealth/
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from gateway.demo.agencies._event_parts import (
    NHS,
    OWN,
    SERVICES,
    Event,
    Folder,
    coding,
    encounter_type,
    moment,
    quantity,
    typed,
)
from gateway.demo.agencies._fhir import Resource, filled


def events(folder: Folder) -> list[Event]:
    """Everything that the trust has told about the child."""
    return [
        *_births(folder),
        *_screenings(folder),
        *_episodes(folder),
        *_contacts(folder),
        *_measurements(folder),
        *_vaccinations(folder),
        *_requirements(folder),
    ]


def practitioner(folder: Folder, key: str) -> Resource:
    worker = folder.workers[key]
    prefix, given, family = worker.name
    return filled(
        **typed("Practitioner", folder.id("worker", key)),
        identifier=[{"system": OWN, "value": worker.number}],
        name=[filled(family=family, given=[given] if given else [], prefix=[prefix] if prefix else [])],
        telecom=[{"system": "phone", "value": worker.telephone}],
    )


def _births(folder: Folder) -> Iterator[Event]:
    """The notification of a birth names the mother, if she is known, and weighs the child."""
    birth = folder.rows.get("birth")
    if birth is None:
        return
    day = folder.person.birth_date
    mother = folder.person.mother
    weight = _observation(folder, "birth weight", [coding("29463-7", "Body weight", "http://loinc.org"),
                                                   coding("364589006", "Birth weight")])  # fmt: skip
    weight["valueQuantity"] = quantity(str(birth["grams"]), "gram", "g")
    gestation = _observation(folder, "gestation", [coding("412726003", "Length of gestation at birth")])
    gestation["valueQuantity"] = quantity(birth["weeks"], "week", "wk")
    family = list(_mother(folder)) if mother else []
    told = {**typed("Communication", folder.id("birth")), "status": "completed"}
    told |= {"subject": folder.ref("mother") if mother else folder.patient, "sent": day.isoformat()}
    yield Event("pds-birth-notification-1", day, folder.id("birth"), (told, *family, weight, gestation))


def _mother(folder: Folder) -> Iterator[Resource]:
    mother = folder.person.mother
    if mother is not None:
        yield filled(
            **typed("Patient", folder.id("mother")),
            name=[{"use": "official", "family": mother.family, "given": list(mother.given)}],
            birthDate=mother.birth_date.isoformat() if mother.birth_date else "",
            link=[{"other": folder.ref("relationship"), "type": "seealso"}],
        )
        system = f"{NHS}CodeSystem/PersonRelationshipType-1"
        yield {
            **typed("RelatedPerson", folder.id("relationship")),
            "patient": folder.patient,
            "relationship": {"coding": [coding("12", "", system)]},
        }


def _screenings(folder: Folder) -> Iterator[Event]:
    for row in folder.rows.get("screenings", ()):
        code, kind = row["event"], row["code"]
        encounter = _encounter(folder, row, code, (kind, row["title"], ""))
        tests = [
            _procedure(folder, encounter["id"], row, n, test) for n, test in enumerate(row.get("tests", ()))
        ]
        found: list[Resource] = []
        if "result" in row:
            result = _observation(folder, code, [coding(*row["result"]["code"])], row["date"])
            context = {"reference": f"urn:uuid:{encounter['id']}"}
            found = [{**result, "context": context,
                      "valueCodeableConcept": {"coding": [coding(*row["result"]["value"])]}}]  # fmt: skip
        yield Event(code, row["date"], encounter["id"], (encounter, *tests, *found))
        if row.get("deleted"):
            gone = {name: encounter[name] for name in ("resourceType", "id", "meta", "identifier", "type")}
            gone["status"] = "entered-in-error"
            yield Event(code, row["date"], encounter["id"], (gone,), "delete", 90)


def _procedure(
    folder: Folder, encounter: str, row: Mapping[str, Any], number: int, test: Mapping[str, Any]
) -> Resource:
    return {
        **typed("Procedure", folder.id(row["event"], "test", number)),
        "status": "completed",
        "code": {"coding": [coding(*test["code"])]},
        "subject": folder.patient,
        "context": {"reference": f"urn:uuid:{encounter}"},
        "performedDateTime": moment(row["date"], 9),
        "outcome": {"coding": [coding(*test["outcome"])]},
    }


def _episodes(folder: Folder) -> Iterator[Event]:
    for row in folder.rows.get("episodes", ()):
        service, own = row["service"], folder.id("episode", row["service"], row["since"])
        team = folder.id("team", service, row["since"])
        worker = folder.workers[row["worker"]]
        episode = filled(
            **typed("EpisodeOfCare", own),
            identifier=[{"system": OWN, "value": own[:8]}],
            status="finished" if "until" in row else "active",
            type=[{"coding": [coding(*SERVICES[service])]}],
            patient=folder.patient,
            managingOrganization=folder.organisation,
            period=filled(
                start=moment(row["since"], 9), end=moment(row["until"], 17) if "until" in row else ""
            ),
            team=[{"reference": f"urn:uuid:{team}"}],
        )
        people = {
            **typed("CareTeam", team),
            "name": f"Northshire {service.replace('-', ' ')} team",
            "subject": folder.patient,
            "participant": [
                {
                    "role": filled(
                        coding=[coding(*worker.role)] if worker.role[0] else [], text=worker.role[1]
                    ),
                    "member": folder.ref("worker", row["worker"]),
                }
            ],
        }
        day = row.get("until", row["since"])
        told = (episode, people, practitioner(folder, row["worker"]))
        yield Event("professional-contacts-1", day, own, told, "update" if "until" in row else "new")


def _contacts(folder: Folder) -> Iterator[Event]:
    """Reviews and visits, with what the professional noted about them."""
    for row in folder.rows.get("contacts", ()):
        encounter = _encounter(folder, row, "contact", (row["code"], row["type"], row["title"]))
        told: list[Resource] = [encounter, practitioner(folder, row["worker"])]
        if "comment" in row:
            told.append(_comment(folder, row, encounter["id"]))
        yield Event("CH026", row["date"], encounter["id"], tuple(told))


def _encounter(folder: Folder, row: Mapping[str, Any], what: str, kind: tuple[str, str, str]) -> Resource:
    code, display, title = kind
    worker = row.get("worker")
    named = {"individual": folder.ref("worker", worker)} if worker else {}
    place = row.get("place", "AMB")
    return filled(
        **typed("Encounter", folder.id(what, row["date"], code)),
        identifier=[{"system": OWN, "value": folder.id(what, row["date"], code)[:8]}],
        status="cancelled" if "not_seen" in row else "finished",
        **{"class": {"system": "http://hl7.org/fhir/v3/ActCode", "code": place}},
        type=[filled(coding=[encounter_type(code, display)], text=title)],
        subject=folder.patient,
        participant=[named] if named else [],
        period={"start": row["date"].isoformat()},
        reason=[{"text": row["not_seen"]}] if "not_seen" in row else [],
        serviceProvider=folder.organisation,
    )


def _comment(folder: Folder, row: Mapping[str, Any], encounter: str) -> Resource:
    return {
        **typed("Communication", folder.id("comment", row["date"], row["code"])),
        "status": "completed",
        "subject": folder.patient,
        "context": {"reference": f"urn:uuid:{encounter}"},
        "sent": row["date"].isoformat(),
        "sender": folder.ref("worker", row["worker"]),
        "payload": [{"contentString": row["comment"]}],
    }


def _measurements(folder: Folder) -> Iterator[Event]:
    for number, row in enumerate(folder.rows.get("measurements", ())):
        found = _observation(folder, f"measurement {number}", [coding(*row["code"])], row["date"])
        found["valueQuantity"] = quantity(row["value"], row["unit"], row["unit"])
        yield Event("CH018", row["date"], found["id"], (found,))


def _vaccinations(folder: Folder) -> Iterator[Event]:
    for number, row in enumerate(folder.rows.get("vaccinations", ())):
        vaccine = _immunization(folder, number, row)
        yield Event("vaccinations-1", row["date"], vaccine["id"], (vaccine,))
        if "corrected_batch" in row:
            correct = {**vaccine, "lotNumber": row["corrected_batch"]}
            yield Event("vaccinations-1", row["date"], vaccine["id"], (correct,), "update", 30)
        if row.get("deleted"):
            gone = {**vaccine, "status": "entered-in-error"}
            yield Event("vaccinations-1", row["date"], vaccine["id"], (gone,), "delete", 60)


def _immunization(folder: Folder, number: int, row: Mapping[str, Any]) -> Resource:
    procedure = {
        "url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-VaccinationProcedure-1",
        "valueCodeableConcept": {"coding": [coding(*row["code"])]},
    }
    refused = "not_given" in row
    return filled(
        **typed("Immunization", folder.id("vaccination", number)),
        extension=[procedure],
        identifier=[{"system": OWN, "value": folder.id("vaccination", number)[:8]}],
        status="completed",
        notGiven=refused,
        vaccineCode={"text": row["vaccine"]},
        patient=folder.patient,
        date=row["date"].isoformat(),
        primarySource=True,
        lotNumber=row.get("batch", ""),
        explanation={"reasonNotGiven": [{"text": row["not_given"]}]} if refused else {},
    )


def _requirements(folder: Folder) -> Iterator[Event]:
    """What helps the child, told to a professional."""
    for row in folder.rows.get("helps", ()):
        answers = [
            {"linkId": f"communicationSupport.{n}", "answer": [{"valueString": line}]}
            for n, line in enumerate(row["lines"], 1)
        ]
        form = {
            **typed("QuestionnaireResponse", folder.id("helps", row["date"])),
            "status": "completed",
            "subject": folder.patient,
            "authored": row["date"].isoformat(),
            "author": folder.ref("worker", row["worker"]),
            "item": answers,
        }
        yield Event("CH016", row["date"], form["id"], (form, practitioner(folder, row["worker"])))


def _observation(folder: Folder, what: str, codes: list[Resource], day: date | None = None) -> Resource:
    return filled(
        **typed("Observation", folder.id("observation", what, day)),
        status="final",
        code={"coding": codes},
        subject=folder.patient,
        effectiveDateTime=day.isoformat() if day else "",
    )
