"""Every resource and field of GP Connect's published answers: mapped, or not, and then why.

https://github.com/nhsconnect/gpconnect (examples of NHS England, some wrapped in a template's tags)
"""

import re
from pathlib import Path

import pytest

from connectors.bundles import linked
from connectors.json import parse_json
from tests.samples.accounting import Account, Raw, account
from tests.systems.asking import SYSTEMS

pytestmark = pytest.mark.samples

SYSTEM = SYSTEMS["gp-connect"]
STRUCTURED = (
    "allergies_response1",
    "allergies_response2",
    "allergies_response3",
    "consultations_forwards_response1",
    "meds_response",
)
OTHERS = (
    "find_organization_response_example",
    "find_patient_response_example",
    "find_practitioner_response_example",
    "read_location_response_example",
    "read_organization_response_example",
    "read_patient_response_example",
    "register_patient_response_example",
)


def answer(samples: Path, name: str) -> Raw:
    """A published answer as one Bundle; a resource read alone stands in a Bundle of one."""
    text = (samples / "health_gpconnect_stu3" / "gpconnect_spec" / f"{name}.json").read_text(encoding="utf-8")
    found: Raw = parse_json(re.sub(r"{%.*?%}", "", text).encode())
    return found if found["resourceType"] == "Bundle" else {"entry": [{"resource": found}]}


def becomes(samples: Path, name: str) -> Account:
    found = Account()
    account(SYSTEM, "record", linked(SYSTEM, "record", answer(samples, name)), found)
    return found


@pytest.mark.parametrize("name", (*STRUCTURED, *OTHERS))
def test_nothing_in_an_answer_is_dropped_without_a_reason(samples: Path, name: str) -> None:
    found = becomes(samples, name)

    assert (dict(found.unexplained), found.faulty, dict(found.refused)) == ({}, [], {})


@pytest.mark.parametrize("name", (*STRUCTURED, *OTHERS))
def test_every_resource_of_an_answer_is_a_record(samples: Path, name: str) -> None:
    entries = answer(samples, name)["entry"]
    contained = sum(len(entry["resource"].get("contained", ())) for entry in entries)

    assert sum(becomes(samples, name).records.values()) == len(entries) + contained


def test_allergies_active_and_ended_are_all_told(samples: Path) -> None:
    found = becomes(samples, "allergies_response1")

    assert (found.records["allergy"], found.records["ended_allergy"], found.made["allergy"]) == (3, 1, 4)


def test_an_empty_list_is_told_as_an_empty_list(samples: Path) -> None:
    found = becomes(samples, "allergies_response3")

    assert (found.made["allergy-list"], found.made["allergy"]) == (1, 0)


def test_medicines_are_told_once_without_the_prescriptions_behind_them(samples: Path) -> None:
    found = becomes(samples, "meds_response")

    assert found.made["medication"] == 2
    assert [count for (kind, _), count in found.nothing_made.items() if kind == "prescription"] == [5]
