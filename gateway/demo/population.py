"""A made-up population beside the scenario children: families, siblings, twins, moves, untidy records.

The same seed gives the same children. No number is one of a scenario child or outside the 999 test range.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from gateway.demo.household import Household, address, household, plan, situations, telephone, weighted
from gateway.demo.numbers import PupilNumbers, nhs_numbers
from gateway.demo.region import scenario_children
from gateway.demo.spelling import differences
from gateway.demo.world import CLOCK_START, Address, Carer, Person

WITHOUT_NUMBER = 0.01  # a child new to the country or just born, with no NHS number yet
MERGED = 0.005  # a child who once had two NHS numbers
SOCIAL_CARE = {"child-protection", "child-protection-ended", "child-in-need", "looked-after"}
CP_IS = {"child-protection", "child-protection-ended", "looked-after"}
CONNECTED = {"northtown-csc", "southwold-csc"}
POLICE = {"domestic-abuse", "missing", "exploitation"}


def population(count: int, seed: int = 1, today: datetime = CLOCK_START) -> tuple[Person, ...]:
    """`count` children, and after them a record for each number that was merged into another."""
    rng = random.Random(seed)
    scenario = scenario_children()
    makes = _Children(rng, seed, today.date(), scenario)
    children: list[Person] = []
    while len(children) < count:
        children += makes.siblings(household(rng, today.date()), count - len(children))
    old = [makes.old_number_of(child) for child in children if child.nhs_number and rng.random() < MERGED]
    replaced = {record.superseded_by: record.nhs_number for record in old}
    return (*(_with_old_number(child, replaced.get(child.key)) for child in children), *old)


def _with_old_number(child: Person, old: str | None) -> Person:
    """The child, whom the hospital, if it knows them, still holds under the number before the merge."""
    if old is None or "northtown-general" not in child.known_to:
        return child
    held = {**child.differences.get("northtown-general", {}), "nhs_number": old}
    return replace(child, differences={**child.differences, "northtown-general": held})


class _Children:
    """Makes children of households, each with numbers that no other has."""

    def __init__(self, rng: random.Random, seed: int, today: date, scenario: tuple[Person, ...]) -> None:
        self._rng = rng
        self._today = today
        self._index = len(scenario)
        self._numbers = nhs_numbers({child.key for child in scenario}, seed)
        self._pupils = PupilNumbers()
        self._taken_upns = {child.upn for child in scenario}

    def siblings(self, home: Household, at_most: int) -> Iterator[Person]:
        """The children of one household, each knowing the others' keys."""
        children = [self._child(home, born) for born in home.births[:at_most]]
        keys = tuple(child.key for child in children)
        for child in children:
            yield replace(child, siblings=tuple(key for key in keys if key != child.key))

    def old_number_of(self, child: Person) -> Person:
        """The identity service's record of a number that was merged into the child's."""
        number = next(self._numbers)
        old = replace(child, key=number, nhs_number=number, index=self._next_index(), upn="", siblings=())
        return replace(
            old, superseded_by=child.nhs_number, known_to=frozenset({"pds"}), situation={}, differences={}
        )

    def _child(self, home: Household, born: date) -> Person:
        rng = self._rng
        index = self._next_index()
        number = "" if rng.random() < WITHOUT_NUMBER else next(self._numbers)
        sex = rng.choice("FM")
        happening = {**home.situation, **situations(rng, born, self._today, household=False)}
        lives_at, carers = self._lives(home, happening)
        school = self._school(home.area, born)
        person = Person(
            key=number or f"none-{index}",
            index=index,
            nhs_number=number,
            family=home.family,
            given=_given_names(rng, home.heritage, sex),
            prefix=("Miss" if sex == "F" else "Master") if rng.random() < 0.4 else "",
            birth_date=born,
            sex=sex,
            ethnicity=home.heritage["ethnicity"] if rng.random() < 0.95 else "NOBT",
            languages=tuple(home.heritage["languages"]),
            address=lives_at,
            area=home.area,
            telephone=home.telephone,
            carers=carers,
            former_addresses=home.former,
            gp=_practice(rng, home.area),
            school=school["id"] if school else "",
            upn=self._upn(school, born) if school else "",
            sensitive=home.sensitive or (bool(happening.get("looked-after")) and rng.random() < 0.1),
            situation=happening,
        )
        return _as_agencies_know(rng, person)

    def _lives(self, home: Household, happening: Mapping[str, date]) -> tuple[Address, tuple[Carer, ...]]:
        if "looked-after" not in happening:
            return home.address, home.carers
        rng = self._rng
        relationship, names = ("FTHFOST", "boys") if rng.random() < 0.2 else ("MTHFOST", "girls")
        foster = Carer(
            relationship,
            rng.choice(plan()["heritage"][0]["families"]),
            (rng.choice(plan()["heritage"][0][names]),),
            telephone=telephone(rng),
            parental_responsibility=False,
        )
        parents = tuple(replace(carer, address=carer.address or home.address) for carer in home.carers)
        return address(rng, home.area), (foster, *parents)

    def _school(self, area: str, born: date) -> Mapping[str, Any] | None:
        year = school_year(born, self._today)
        schools = [
            school
            for school in plan()["school"]
            if school["area"] == area and school["years"][0] <= year <= school["years"][1]
        ]
        return weighted(self._rng, schools) if schools else None

    def _upn(self, school: Mapping[str, Any], born: date) -> str:
        council: str = plan()["area"][school["area"]]["la"]
        year = _academic_year(self._today) - school_year(born, self._today)
        number = self._pupils.next(council, school["establishment"], year)
        taken = number in self._taken_upns
        return self._upn(school, born) if taken else number

    def _next_index(self) -> int:
        self._index += 1
        return self._index - 1


def school_year(born: date, today: date) -> int:
    """The school year that somebody is in, reception being 0; below 0 too young."""
    # a year's children are those who had their birthday by 31 August before it began
    return _academic_year(today) - born.year - 4 - ((born.month, born.day) > (8, 31))


def _academic_year(today: date) -> int:
    return today.year if today.month >= 9 else today.year - 1


def _given_names(rng: random.Random, heritage: Mapping[str, Any], sex: str) -> tuple[str, ...]:
    names = heritage["girls" if sex == "F" else "boys"]
    return tuple(rng.sample(names, 2 if rng.random() < 0.45 else 1))


def _practice(rng: random.Random, area: str) -> str:
    practices: dict[str, int] = plan()["area"][area]["practices"]
    return rng.choices(list(practices), list(practices.values()))[0]


def _as_agencies_know(rng: random.Random, person: Person) -> Person:
    """The person with the agencies that know them, and what each of those holds otherwise."""
    known = _known_to(rng, person)
    held = {source: differences(person, source, rng) for source in sorted(known)}
    return replace(
        person, known_to=known, differences={source: other for source, other in held.items() if other}
    )


def _known_to(rng: random.Random, person: Person) -> frozenset[str]:
    happening = set(person.situation)
    councils = sorted(plan()["area"][area]["council"] for area in _areas(person))
    chances = {
        "pds": 1.0 if person.nhs_number else 0.0,
        "cp-is": 1.0 if happening & CP_IS and person.nhs_number else 0.0,
        **{council: 1.0 if happening & SOCIAL_CARE else 0.03 for council in councils if council in CONNECTED},
        "millbrook-gp": 1.0 if person.gp == "millbrook-gp" else 0.0,
        "northtown-general": 1.0 if "emergency-attendances" in happening else 0.45,
        "northshire-community": 1.0 if "camhs" in happening else 0.75,
        "hill-road-school": 1.0 if person.school == "hill-road-school" else 0.0,
        "northshire-police": 1.0 if happening & POLICE else 0.02,
    }
    return frozenset(source for source, chance in chances.items() if rng.random() < chance)


def _areas(person: Person) -> set[str]:
    return {person.area, *(former.area for former in person.former_addresses)}
