"""What may be said about a section: which of its sources answered, and which leave it not known.

The rule that everything here serves: a source that did not answer fully is never read as an empty one.
https://hl7.org/fhir/R4/codesystem-list-empty-reason.html (unavailable is not nilknown)
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from gateway.federation.receipt import Line, State
from gateway.viewer import when
from gateway.viewer.parts import Note
from gateway.viewer.words import joined, plural

LOOKS = {
    State.ANSWERED_DATA: "ok",
    State.ANSWERED_NONE: "ok",
    State.ANSWERED_WITHHELD: "held-back",
    State.NOT_ASKED: "off",
    State.NOT_CONNECTED: "off",
    State.STALE: "stale",
    State.PAUSED: "paused",
    State.IDENTITY_UNMATCHED: "unknown",
    State.TIMED_OUT: "unknown",
    State.ERROR: "unknown",
}


def look(line: Line) -> str:
    return "asking" if line.pending else LOOKS[line.state]


def settled(line: Line) -> bool:
    """It answered fully, and what it sent is as fresh as it promises."""
    return not line.pending and line.state.answered and line.state is not State.STALE


def not_known(line: Line) -> bool:
    """It was asked, or should have been, and what it knows is missing in whole or in part."""
    return line.pending or line.state.incomplete


def leaves_a_hole(line: Line, lines: Iterable[Line]) -> bool:
    """What this source may know is missed.

    Another council, hospital or school that does not match the child leaves none where one of the same
    kind has answered: most agencies of a region do not know a child.
    """
    if not not_known(line):
        return False
    if line.pending or line.state is not State.IDENTITY_UNMATCHED:
        return True
    return not any(other.agency == line.agency and _knows_the_child(other) for other in lines)


def _knows_the_child(line: Line) -> bool:
    return not line.pending and line.state in (State.ANSWERED_DATA, State.ANSWERED_WITHHELD)


CRITICAL = ("social-care", "child-protection-information", "hospital", "police")


def critical(line: Line, lines: Iterable[Line]) -> bool:
    """Without this source the alerts cannot be relied on to be whole."""
    return line.agency in CRITICAL and line.counted and leaves_a_hole(line, lines)


def seconds(line: Line) -> str:
    return plural(max(1, round(line.seconds)), "second") if line.seconds is not None else ""


def failure(line: Line) -> str:
    """What happened to a source that left something unknown, to stand after its name and a colon."""
    if line.items and line.state in (State.TIMED_OUT, State.ERROR):
        return f"answered in part: {plural(line.items, 'item')}, then no more"
    error = f" (error {line.reference})" if line.reference else ""
    if line.since and line.state in (State.TIMED_OUT, State.ERROR):
        return f"not asked again since {when.clock_text(line.since)}, when it did not answer"
    after = f" after {seconds(line)}" if line.seconds else ""
    return {
        State.TIMED_OUT: f"no answer{after}",
        State.ERROR: f"the answer could not be read{error}",
        State.PAUSED: "this agency has paused sharing",
        State.IDENTITY_UNMATCHED: "could not match this child in their system",
        State.STALE: f"answered with an older copy{_copy(line)}",
    }.get(line.state, "")


def _copy(line: Line) -> str:
    if line.as_at is None:
        return ""
    moment = when.local(line.as_at)
    return f" ({when.day_month(moment.date())} {when.clock_text(moment)})"


def not_known_because(line: Line) -> str:
    """The sentence for a section: "Not known - Northshire Police did not answer"."""
    if line.pending:
        return f"Still asking {line.name}"
    if line.items and line.state in (State.TIMED_OUT, State.ERROR):
        return f"Not known in full - {line.name} answered in part, then stopped"
    error = f" (error {line.reference})" if line.reference else ""
    return {
        State.TIMED_OUT: f"Not known - {line.name} did not answer",
        State.ERROR: f"Not known - the answer of {line.name} could not be read{error}",
        State.PAUSED: f"Not known - {line.name} has paused sharing",
        State.IDENTITY_UNMATCHED: f"Not known - {line.name} could not match this child",
        State.STALE: f"Not known since {_as_at(line)} - {line.name} sent an older copy",
    }[line.state]


def _as_at(line: Line) -> str:
    return _copy(line).strip(" ()") or "its last copy"


def unknown_note(line: Line, asked_at: datetime) -> Note:
    """The hatched (or, while asking, dashed) note of one source that left a section not known."""
    more = "Nothing is known either way yet." if line.pending else _what_to_do(line, asked_at)
    return Note(
        kind="asking" if line.pending else "unknown",
        text=f"{not_known_because(line)}.",
        more=more,
        phone="" if line.pending else phone(line, asked_at),
        sources=(line.source,),
    )


def _what_to_do(line: Line, asked_at: datetime) -> str:
    if line.state is State.PAUSED:
        return "Phone them. Nothing is known either way."
    if line.state is State.STALE:
        return "Anything newer is not known."
    return f"Asked at {when.clock_text(asked_at)}. Nothing is known either way."


def phone(line: Line, now: datetime) -> str:
    """The number to ring now, out of hours first at night."""
    office, night = line.telephone.office, line.telephone.out_of_hours
    return (office or night) if when.office_hours(now) else (night or office)


# what an agency would feed if it were part of the service
_WOULD_FEED: dict[str, tuple[str, ...]] = {
    "housing": ("housing",),
    "school": ("education",),
    "nursery": ("education",),
    "youth-justice": ("police",),
    "police": ("police",),
    "early-help": ("plans",),
}


def feeding(lines: Iterable[Line], section: str) -> tuple[Line, ...]:
    """The lines that this section depends on, those not connected among them."""
    return tuple(line for line in lines if section in (line.sections or _WOULD_FEED.get(line.agency, ())))


def notes(lines: Sequence[Line], section: str, asked_at: datetime, *, shown: bool) -> tuple[Note, ...]:
    """What must stand beside a section's items; `shown` says whether there are any."""
    fed = feeding(lines, section)
    found = [unknown_note(line, asked_at) for line in fed if leaves_a_hole(line, lines)]
    if shown:
        return tuple(found)
    found += [_held_back(line, asked_at) for line in fed if _withheld(line)]
    if not found and any(settled(line) for line in fed):
        found.append(_answered([line for line in fed if settled(line)]))
    found += _outside(fed)
    return tuple(found) or (Note("not-connected", "Not connected.", _NOBODY),)


def _withheld(line: Line) -> bool:
    return not line.pending and line.state is State.ANSWERED_WITHHELD


_NOBODY = "It is not shared through this service. Ask the family, or social care."


def _held_back(line: Line, now: datetime) -> Note:
    return Note(
        "held-back",
        f"{line.name} answered. Some information is held back.",
        "Phone them." if phone(line, now) else "",
        phone(line, now),
    )


def _outside(fed: Sequence[Line]) -> list[Note]:
    """Sources that were never asked: their section is not known, and nobody expected otherwise."""
    absent = [line for line in fed if line.state is State.NOT_CONNECTED and not line.pending]
    unasked = [line for line in fed if line.state is State.NOT_ASKED and not line.pending]
    found = []
    if absent:
        verb = "is" if len(absent) == 1 else "are"
        text = f"{joined([line.name for line in absent])} {verb} not part of this service yet."
        found.append(Note("not-connected", "Not connected.", text))
    if unasked:
        names = joined([line.name for line in unasked])
        found.append(Note("not-asked", "Not asked.", f"Your reason does not cover asking {names}."))
    return found


def _answered(fed: Sequence[Line]) -> Note:
    """Only where every source of the section that was asked answered fully."""
    names = joined([line.name for line in fed])
    verb = "has" if len(fed) == 1 else "have"
    return Note("answered", f"{names} answered, and {verb} sent no entry that can be shown here.")


def word(found: Sequence[Note], count: int) -> tuple[str, str]:
    """The rail's word for a section and its look: a count, or why there is not one."""
    kinds = {note.kind for note in found}
    if "unknown" in kinds:
        return ("in part" if count else "not known"), "unknown"
    if "asking" in kinds:
        return "asking", "asking"
    if count:
        return str(count), ""
    kind = next((kind for kind in _ABSENT if kind in kinds), "answered")
    return "no entry" if kind == "answered" else kind.replace("-", " "), "off"


_ABSENT = ("held-back", "answered", "not-connected", "not-asked")
