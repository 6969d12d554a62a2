"""The demo's people, grouped by how they would sign in at work.

https://digital.nhs.uk/services/care-identity-service (health staff; others use their own employer's)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Staffer(Protocol):
    """Someone who may be picked: `organisation` is an id or a name."""

    @property
    def user(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def job(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def organisation(self) -> str: ...


@dataclass(frozen=True, slots=True)
class User:
    """One button of the sign-in page."""

    user: str
    name: str
    job: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of staff, with how they would sign in at work."""

    title: str
    hint: str
    users: tuple[User, ...]


_HEALTH = ("ed-clinician", "gp", "health-visitor", "school-nurse", "camhs-worker")
_FAMILY = ("young-person", "parent")
_NO_PERSON = ("case-system",)
_OVERSIGHT = ("receptionist", "privacy-officer", "governance-lead", "child-death-review")


def groups(people: Sequence[Staffer], workplaces: Mapping[str, str]) -> tuple[Group, ...]:
    """People by kind of staff; `workplaces` are the names of organisations by id."""
    council = [p for p in people if p.role not in (*_HEALTH, *_FAMILY, *_NO_PERSON, *_OVERSIGHT)]
    found = (
        _group("Health staff", "Smartcard or security key", _of(people, _HEALTH), workplaces),
        _group("Council, school or police staff", "Your work email sign-in", council, workplaces),
        _group("Reception, review and oversight", "Your work sign-in", _of(people, _OVERSIGHT), workplaces),
        _group("Young people and parents", "NHS login", _of(people, _FAMILY), workplaces),
    )
    return tuple(group for group in found if group.users)


def _of(people: Sequence[Staffer], roles: Sequence[str]) -> list[Staffer]:
    return [person for person in people if person.role in roles]


def _group(title: str, hint: str, people: Sequence[Staffer], workplaces: Mapping[str, str]) -> Group:
    return Group(title, hint, tuple(_user(person, workplaces) for person in people))


def _user(person: Staffer, workplaces: Mapping[str, str]) -> User:
    place = workplaces.get(person.organisation) or person.organisation.replace("-", " ").title()
    if person.role in _FAMILY:
        return User(person.user, person.name, person.job, "")
    return User(person.user, person.name, person.job, place)
