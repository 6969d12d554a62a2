"""Where a fact comes from: the agency's badge, the place, and what its answer was true at.

https://hl7.org/fhir/R4/resource.html#Meta (source)
"""

from dataclasses import dataclass
from datetime import datetime

from gateway.federation.receipt import Line, State
from gateway.viewer import when
from gateway.viewer.words import joined

AGENCIES = {
    "social-care": "Social care",
    "child-protection-information": "Social care",
    "hospital": "Hospital",
    "gp": "GP",
    "community-health": "Community health",
    "school": "School",
    "nursery": "Nursery",
    "police": "Police",
    "youth-justice": "Youth justice",
    "housing": "Housing",
    "early-help": "Early help",
    "identity": "Identity",
}
# what to call each in a sentence that says "the ..."
_IN_A_SENTENCE = {
    "gp": "the GP",
    "police": "the police",
    "hospital": "the hospital",
    "school": "the school",
    "nursery": "the nursery",
    "child-protection-information": "social care",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One source, as it stands beside what came from it."""

    source: str
    kind: str  # the agency's kind, for its colour
    label: str
    place: str
    as_at: str
    stale: str = ""


def agency(kind: str) -> str:
    return AGENCIES.get(kind) or kind.replace("-", " ").capitalize() or "Agency"


def the_agency(kind: str) -> str:
    """ "the police", "social care", "the GP": for the middle of a sentence."""
    return _IN_A_SENTENCE.get(kind) or agency(kind).lower()


def colour(kind: str) -> str:
    """The agency's colour class; child protection information is the councils' own."""
    if kind == "child-protection-information":
        return "social-care"
    return kind if kind in AGENCIES else "other"


def mark(line: Line, now: datetime) -> Mark:
    national = line.agency == "child-protection-information"
    return Mark(
        source=line.source,
        kind=colour(line.agency),
        label=agency(line.agency),
        place="CP-IS" if national else line.agency_name,
        as_at=when.as_at(line.as_at, now) if line.as_at else "",
        stale=_stale(line, now),
    )


def _stale(line: Line, now: datetime) -> str:
    if line.state is not State.STALE or line.as_at is None:
        return ""
    moment = when.local(line.as_at)
    days = (when.local(now).date() - moment.date()).days
    age = f", {days} days old" if days > 1 else ""
    return f"Copy from {moment:%a} {when.day_month(moment.date())} {when.clock_text(moment)}{age}"


def places(lines: list[Line]) -> str:
    return joined([line.name for line in lines])
