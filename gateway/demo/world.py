"""The people and organisations of Northshire, as every one of its agencies could know them.

NHS numbers lie in the 999 test range, telephone numbers in the range kept for drama:
https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CLOCK_START = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
URN = "https://fhir.hl7.org.uk/Id/urn-school-number"

# the rows of one agency about one child: each agency has its own shape, which only it knows
Rows = Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where somebody lives, in a place and a postcode area that do not exist."""

    lines: tuple[str, ...] = ()
    city: str = ""
    postcode: str = ""

    def __repr__(self) -> str:
        return "<Address>"


@dataclass(frozen=True, slots=True, repr=False)
class FormerAddress:
    """Where somebody lived until a day, and under which council (an area)."""

    address: Address
    until: date
    area: str

    def __repr__(self) -> str:
        return f"<FormerAddress area={self.area}>"


@dataclass(frozen=True, slots=True, repr=False)
class Carer:
    """A grown-up of the child's family or household.

    `relationship` is a v3 RoleCode (MTH, FTH, STPFTH, GRPRN, FTHFOST, ...). `address` is None where it
    is the child's.
    """

    relationship: str
    family: str
    given: tuple[str, ...]
    prefix: str = ""
    birth_date: date | None = None
    nhs_number: str = ""
    telephone: str = ""
    parental_responsibility: bool = True
    address: Address | None = None

    def __repr__(self) -> str:
        return f"<Carer {self.relationship}>"


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A child of Northshire.

    `key` names the child in `rows` (the NHS number, or "none-<index>" for a child without one), `index`
    is a small number of its own, 0 and up, the scenario children first. `sex` is F or M. `gp` and
    `school` are ids of `World.organisations`, `area` is northtown, eastmere or southwold-vale. `siblings`
    are keys. `known_to` are the ids of the sources that know the child, `situation` says what is going
    on in the child's life and since when (see SITUATIONS), so that agencies tell one story.
    `differences` says, for a source, which of these fields it holds differently: use `at`.
    """

    key: str
    index: int
    nhs_number: str
    family: str
    given: tuple[str, ...]
    birth_date: date
    sex: str
    address: Address
    area: str
    upn: str = ""
    known_as: str = ""
    prefix: str = ""
    ethnicity: str = "NOBT"  # a DfE main code
    languages: tuple[str, ...] = ("en",)
    telephone: str = ""
    carers: tuple[Carer, ...] = ()
    siblings: tuple[str, ...] = ()
    former_addresses: tuple[FormerAddress, ...] = ()
    former_family: str = ""  # an earlier surname that is no secret
    gp: str = ""
    school: str = ""
    sensitive: bool = False  # the identity source withholds address, telephone and practice
    superseded_by: str = ""  # an ordinary merge: the number now in use
    invalidated: bool = False  # the number is no longer valid, and nothing says which took its place
    died: datetime | None = None
    scenario: str = ""
    known_to: frozenset[str] = frozenset()
    situation: Mapping[str, date] = field(default_factory=dict)
    differences: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def mother(self) -> Carer | None:
        return next((c for c in self.carers if c.relationship == "MTH"), None)

    @property
    def father(self) -> Carer | None:
        return next((c for c in self.carers if c.relationship == "FTH"), None)

    def at(self, source: str) -> "Person":
        """The child as `source` knows them: other spelling, old address, no NHS number."""
        return replace(self, **self.differences.get(source, {}))

    def age(self, on: date) -> int:
        """Whole years on a day."""
        before_birthday = (on.month, on.day) < (self.birth_date.month, self.birth_date.day)
        return on.year - self.birth_date.year - before_birthday

    def __repr__(self) -> str:
        return f"<Person {self.index} scenario={self.scenario}>"


# what may go on in a child's life; each stands in Person.situation with the day on which it began
SITUATIONS = (
    "child-protection",  # a child protection plan in force
    "child-protection-ended",  # one that ended on that day
    "child-in-need",
    "looked-after",
    "early-help",
    "domestic-abuse",  # police attended an incident with the child present
    "missing",  # reported missing from home
    "exploitation",  # police record a risk of exploitation
    "send",  # special educational needs, support or plan
    "low-attendance",
    "asthma",
    "allergy",
    "camhs",
    "emergency-attendances",
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An agency, practice or school. `id` is a source's id where the organisation has one."""

    id: str
    name: str
    kind: str
    system: str
    value: str
    telephone: str = ""
    out_of_hours: str = ""
    address: Address = Address()


@dataclass(frozen=True, slots=True, repr=False)
class Staff:
    """A demo user or another named professional, or (role young-person, parent) a member of a family.

    `role` is a key of auth/policy/roles.toml; `source` the id of their own organisation's source, if it
    is one; `local_ids` the numbers under which source systems know them (worker ids, codes).
    """

    user: str
    name: str
    role: str
    job: str
    organisation: str  # an id of World.organisations
    source: str = ""
    telephone: str = ""
    local_ids: tuple[str, ...] = ()
    person: bool = True  # False: a service that acts for nobody
    child: str = ""  # the NHS number of the child whom a young person or parent asks about

    def __repr__(self) -> str:
        return f"<Staff {self.user}>"


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """Everybody in Northshire at the moment when the demo's clock starts."""

    children: tuple[Person, ...]
    staff: Mapping[str, Staff]
    organisations: Mapping[str, Organisation]
    today: datetime = CLOCK_START
    by_key: Mapping[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {child.key: child for child in self.children})

    def child(self, key: str) -> Person:
        """The child with this key; KeyError if there is none."""
        return self.by_key[key]

    def days_ago(self, days: int) -> date:
        """A day before the demo's clock starts."""
        return (self.today - timedelta(days=days)).date()

    def __repr__(self) -> str:
        return f"<World children={len(self.children)}>"


def local_number(source: str, person: Person) -> str:
    """The seven digits under which `source` knows a made-up child; unique there, 2000000 and up.

    Numbers below 2000000 are free for the scenario children in gateway/demo/facts.
    """
    offset = sum(ord(letter) * 7919 for letter in source)
    return str(2_000_000 + (person.index * 3_571_429 + offset) % 7_999_993)
