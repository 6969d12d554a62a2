"""The source strip: one sentence, one cell per agency, and the list of what each agency sent.

The sentence carries the bad news; cells keep their place and size whatever they say.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One agency's place in the source strip, the same size whatever it says."""

    key: str
    label: str
    text: str
    look: str  # ok held-back stale unknown asking off
    sources: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Said:
    """One source's line in the list of what each agency sent."""

    label: str
    name: str
    text: str
    look: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """The source strip: one sentence, then one cell per agency."""

    counted: str
    bad: str
    tail: str
    cells: tuple[Cell, ...]
    said: tuple[Said, ...]
    fold: str
    look: str  # ok unknown asking
    compact: bool = False

    @property
    def sentence(self) -> str:
        return " ".join(part for part in (self.counted, self.bad, self.tail) if part)
