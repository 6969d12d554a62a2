"""The made-up population: numbers, families, and the untidiness of real records."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.demo.numbers import PupilNumbers, nhs_check_digit, upn
from gateway.demo.population import population, school_year
from gateway.demo.region import scenario_children
from gateway.demo.world import CLOCK_START, Person, local_number

SCENARIO = {child.key for child in scenario_children()}
TODAY = CLOCK_START.date()


@pytest.fixture(scope="module")
def thousands() -> tuple[Person, ...]:
    return population(4000, seed=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(count=st.integers(0, 300), seed=st.integers(0, 10**9))
def test_every_number_is_valid_in_the_test_range_unique_and_nobodys_in_the_scenarios(
    count: int, seed: int
) -> None:
    people = population(count, seed)
    numbers = [person.nhs_number for person in people if person.nhs_number]

    assert len([person for person in people if not person.superseded_by]) == count
    assert all(number.startswith("999") and len(number) == 10 for number in numbers)
    assert all(nhs_check_digit(number[:9]) == int(number[9]) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert not SCENARIO & set(numbers)
    assert len({person.key for person in people}) == len(people)


@settings(max_examples=10, deadline=None)
@given(count=st.integers(0, 120), seed=st.integers(0, 10**9))
def test_the_same_seed_makes_the_same_children(count: int, seed: int) -> None:
    assert population(count, seed) == population(count, seed)


def test_the_same_seed_makes_the_same_children_in_another_process() -> None:
    program = (
        "import hashlib; from gateway.demo.population import population; "
        "print(hashlib.sha256(repr([(p.key, p.family, sorted(p.known_to), sorted(p.situation.items()),"
        " sorted((s, sorted(d)) for s, d in p.differences.items())) for p in population(300)])"
        ".encode()).hexdigest())"
    )
    # Python orders sets of texts differently in each process
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(said) == 1


def test_another_seed_makes_other_children() -> None:
    assert {p.family + p.key for p in population(50, 1)}.isdisjoint(
        p.family + p.key for p in population(50, 2)
    )


def test_nobody_has_left_childhood_and_nobody_is_yet_to_be_born(thousands: tuple[Person, ...]) -> None:
    assert {person.age(TODAY) for person in thousands} == set(range(18))
    assert max(person.birth_date for person in thousands) < TODAY


def test_siblings_know_each_other_and_share_an_address(thousands: tuple[Person, ...]) -> None:
    by_key = {person.key: person for person in thousands}
    pairs = [(person, by_key[key]) for person in thousands for key in person.siblings]

    assert len(pairs) > 1000
    assert all(one.key in other.siblings for one, other in pairs)
    assert all(
        one.address == other.address
        for one, other in pairs
        if "looked-after" not in {*one.situation, *other.situation}
    )


def test_some_siblings_are_twins(thousands: tuple[Person, ...]) -> None:
    by_key = {person.key: person for person in thousands}
    twins = [p for p in thousands if any(by_key[key].birth_date == p.birth_date for key in p.siblings)]

    assert 10 < len(twins) < 400


def test_some_children_have_moved_and_some_from_another_area(thousands: tuple[Person, ...]) -> None:
    moved = [person for person in thousands if person.former_addresses]

    assert 0.05 < len(moved) / len(thousands) < 0.3
    assert any(person.former_addresses[0].area != person.area for person in moved)


def test_agencies_spell_names_differently_and_some_lack_the_number(thousands: tuple[Person, ...]) -> None:
    held = Counter(name for person in thousands for other in person.differences.values() for name in other)

    assert {"family", "given", "birth_date", "address", "nhs_number"} <= held.keys()
    assert all("pds" not in person.differences for person in thousands)


def test_an_agency_knows_a_child_as_it_holds_them() -> None:
    person = next(p for p in population(500) if any("family" in d for d in p.differences.values()))
    source, held = next((s, d) for s, d in person.differences.items() if "family" in d)

    assert person.at(source).family == held["family"]
    assert person.at("pds") == person


def test_a_few_children_have_no_number_at_all_and_the_identity_service_does_not_know_them(
    thousands: tuple[Person, ...],
) -> None:
    without = [person for person in thousands if not person.nhs_number]

    assert 10 < len(without) < 100
    assert all("pds" not in person.known_to and person.key.startswith("none-") for person in without)


def test_a_merged_number_leads_to_a_child_and_only_the_identity_service_knows_it(
    thousands: tuple[Person, ...],
) -> None:
    merged = [person for person in thousands if person.superseded_by]
    numbers = {person.nhs_number for person in thousands if not person.superseded_by}

    assert merged
    assert all(person.superseded_by in numbers and person.known_to == {"pds"} for person in merged)


def test_what_goes_on_in_a_childs_life_began_after_the_birth(thousands: tuple[Person, ...]) -> None:
    assert all(
        person.birth_date <= since <= TODAY for person in thousands for since in person.situation.values()
    )


def test_agencies_know_the_children_whom_they_must(thousands: tuple[Person, ...]) -> None:
    for person in thousands:
        if person.superseded_by:
            continue
        assert (person.school == "hill-road-school") == ("hill-road-school" in person.known_to)
        assert (person.gp == "millbrook-gp") == ("millbrook-gp" in person.known_to)
        if "child-protection" in person.situation and person.nhs_number:
            assert "cp-is" in person.known_to
        if "child-protection" in person.situation and person.area == "northtown":
            assert "northtown-csc" in person.known_to


def test_every_pupil_number_is_valid_and_given_once(thousands: tuple[Person, ...]) -> None:
    numbers = [person.upn for person in thousands if person.upn]

    assert all(number == upn(number[1:]) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert not {child.upn for child in scenario_children()} & set(numbers)


def test_a_school_that_has_used_up_its_numbers_of_a_year_goes_on_under_the_next_code() -> None:
    pupils = PupilNumbers()
    numbers = [pupils.next("901", 2101, 2021) for _ in range(1001)]

    assert len(set(numbers)) == 1001
    assert numbers[998][1:] == "901210121999" and numbers[999][1:] == "901210221001"


@pytest.mark.parametrize(
    ("born", "year"),
    [
        (date(2017, 6, 2), 5),
        (date(2022, 8, 31), 0),
        (date(2022, 9, 1), -1),
        (date(2009, 4, 30), 13),
        (date(2009, 9, 1), 12),
    ],
)
def test_a_school_year_goes_from_september_to_august(born: date, year: int) -> None:
    assert school_year(born, TODAY) == year


def test_each_agency_has_its_own_number_for_each_child(thousands: tuple[Person, ...]) -> None:
    numbers = {local_number("northtown-csc", person) for person in thousands}

    assert len(numbers) == len(thousands)
    assert all(number.isdigit() and 2_000_000 <= int(number) < 10_000_000 for number in numbers)
    assert local_number("northtown-csc", thousands[0]) != local_number("northshire-police", thousands[0])


def test_ten_thousand_children_are_made_without_a_coffee() -> None:
    assert len(population(10_000)) >= 10_000
