"""The chronology: its rows, and its chart of lanes by agency, as coordinates and words.

https://www.w3.org/TR/SVG2/ ; the list says everything that the chart says.
"""

from dataclasses import dataclass

from gateway.viewer.parts import Item, Note


@dataclass(frozen=True, slots=True)
class Label:
    """Text on the chart."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """An event's mark on the chart."""

    x: float
    y: float
    number: int
    shape: str
    kind: str
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on the chart: an episode, a gap, a lane that is not known."""

    x: float
    y: float
    width: float
    height: float
    look: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One agency's lane."""

    y: float
    height: float
    kind: str
    label: str
    place: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """The last twelve months as lanes by agency; the list below says the same."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    months: tuple[Label, ...]
    today: float
    today_text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the timeline: an event (`item`, `number`) or a gap (`text`)."""

    months: int  # the shortest of the windows 12, 24 and 0 (all) in which it stands
    item: Item | None = None
    number: int = 0
    shape: str = ""  # square diamond circle hollow
    text: str = ""
    gap: tuple[str, str] | None = None  # its first and last day


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chronology, newest first."""

    rows: tuple[Row, ...]
    notes: tuple[Note, ...]
    latest: str
    chart: Chart | None = None
