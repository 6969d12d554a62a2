"""Made-up households of Northshire: who lives together, where, and what goes on in the family.

What is drawn from is in population.toml.
"""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from gateway.demo.world import Address, Carer, FormerAddress


@dataclass(frozen=True, slots=True, repr=False)
class Household:
    """Carers and the dates of birth of their children, oldest first (twins share one)."""

    area: str
    heritage: Mapping[str, Any]
    family: str
    address: Address
    telephone: str
    carers: tuple[Carer, ...]
    births: tuple[date, ...]
    former: tuple[FormerAddress, ...]
    situation: Mapping[str, date]
    sensitive: bool


@cache
def plan() -> dict[str, Any]:
    """population.toml."""
    return tomllib.loads((files("gateway.demo") / "population.toml").read_text(encoding="utf-8"))


def weighted(rng: random.Random, options: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One of the tables, as often as its `weight` says."""
    return rng.choices(options, [option["weight"] for option in options])[0]


def household(rng: random.Random, today: date) -> Household:
    """A family with one child or more under 18."""
    area = rng.choices(list(plan()["area"]), [area["weight"] for area in plan()["area"].values()])[0]
    heritage = weighted(rng, plan()["heritage"])
    births = _births(rng, today)
    mother = _mother(rng, heritage, births[0])
    father = _father(rng, heritage, mother, births[0])
    return Household(
        area=area,
        heritage=heritage,
        family=_family_name(rng, mother, father),
        address=address(rng, area),
        telephone=telephone(rng),
        carers=(mother, father) if father else (mother,),
        births=births,
        former=_former(rng, area, births[0], today),
        situation=situations(rng, births[-1], today, household=True),
        sensitive=rng.random() < 0.006,
    )


def address(rng: random.Random, area: str) -> Address:
    """A house in an area."""
    place = plan()["area"][area]
    flat = (f"Flat {rng.randint(1, 24)}",) if rng.random() < 0.15 else ()
    inward = f"{rng.randint(1, 9)}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}{rng.choice('ABDEFGHJLNPQRSTUWXYZ')}"
    street = f"{rng.randint(1, 160)} {rng.choice(plan()['streets'])}"
    return Address((*flat, street), place["city"], f"{rng.choice(place['districts'])} {inward}")


def telephone(rng: random.Random) -> str:
    """A number from the range kept for drama; families share it, because the range is small."""
    return f"01632 960{rng.randint(300, 999)}"


def situations(rng: random.Random, born: date, today: date, household: bool) -> dict[str, date]:
    """What goes on now for somebody of this age, and since when (never before the birth)."""
    age = (today - born).days / 365.25
    happening = {}
    for name, body in plan()["situation"].items():
        youngest, oldest = body["ages"]
        if body["household"] is household and youngest <= age < oldest + 1 and rng.random() < body["chance"]:
            happening[name] = max(born, today - timedelta(days=rng.randint(1, body["days"])))
    return happening


def _births(rng: random.Random, today: date) -> tuple[date, ...]:
    days = [rng.randint(3, 6570)]
    for _ in range(rng.choices((0, 1, 2, 3, 4), (42, 38, 14, 5, 1))[0]):
        twin = rng.random() < 0.03
        days.append(days[-1] if twin else days[-1] - rng.randint(390, 1700))
    return tuple(today - timedelta(days=day) for day in days if day > 0)


def _mother(rng: random.Random, heritage: Mapping[str, Any], first_birth: date) -> Carer:
    return Carer(
        relationship="MTH",
        family=rng.choice(heritage["families"]),
        given=(rng.choice(heritage["girls"]),),
        prefix=rng.choice(("Mrs", "Ms", "Miss")),
        birth_date=first_birth - timedelta(days=rng.randint(17 * 365, 41 * 365)),
        telephone=telephone(rng),
    )


def _father(
    rng: random.Random, heritage: Mapping[str, Any], mother: Carer, first_birth: date
) -> Carer | None:
    chance = rng.random()
    if chance < 0.1:
        return None
    father = Carer(
        relationship="FTH",
        family=mother.family if rng.random() < 0.5 else rng.choice(heritage["families"]),
        given=(rng.choice(heritage["boys"]),),
        prefix="Mr",
        birth_date=first_birth - timedelta(days=rng.randint(18 * 365, 50 * 365)),
        telephone=telephone(rng),
        parental_responsibility=rng.random() < 0.85,
    )
    apart = address(rng, rng.choice(list(plan()["area"])))
    return replace(father, address=apart) if chance < 0.28 else father


def _family_name(rng: random.Random, mother: Carer, father: Carer | None) -> str:
    if father is None or father.family == mother.family:
        return mother.family
    both = f"{mother.family}-{father.family}"
    return rng.choices((father.family, mother.family, both), (60, 30, 10))[0]


def _former(rng: random.Random, area: str, oldest: date, today: date) -> tuple[FormerAddress, ...]:
    if rng.random() > 0.2:
        return ()
    until = today - timedelta(days=rng.randint(5, 1200))
    before = area if rng.random() < 0.7 else rng.choice(list(plan()["area"]))
    return (FormerAddress(address(rng, before), until, before),) if until > oldest else ()
