"""The completeness receipt: who was asked, who answered, and what that means, one line a source.

https://hl7.org/fhir/R4/operationoutcome.html ; the ten states are CodeSystem/source-state.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """What became of asking one source. The order is from best to worst: the worst state wins."""

    ANSWERED_DATA = "answered-data"
    ANSWERED_NONE = "answered-none"
    NOT_ASKED = "not-asked"
    NOT_CONNECTED = "not-connected"
    ANSWERED_WITHHELD = "answered-withheld"
    STALE = "stale"
    PAUSED = "paused"
    IDENTITY_UNMATCHED = "identity-unmatched"
    TIMED_OUT = "timed-out"
    ERROR = "error"

    @property
    def answered(self) -> bool:
        """The source answered fully, whatever it had."""
        return self in (State.ANSWERED_DATA, State.ANSWERED_NONE, State.ANSWERED_WITHHELD, State.STALE)

    @property
    def incomplete(self) -> bool:
        """Something that this source may know is missing from the view."""
        return self in (State.TIMED_OUT, State.ERROR, State.IDENTITY_UNMATCHED, State.PAUSED, State.STALE)


@dataclass(frozen=True, slots=True)
class Telephone:
    """Numbers to ring, as people read them; empty where there is none."""

    office: str = ""
    out_of_hours: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One source's line of the receipt.

    `agency` is the agency's kind (social-care, hospital, ...), `agency_name` the organisation: sources
    of one organisation count as one agency. `items` are the resources shown from it; `seconds` how long
    it took (None if not asked); `as_at` what its answer was true at; `text` the sentence that people
    read; `sections` those parts of the page that it feeds; `reference` names the error for support.
    """

    source: str
    name: str
    agency: str
    agency_name: str
    state: State
    text: str
    items: int = 0
    seconds: float | None = None
    as_at: datetime | None = None
    since: datetime | None = None
    reference: str = ""
    telephone: Telephone = field(default_factory=Telephone)
    sections: frozenset[str] = frozenset()
    counted: bool = True  # False for identity sources: they are not agencies
    pending: bool = False  # still asking: only in a page that is not finished


@dataclass(frozen=True, slots=True)
class Notice:
    """Something held back that the person may know of: what, why, and whom to ask."""

    what: str
    why: str
    contact: str
    source: str
    rules: tuple[str, ...] = ()


def worst(states: Sequence[State]) -> State:
    """The state that stands for several: the worst."""
    order = list(State)
    return max(states, key=order.index)
