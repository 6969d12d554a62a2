"""What a child's page shows at one moment, before it is HTML or terminal text.

The order is that of the care viewer: banner, sources, alerts, the child's words, people, then topics.
"""

from dataclasses import dataclass, field

from gateway.viewer.chart import Timeline
from gateway.viewer.parts import Alerts, Banner, Family, HeldBack, Note, Topic, Voice, Worker
from gateway.viewer.strip import Status


@dataclass(frozen=True, slots=True)
class Service:
    """The deployment as people know it, and whom to ring when it cannot help."""

    name: str = "Children’s record"
    team: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looking; `token` guards the forms of their session."""

    name: str
    job: str
    organisation: str
    purpose: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the page is: the canonical base of ids, and its own address (which names no child)."""

    base: str
    address: str
    service: Service = field(default_factory=Service)


@dataclass(frozen=True, slots=True)
class RailRow:
    """A line of the sections list, which shows counts and states."""

    id: str
    title: str
    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on a child's page at one moment."""

    person: Person
    place: Place
    purpose: str
    banner: Banner
    status: Status
    alerts: Alerts
    voice: Voice
    workers: tuple[Worker, ...]
    workers_heading: str
    workers_text: str
    worker_notes: tuple[Note, ...]
    timeline: Timeline
    plans: Topic
    legal: Topic
    health: Topic
    topics: tuple[Topic, ...]  # education, police and youth justice, housing, anything else
    family: Family
    held_back: tuple[HeldBack, ...]
    rail: tuple[RailRow, ...]
    made: str
    finished: bool
    sources: tuple[tuple[str, str], ...]  # (source, state or "pending"), to tell what is new

    def __repr__(self) -> str:
        return f"<Page sources={len(self.sources)} finished={self.finished}>"
