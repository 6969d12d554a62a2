"""The topics below the timeline: plans and legal, health, education, police, housing, and anything else.

Each says what it has, and beside it whatever of its sources left it not known.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gateway.federation.receipt import State
from gateway.federation.view import View
from gateway.viewer import age, times, what, when
from gateway.viewer.elements import codes, each
from gateway.viewer.items import Reading, items
from gateway.viewer.parts import Fig, Topic, Worker
from gateway.viewer.records import Record
from gateway.viewer.standing import notes, settled, word
from gateway.viewer.words import joined

_LEGAL = ("legal-status",)
_LISTS = ("allergy-list",)
# why a list is empty, where that means that the source looked and had no entry
_EMPTY = frozenset({"nilknown", "no-content-recorded"})


def plans(view: View, reading: Reading, lead: Worker | None, now: datetime) -> Topic:
    """Plans, their conferences and episodes; alerts' plans stand here too, with their dates."""
    found = [r for r in reading.everything.section("plans") if r.fact.code not in _LEGAL]
    found += [r for r in reading.everything.section("alerts") if r.type == "CarePlan"]
    figures = (*_next_review(found, now), *_lead(lead))
    return replace(_topic("plans", "Plans", found, view, reading), figures=figures)


def _next_review(found: Sequence[Record], now: datetime) -> tuple[Fig, ...]:
    """The first planned meeting that is still to come."""
    today = when.local(now).date()
    ahead = [(w.day, record) for record in found if (w := times.start(record)) and w.day > today]
    meetings = sorted((day, what.title(r)) for day, r in ahead if r.type == "Encounter")
    if not meetings:
        return ()
    day, title = meetings[0]
    return (Fig("Next", f"{title}, {when.day_text(day)}, in {age.length(today, day)}"),)


def _lead(lead: Worker | None) -> tuple[Fig, ...]:
    if lead is None:
        return ()
    number = lead.phones[0].value if lead.phones else ""
    return (Fig("Lead", ", ".join(part for part in (lead.name, lead.organisation, number) if part)),)


def legal(view: View, reading: Reading, responsibility: Sequence[str]) -> Topic:
    """Legal status with its period, and who holds parental responsibility."""
    made = _topic("plans", "Legal", reading.everything.of(*_LEGAL), view, reading)
    figures = (Fig("Parental responsibility", joined(responsibility)),) if responsibility else ()
    said = tuple(note for note in made.notes if note.kind != "not-connected") or made.notes
    return replace(made, id="legal", figures=figures, notes=said)


def health(view: View, reading: Reading, now: datetime) -> Topic:
    """Everything of the health section, and the one sentence that may say that a list is empty."""
    found = [r for r in reading.everything.section("health") if r.fact.code not in _LISTS]
    return replace(_topic("health", "Health", found, view, reading), tag=no_allergies(reading, now))


def no_allergies(reading: Reading, now: datetime) -> str:
    """Only where a source answered fully, its own list says that it is empty, and no other has an allergy."""
    if reading.everything.of("allergy"):
        return ""
    for record in reading.everything.of("allergy-list"):
        if _says_empty(record):
            as_at = when.as_at_in_full(record.line.as_at or now, now)
            return f"No allergies recorded by {record.line.agency_name} as at {as_at}"
    return ""


def _says_empty(record: Record) -> bool:
    reasons = codes(record.resource, "emptyReason")
    whole = settled(record.line) and record.line.state is not State.ANSWERED_WITHHELD
    return whole and bool(reasons & _EMPTY) and not each(record.resource, "entry") and not record.held_back


def others(view: View, reading: Reading) -> tuple[Topic, ...]:
    """Education, police and youth justice, housing; and facts that this page has no section for."""
    named = [("education", "Education"), ("police", "Police and youth justice"), ("housing", "Housing")]
    if reading.everything.section("other"):
        named.append(("other", "Other information"))
    return tuple(_topic(id_, title, reading.everything.section(id_), view, reading) for id_, title in named)


def _topic(id_: str, title: str, found: Sequence[Record], view: View, reading: Reading) -> Topic:
    made = items(found, reading)
    beside = notes(view.lines, id_, view.asked_at, shown=bool(made))
    return Topic(id_, title, made, beside, standing=word(beside, len(made)))
