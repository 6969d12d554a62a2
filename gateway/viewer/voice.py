"""The child's own words, and what helps them: beside the alerts, before anything that adults wrote.

https://hl7.org/fhir/R4/observation.html
"""

from gateway.federation.view import View
from gateway.viewer import times, what
from gateway.viewer.elements import concept_at, each, text_at
from gateway.viewer.items import Reading, held_back, item
from gateway.viewer.parts import Note, Voice, Words
from gateway.viewer.people import recorded_by
from gateway.viewer.records import Record
from gateway.viewer.standing import notes

_OWN = {"female": "her", "male": "his"}


def voice(view: View, first_name: str, reading: Reading) -> Voice:
    """The panel, newest words first."""
    said = _words("voice-of-child", reading)
    helps = _words("what-helps", reading)
    answers = tuple(item(record, reading) for record in reading.everything.of("child-survey"))
    own = _OWN.get(text_at(view.patient, "gender"), "their")
    found = notes(view.lines, "voice", view.asked_at, shown=bool(said or helps))
    return Voice(f"{first_name} in {own} words", said, helps, _kinder(found, first_name), answers)


def _kinder(found: tuple[Note, ...], first_name: str) -> tuple[Note, ...]:
    """The empty panel speaks of the child, not of systems."""
    if all(note.kind == "answered" for note in found) and found:
        return (
            Note("answered", f"{first_name}’s own words have not been shared here yet. Ask {first_name}."),
        )
    return found


def _words(fact: str, reading: Reading) -> tuple[Words, ...]:
    found = sorted(reading.everything.of(fact), key=_day, reverse=True)
    return tuple(_one(record, reading) for record in found)


def _day(record: Record) -> str:
    moment = times.start(record)
    return moment.day.isoformat() if moment else ""


def _one(record: Record, reading: Reading) -> Words:
    notes_ = [text_at(note, "text") for note in each(record.resource, "note")]
    text = what.value(record.resource) or next((note for note in notes_ if note), "")
    who = recorded_by(record, reading.everything)
    how = next((note for note in notes_ if note and note != text), concept_at(record.resource, "method"))
    return Words(
        text=text,
        how=", ".join(part for part in (f"said to {who}" if who else "", how[:1].lower() + how[1:]) if part),
        recorded=times.recorded(record),
        mark=record.mark,
        held_back=held_back(record, reading),
    )
