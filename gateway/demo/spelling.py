"""How one agency's record of a child differs from the identity service's: spelling, address, numbers.

The kinds of difference are those that matching studies report:
https://digital.nhs.uk/services/personal-demographics-service
"""

import random
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from gateway.demo.world import Person

SHORT_FORMS = {
    "Abigail": "Abi", "Alexander": "Alex", "Alexandra": "Alex", "Benjamin": "Ben", "Bethany": "Beth",
    "Charlotte": "Lottie", "Christopher": "Chris", "Daniel": "Dan", "Edward": "Ted", "Eleanor": "Ellie",
    "Elizabeth": "Lizzie", "Isabella": "Bella", "Jacob": "Jake", "Jessica": "Jess", "Joseph": "Joe",
    "Joshua": "Josh", "Katherine": "Kate", "Matilda": "Tilly", "Matthew": "Matt", "Mohammed": "Mo",
    "Muhammad": "Mo", "Nathan": "Nate", "Patrick": "Paddy", "Samuel": "Sam", "Theodore": "Theo",
    "Thomas": "Tom", "William": "Will", "Zachary": "Zac",
}  # fmt: skip
SAME_SOUND = (
    ("Mohammed", "Muhammad"), ("Aisha", "Ayesha"), ("Maryam", "Mariam"), ("Katherine", "Catherine"),
    ("Callum", "Calum"), ("Conor", "Connor"), ("Seán", "Shaun"), ("Zoë", "Zoey"), ("Isla", "Ayla"),
)  # fmt: skip
MISSING_NUMBER = {
    "northtown-csc": 0.06,
    "southwold-csc": 0.06,
    "northtown-general": 0.01,
    "hill-road-school": 0.15,
    "northshire-police": 0.35,
}


def differences(person: Person, source: str, rng: random.Random) -> dict[str, Any]:
    """What `source` holds otherwise; mostly nothing. The identity service and the GP hold the number."""
    if source == "pds":
        return {}
    held: dict[str, Any] = {}
    if rng.random() < MISSING_NUMBER.get(source, 0):
        held["nhs_number"] = ""
    if rng.random() < 0.08:
        held |= rng.choice(_KINDS)(person, rng)
    moved = person.former_addresses
    if moved and rng.random() < 0.35:
        held |= {"address": moved[-1].address, "area": moved[-1].area}
    return held


def _plain_letters(person: Person, _: random.Random) -> dict[str, Any]:
    family, given = _ascii(person.family), tuple(_ascii(name) for name in person.given)
    return {"family": family.replace("'", "").replace("-", " "), "given": given}


def _typing_mistake(person: Person, rng: random.Random) -> dict[str, Any]:
    name = person.family
    at = rng.randrange(1, len(name)) if len(name) > 3 else 0
    swapped = name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :] if at else name + name[-1]
    doubled = name[:at] + name[at - 1 : at] + name[at:] if at else name + name[-1]
    return {"family": rng.choice((swapped, doubled))}


def _short_form(person: Person, _: random.Random) -> dict[str, Any]:
    return {"given": (SHORT_FORMS.get(person.given[0], person.given[0]), *person.given[1:])}


def _same_sound(person: Person, _: random.Random) -> dict[str, Any]:
    other = dict(SAME_SOUND) | {second: first for first, second in SAME_SOUND}
    return {"given": (other.get(person.given[0], person.given[0]), *person.given[1:])}


def _one_given_name(person: Person, _: random.Random) -> dict[str, Any]:
    return {"given": person.given[:1]}


def _mothers_name(person: Person, _: random.Random) -> dict[str, Any]:
    return {"family": person.mother.family} if person.mother else {}


def _day_and_month(person: Person, _: random.Random) -> dict[str, Any]:
    born = person.birth_date
    return {"birth_date": date(born.year, born.day, born.month)} if born.day <= 12 else {}


_KINDS: tuple[Callable[[Person, random.Random], dict[str, Any]], ...] = (
    _plain_letters, _typing_mistake, _typing_mistake, _short_form, _short_form, _same_sound,
    _one_given_name, _mothers_name, _day_and_month,
)  # fmt: skip


def _ascii(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ł", "l"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
