"""The scenario children and the demo's users are complete and agree with each other."""

import re

import pytest

from gateway.demo.numbers import nhs_check_digit, upn
from gateway.demo.region import facts, organisations, planned_sources, region, scenario_children
from gateway.demo.users import UnknownUser, claims, organisation_of, users
from gateway.demo.world import Address, Carer

CHILDREN = {child.key: child for child in scenario_children()}
DRAMA = re.compile(r"01632 960\d{3}")


def test_every_child_of_the_scenarios_is_there_under_the_number_of_the_scenario() -> None:
    names = {child.nhs_number: f"{child.given[0]} {child.family}" for child in CHILDREN.values()}

    assert names == {
        "9990001375": "Maya OAKLEY",
        "9990002746": "Jordan ASHWORTH",
        "9990004110": "Amara OKORO",
        "9990004188": "Amarachi OKORO",
        "9990005486": "Priya NAIR",
        "9990006857": "Leo HARGREAVES",
        "9990008221": "Callum DRAYTON",
        "9990009597": "Ella MARSH",
        "9990012334": "Noah BRIGHT",
    }


@pytest.mark.parametrize("number", CHILDREN)
def test_a_scenario_child_has_valid_numbers_a_home_that_does_not_exist_and_known_agencies(
    number: str,
) -> None:
    child = CHILDREN[number]

    assert nhs_check_digit(number[:9]) == int(number[9])
    assert not child.upn or child.upn == upn(child.upn[1:])
    assert all(home.postcode.startswith("NS") for home in _homes(child.address, child.carers))
    assert child.known_to <= {source["id"] for source in planned_sources()}
    assert {child.gp, child.school} - {""} <= organisations().keys()


def _homes(own: Address, carers: tuple[Carer, ...]) -> list[Address]:
    return [own, *(carer.address for carer in carers if carer.address is not None)]


def test_ages_are_those_of_the_scenarios() -> None:
    today = region().today.date()

    assert {number: child.age(today) for number, child in CHILDREN.items()} == {
        "9990001375": 4,
        "9990002746": 9,
        "9990004110": 0,
        "9990004188": 0,
        "9990005486": 17,
        "9990006857": 6,
        "9990008221": 6,
        "9990009597": 15,
        "9990012334": 0,
    }


def test_nothing_connects_the_number_before_an_adoption_with_the_one_after() -> None:
    before, after = CHILDREN["9990008221"], CHILDREN["9990006857"]

    assert before.invalidated and not before.superseded_by
    assert not {before.key, before.family} & {after.family, after.former_family, *after.siblings}
    assert not {home.postcode for home in _homes(before.address, before.carers)} & {
        home.postcode for home in _homes(after.address, after.carers)
    }


def test_every_telephone_number_is_from_the_range_kept_for_drama() -> None:
    numbers = [
        *(carer.telephone for child in CHILDREN.values() for carer in child.carers),
        *(child.telephone for child in CHILDREN.values()),
        *(user.telephone for user in users()),
        *(place.telephone for place in organisations().values()),
        *(place.out_of_hours for place in organisations().values()),
    ]

    assert [number for number in numbers if number and not DRAMA.fullmatch(number)] == []


def test_every_demo_user_works_at_an_organisation_and_has_a_role_that_the_policy_knows() -> None:
    roles = {user.role for user in users()}

    assert len(users()) == 22
    assert all(organisation_of(user).value for user in users())
    assert {"ed-clinician", "gp", "mash", "case-system", "young-person", "parent"} <= roles


def test_a_token_for_dr_sen_says_where_she_works_and_that_nothing_was_scheduled() -> None:
    assert claims("dr.sen", "emergency-care") == {
        "sub": "dr.sen",
        "name": "Dr R. Sen",
        "role": "ed-clinician",
        "job": "ED registrar",
        "org_system": "https://fhir.nhs.uk/Id/ods-organization-code",
        "org": "DEMO1",
        "org_name": "Northtown General Hospital",
        "purpose_of_use": "emergency-care",
        "person": True,
        "unscheduled": True,
        "source": "northtown-general",
        "local_ids": ["NGH-4471"],
    }


def test_what_a_rule_demands_besides_stands_in_the_token() -> None:
    said = claims(
        "j.patel",
        "s47-enquiry",
        scheduled=True,
        reason="strategy discussion",
        told="no",
        break_glass="vital-interests",
    )

    assert (said["unscheduled"], said["reason"], said["told_family"], said["break_glass"]) == (
        False,
        "strategy discussion",
        "no",
        "vital-interests",
    )


def test_a_user_whom_nobody_knows_gets_no_token() -> None:
    with pytest.raises(UnknownUser, match="there is no demo user"):
        claims("dr.no", "direct-care")


@pytest.mark.parametrize("source", [source["id"] for source in planned_sources()])
def test_facts_are_written_down_for_scenario_children_only(source: str) -> None:
    assert facts(source).keys() <= CHILDREN.keys()


def test_a_child_prints_without_a_name() -> None:
    assert repr(CHILDREN["9990001375"]) == "<Person 0 scenario=A>"
    assert "OAKLEY" not in repr(region())
