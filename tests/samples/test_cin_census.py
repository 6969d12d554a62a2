"""Every child and field of the published census files: mapped, or not, and then why.

https://github.com/data-to-insight/csc-validator-be-cin (fake data of its authors)
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from connectors.base import Query, Record
from connectors.connect import Connected, connect
from connectors.system import Endpoint
from connectors.tree import tree
from tests.samples.accounting import Account, account
from tests.systems.asking import SYSTEMS

pytestmark = pytest.mark.samples

SYSTEM = SYSTEMS["cin-census"]
FILES = {
    "fake_CIN_data.dev.xml": 235,
    "CIN_Census_2024.xml": 2,
    "CIN_Census_2021.xml": 1,
    "CIN2rows.xml": 1,
    "CIN_la_issues_2887Q.xml": 1,
    "BAR_cin_2022.xml": 1,
}


def children(file: Path) -> list[dict[str, Any]]:
    return [tree(child) for child in etree.parse(file).getroot().iter("{*}Child")]


def census(file: Path) -> Account:
    found = Account()
    for child in children(file):
        account(SYSTEM, "person", child, found)
    return found


@pytest.mark.parametrize(("name", "count"), FILES.items())
def test_every_child_of_a_file_becomes_a_patient(samples: Path, name: str, count: int) -> None:
    found = census(samples / "csc_cin_census" / name)

    assert (found.records["person"], found.made["identity"]) == (count, count)


@pytest.mark.parametrize("name", FILES)
def test_nothing_in_a_file_is_dropped_without_a_reason(samples: Path, name: str) -> None:
    found = census(samples / "csc_cin_census" / name)

    assert (dict(found.unexplained), found.faulty, dict(found.refused)) == ({}, [], {})


def test_the_large_file_is_accounted_for_to_the_last_record(samples: Path) -> None:
    found = census(samples / "csc_cin_census" / "fake_CIN_data.dev.xml")

    assert found.records == {"person": 235, "cin_episode": 284, "disability": 78}
    assert found.made == {
        "identity": 235,
        "referral": 284,
        "social-care-outcome": 284,
        "initial-conference": 252,
        "disability": 78,
    }
    # every referral of that file says that nothing was done about it, so none began an episode
    why = "cin-census/cin-episode is not made of this record"
    assert found.not_mapped == {("cin_episode", "ReasonForClosure", why): 183}
    assert found.noted == {("ChildIdentifiers.UPN", "a UPN whose check letter is wrong"): 225}


def test_a_code_that_no_list_knows_is_counted_and_kept_as_text(samples: Path) -> None:
    found = census(samples / "csc_cin_census" / "CIN_Census_2024.xml")

    assert found.codes == {("assessment-factor", "RB"): 1}


def test_an_element_that_nobody_has_thought_of_would_be_found(samples: Path) -> None:
    (child,) = children(samples / "csc_cin_census" / "CIN2rows.xml")
    child["CINdetails"]["Novelty"] = "x"

    found = Account()
    account(SYSTEM, "person", child, found)

    assert found.unexplained == {("cin_episode", "Novelty"): 1}


async def test_each_child_is_found_in_the_file_by_the_councils_own_number(samples: Path) -> None:
    file = samples / "csc_cin_census" / "fake_CIN_data.dev.xml"
    connector = connect(SYSTEM, Endpoint("sample", f"file://{file}", hash_key=b"0" * 32))
    try:
        numbers = [child["ChildIdentifiers"]["LAchildID"] for child in children(file)]
        found = [await _records(connector, local=number) for number in numbers]
    finally:
        await connector.close()

    assert Counter(record.kind for records in found for record in records) == {
        "person": 235,
        "cin_episode": 284,
        "disability": 78,
    }


async def _records(connector: Connected, **person: str) -> list[Record]:
    return [record async for record in connector.fetch(Query("person", person))]
