"""The pages around a child's page: sign-in, reason, find, results, refusal, help. Each is a pure function.

https://service-manual.nhs.uk/content/inclusive-content ; forms post to our own addresses only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gateway.viewer.page import Person, Service
from gateway.viewer.purposes import PURPOSES, purpose
from gateway.viewer.render import template
from gateway.viewer.signing import Staffer, groups


class Stated(Protocol):
    """What a person has said so far about why they look."""

    @property
    def purpose(self) -> str: ...
    @property
    def scheduled(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def told(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Unstated:
    """Nothing said yet."""

    purpose: str = ""
    scheduled: bool = False
    reason: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Something of a candidate beside what was asked for: `look` is same, differs or kept."""

    look: str
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child who may be the one meant; never with a number that was not typed, never with a score."""

    key: str
    name: str = field(repr=False)
    born: str = field(repr=False)
    gender: str
    area: str = field(repr=False)
    closeness: str  # "Strong match" or "Possible match"
    agreements: tuple[Agreement, ...] = ()
    withheld: bool = False


def start_page(
    service: Service, people: Sequence[Staffer], workplaces: Mapping[str, str] | None = None, wrong: str = ""
) -> bytes:
    """Sign in by picking one of the demo's users; field: user, posted to /sign-in."""
    return _page("start.html", service, None, groups=groups(people, workplaces or {}), wrong=wrong)


def reason_page(
    service: Service,
    person: Person,
    purposes: Sequence[str],
    declared: Collection[str] = (),
    stated: Stated | None = None,
    wrong: str = "",
) -> bytes:
    """Why the record is needed; fields: purpose, scheduled, reason, told, posted to /reason.

    `purposes` are the codes that this person may state, the suggested one first; those in `declared`
    demand the reason in words and whether the family was told.
    """
    choices = tuple(purpose(code) for code in purposes)
    said = stated or Unstated()
    return _page("reason.html", service, person, choices=choices, declared=declared, said=said, wrong=wrong)


def find_page(
    service: Service,
    person: Person,
    form: Mapping[str, str] | None = None,
    wrong: str = "",
    *,
    ask_born: bool = False,
) -> bytes:
    """Find a child; fields: by, and nhs_number, or family, given, day, month, year and postcode.

    `ask_born` asks for the date of birth beside the number, where the identity source did not answer.
    """
    return _page("find.html", service, person, form=form or {}, wrong=wrong, ask_born=ask_born)


def results_page(
    service: Service,
    person: Person,
    asked: Sequence[tuple[str, str]],
    candidates: Sequence[Candidate],
    searched: Sequence[str] = (),
) -> bytes:
    """Children who may be meant, or that there is no safe match; fields: child, checked, others.

    Posted to /find; `asked` are labels and values, `searched` the sources in which it was looked.
    """
    return _page("results.html", service, person, asked=asked, candidates=candidates, searched=searched)


def refusal_page(
    service: Service, message: str, contact: str, reference: str, *, needs: bool = False
) -> bytes:
    """The public reason and whom to phone; `needs` says that the reason page can help."""
    values = {"message": message, "contact": contact, "reference": reference, "needs": needs}
    return _page("refusal.html", service, None, **values)


def error_page(service: Service, reference: str = "") -> bytes:
    """Something went wrong on our side; nothing is known either way."""
    return _page("error.html", service, None, reference=reference)


def nothing_here_page(service: Service) -> bytes:
    """No page has this address."""
    return _page("nothing.html", service, None)


def help_page(service: Service, person: Person | None = None) -> bytes:
    """What each part of the page means, and what to do when the service is down."""
    return _page("help.html", service, person)


def _page(name: str, service: Service, person: Person | None, **values: object) -> bytes:
    known = person.purpose if person else ""
    chip = PURPOSES[known].name if known in PURPOSES else ""
    return template(name, service=service, person=person, purpose=chip, **values)
