"""Every message, resource and field of the published child health events: mapped, or not, and then why.

https://github.com/nhsconnect/Events-Management (examples of NHS England)
"""

from collections import Counter
from pathlib import Path

import pytest

from connectors.bundles import linked, settled
from connectors.fhir_xml import resource
from connectors.xml import parse_xml
from tests.samples.accounting import Account, Raw, account
from tests.systems.asking import SYSTEMS

pytestmark = pytest.mark.samples

SYSTEM = SYSTEMS["child-health-events"]


def messages(samples: Path) -> dict[str, Raw]:
    files = sorted((samples / "health_child_health_events").glob("*.xml"))
    return {file.stem: resource(parse_xml(file.read_bytes()), "stu3") for file in files}


def event(message: Raw) -> str:
    return str(message["entry"][0]["resource"]["event"]["code"])


def everything(found: dict[str, Raw]) -> Account:
    """What becomes of each message as if it were the only one: deletions and replaced ones too."""
    whole = Account()
    for message in found.values():
        linked(SYSTEM, "message", message)
        account(SYSTEM, "message", {"resourceType": "Bundle", "entry": [{"resource": message}]}, whole)
    return whole


def test_there_are_seventeen_messages(samples: Path) -> None:
    assert len(messages(samples)) == 17


def test_nothing_in_a_message_is_dropped_without_a_reason(samples: Path) -> None:
    found = everything(messages(samples))

    assert (dict(found.unexplained), found.faulty, dict(found.refused)) == ({}, [], {})


def test_every_resource_of_every_message_is_a_record(samples: Path) -> None:
    found = messages(samples)
    resources = sum(len(message["entry"]) for message in found.values())

    assert sum(everything(found).records.values()) == resources


def test_a_message_is_replaced_by_a_later_one_about_the_same_and_taken_back_by_a_deletion(
    samples: Path,
) -> None:
    found = messages(samples)
    kept = settled(SYSTEM.kinds["message"], found.values())

    assert Counter(map(event, found.values())) == {
        "blood-spot-test-outcome-1": 3,
        "newborn-hearing-1": 3,
        "vaccinations-1": 3,
        "professional-contacts-1": 2,
        "pds-birth-notification-1": 1,
        "pds-change-of-address-1": 1,
        "pds-death-notification-1": 3,
        "pds-record-change-1": 1,
    }
    # the update of a hearing test calls itself new: what it is about tells that it is none
    assert Counter(map(event, kept)) == {
        "pds-birth-notification-1": 1,
        "pds-change-of-address-1": 1,
        "pds-death-notification-1": 2,
        "pds-record-change-1": 1,
    }


@pytest.mark.parametrize("name", ["newborn-hearing-1", "blood-spot-test-outcome-1", "vaccinations-1"])
def test_without_its_deletion_the_newest_message_stands(samples: Path, name: str) -> None:
    found = {stem: message for stem, message in messages(samples).items() if name in stem}
    del found[f"{name}-delete"]

    assert settled(SYSTEM.kinds["message"], found.values()) == [found[f"{name}-update"]]


def test_the_blood_spot_tests_become_eleven_procedures(samples: Path) -> None:
    found = everything({"one": messages(samples)["blood-spot-test-outcome-1-new"]})

    assert found.made == {
        "organization": 1,
        "identity": 1,
        "screening": 11,
        "screening-report": 1,
        "health-review": 1,
        "location": 1,
    }


def test_a_birth_notification_tells_weight_and_gestation_and_leaves_the_mothers_part(samples: Path) -> None:
    found = everything({"one": messages(samples)["BirthNotificationWithMother"]})

    assert found.made["measurement"] == 1
    assert found.made["clinical-finding"] == 2
    assert found.made["related-person"] == 1
    assert found.nothing_made["mothers_observation", "about the mother: how many children were born"] == 1
