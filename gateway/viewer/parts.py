"""The parts of a page that stand in more than one place: notes, alerts, words, people, items.

They hold what people read, already in words; a template adds marks and order, and nothing else.
"""

from dataclasses import dataclass, field

from gateway.viewer.marks import Mark


@dataclass(frozen=True, slots=True)
class Fig:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Banner:
    """The child's own line; PAB-0016 fixes the order of what stands in it."""

    name: str = field(repr=False)
    first_name: str = field(repr=False)
    figures: tuple[Fig, ...] = field(repr=False)
    more: tuple[Fig, ...] = field(repr=False)
    chips: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    withheld: str = ""
    died: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Why something is not here. `kind`: unknown asking not-connected not-asked held-back answered."""

    kind: str
    text: str
    more: str = ""
    phone: str = ""
    phone_label: str = ""
    sources: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Phones:
    """Two numbers; the one to use now is named first."""

    first_label: str
    first: str
    second_label: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: what, its sentences, whom to ring, and where it comes from."""

    kind: str
    title: str
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    recorded: str = ""
    phones: Phones | None = None
    held_back: str = ""
    period: tuple[str, str] = ("", "")
    category: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Someone who looked before."""

    when: str
    who: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Alerts:
    """The alerts box; its title says whether it can be relied on to be whole."""

    title: str
    tag: str
    tag_look: str
    alerts: tuple[Alert, ...]
    more: tuple[Alert, ...]
    seen: tuple[Seen, ...]
    seen_more: tuple[Seen, ...]
    notes: tuple[Note, ...]
    answered: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Something the child said, or what helps; in their words."""

    text: str = field(repr=False)
    how: str
    recorded: str
    mark: Mark
    held_back: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """The child's own panel."""

    title: str
    said: tuple[Words, ...]
    helps: tuple[Words, ...]
    notes: tuple[Note, ...]
    answers: tuple["Item", ...] = ()


@dataclass(frozen=True, slots=True)
class Worker:
    """One person to ring, with how we know."""

    name: str
    job: str
    organisation: str
    phones: tuple[Fig, ...]
    hours: str
    since: str
    last_contact: str
    marks: tuple[Mark, ...]
    how: str
    group: str  # lead now past
    tag: str = ""
    reachable: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One recorded thing: what, when, who recorded it, from where."""

    anchor: str
    fact: str
    label: str
    title: str
    detail: tuple[str, ...]
    when: str
    date: str  # the day it began, as people read it
    clock: str  # "22:31 to 23:50", if it was one day
    day: str  # ISO, for sorting and the filters; empty if unknown
    age: str
    recorded_by: str
    recorded: str
    marks: tuple[Mark, ...]
    held_back: str = ""
    tags: tuple[str, ...] = ()
    happened: bool = True
    period: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Difference:
    """Sources that disagree, side by side, never merged."""

    what: str
    values: tuple[tuple[str, str], ...]  # (who says, what)


@dataclass(frozen=True, slots=True)
class Topic:
    """A section of the page: its items and what is not known about it."""

    id: str
    title: str
    items: tuple[Item, ...]
    notes: tuple[Note, ...]
    tag: str = ""
    figures: tuple[Fig, ...] = ()
    differences: tuple[Difference, ...] = ()
    standing: tuple[str, str] = ("", "")  # the rail's word for it, and its look


@dataclass(frozen=True, slots=True)
class Relative:
    """One member of the family or household."""

    name: str
    relationship: str
    lives_with: str
    marks: tuple[Mark, ...]
    recorded: str
    held_back: str = ""
    responsibility: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """The family table, what sources disagree about, and the addresses that may be shown."""

    relatives: tuple[Relative, ...]
    figures: tuple[Fig, ...]
    differences: tuple[Difference, ...]
    notes: tuple[Note, ...]
    items: tuple[Item, ...] = ()
    standing: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What cannot be seen, why, and who can tell."""

    look: str
    what: str
    why: str
    contact: str
    phone: str = ""
