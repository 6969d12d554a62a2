"""The pages around a child's page: sign-in, reason, find, results, refusal, help. Each is a pure function.

https://service-manual.nhs.uk/content/inclusive-content ; forms post to our own addresses only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.viewer.page import Person, Service
from gateway.viewer.purposes import PURPOSES, purpose
from gateway.viewer.render import template


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may sign in to the demo."""

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


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed into a form, given back when something is wrong with it."""

    values: dict[str, str] = field(default_factory=dict, repr=False)
    mistake: str = ""

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


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
    closeness: str
    agreements: tuple[Agreement, ...] = ()
    withheld: bool = False


_EMPTY = Given()


def start_page(service: Service, groups: Sequence[Group], given: Given = _EMPTY) -> bytes:
    """Sign in by picking one of the demo's users; fields: user."""
    return _page("start.html", service, None, groups=groups, given=given)


def reason_page(
    service: Service,
    person: Person,
    purposes: Sequence[str],
    needs: Sequence[str] = (),
    given: Given = _EMPTY,
) -> bytes:
    """Why the record is needed; fields: purpose, scheduled, and where a rule demands them reason and told.

    `purposes` are the codes that this person may state, the suggested one first.
    """
    choices = tuple(purpose(code) for code in purposes)
    return _page("reason.html", service, person, choices=choices, needs=needs, given=given)


def find_page(service: Service, person: Person, given: Given = _EMPTY) -> bytes:
    """Find a child; fields: nhs_number, or family, given, day, month, year and postcode."""
    return _page("find.html", service, person, given=given)


def results_page(
    service: Service,
    person: Person,
    asked: Sequence[tuple[str, str]],
    candidates: Sequence[Candidate],
    searched: Sequence[str] = (),
) -> bytes:
    """Children who may be meant, or that there is no match; fields: child, checked, others."""
    return _page("results.html", service, person, asked=asked, candidates=candidates, searched=searched)


def refusal_page(
    service: Service, message: str, contact: str, reference: str, *, needs: bool = False
) -> bytes:
    """The public reason and whom to phone; `needs` says that the reason page can help."""
    return _page(
        "refusal.html", service, None, message=message, contact=contact, reference=reference, needs=needs
    )


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
