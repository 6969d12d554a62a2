"""Child health event messages of a community trust, as the national event service carries them (STU3).

https://developer.nhs.uk/apis/ems-beta/
"""

from gateway.demo.agencies._event_parts import NHS, Event, Folder, coding, moment, typed
from gateway.demo.agencies._fhir import NHS_NUMBER, ODS, Resource, filled, resource_id
from gateway.demo.agencies._health_events import events

_EVENTS = {
    "professional-contacts-1": "Professional Contacts",
    "newborn-hearing-1": "Newborn Hearing",
    "blood-spot-test-outcome-1": "Blood Spot Test Outcome",
    "vaccinations-1": "Vaccinations",
    "pds-birth-notification-1": "PDS Birth Notification",
    "CH016": "Individual Requirements",
    "CH018": "Measurements",
    "CH026": "Professional Comment",
}


def messages(folder: Folder) -> list[Resource]:
    """The child's messages, newest first."""
    made = [_message(folder, number, event) for number, event in enumerate(events(folder))]
    return sorted(made, key=lambda m: str(m["meta"]["lastUpdated"]), reverse=True)


def _message(folder: Folder, number: int, event: Event) -> Resource:
    own = folder.id("message", number)
    at = moment(event.day, 18, event.later)
    short = event.action == "delete" and event.code in ("newborn-hearing-1", "blood-spot-test-outcome-1")
    about = () if short else (_patient(folder),)
    entries = [_header(folder, event, own, at), _organisation(folder), *about, *event.resources]
    return {
        "resourceType": "Bundle",
        "id": own,
        "meta": {"lastUpdated": at, "profile": ["http://hl7.org/fhir/STU3/StructureDefinition/Bundle"]},
        "type": "message",
        "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in entries],
    }


def _header(folder: Folder, event: Event, own: str, at: str) -> Resource:
    person = folder.person
    kind = coding(
        event.action, f"{event.action.capitalize()} event message", f"{NHS}CodeSystem/MessageEventType-1"
    )
    routing = [
        {"url": "nhsNumber", "valueIdentifier": {"system": NHS_NUMBER, "value": person.nhs_number}},
        {
            "url": "name",
            "valueHumanName": {"use": "official", "family": person.family, "given": list(person.given)},
        },
        {"url": "birthDateTime", "valueDateTime": person.birth_date.isoformat()},
    ]
    return {
        "resourceType": "MessageHeader",
        "id": resource_id(own, "header"),
        "meta": {"lastUpdated": at, "profile": [f"{NHS}StructureDefinition/Event-MessageHeader-1"]},
        "extension": [
            {"url": f"{NHS}StructureDefinition/Extension-RoutingDemographics-1", "extension": routing},
            {
                "url": f"{NHS}StructureDefinition/Extension-MessageEventType-1",
                "valueCodeableConcept": {"coding": [kind]},
            },
        ],
        "event": coding(event.code, _EVENTS[event.code], f"{NHS}CodeSystem/EventType-1"),
        "timestamp": at,
        "source": {
            "contact": {"system": "phone", "value": folder.trust.telephone},
            "endpoint": "urn:nhs:addressing:asid:300000000999",
        },
        "responsible": folder.organisation,
        "focus": [{"reference": f"urn:uuid:{event.focus}"}],
    }


def _organisation(folder: Folder) -> Resource:
    trust = folder.trust
    return {
        **typed("Organization", folder.id("trust")),
        "identifier": [{"system": ODS, "value": trust.value}],
        "name": trust.name,
        "telecom": [{"system": "phone", "value": trust.telephone}],
    }


def _patient(folder: Folder) -> Resource:
    person = folder.person
    system = "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1"
    status = {
        "url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1",
        "valueCodeableConcept": {"coding": [coding("01", "Number present and verified", system)]},
    }
    number = [{"extension": [status], "system": NHS_NUMBER, "value": person.nhs_number}]
    lives = person.address
    return filled(
        **typed("Patient", folder.id("patient")),
        identifier=number if person.nhs_number else [],
        name=[{"use": "official", "family": person.family, "given": list(person.given)}],
        gender={"F": "female", "M": "male"}.get(person.sex, "unknown"),
        birthDate=person.birth_date.isoformat(),
        deceasedDateTime=person.died.isoformat() if person.died else None,
        address=[filled(use="home", line=list(lives.lines), city=lives.city, postalCode=lives.postcode)],
    )
