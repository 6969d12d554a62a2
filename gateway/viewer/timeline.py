"""The chronology: events of all agencies newest first, with ages, and the gaps between them.

A gap says that the agencies that answered recorded no event; a lane that did not answer is not a gap.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import zip_longest

from gateway.federation.view import View
from gateway.viewer import age
from gateway.viewer.chart import Row, Timeline
from gateway.viewer.facts import facts
from gateway.viewer.items import Reading, grouped, item
from gateway.viewer.lanes import chart
from gateway.viewer.marks import agency
from gateway.viewer.parts import Item, Note
from gateway.viewer.records import Record
from gateway.viewer.standing import leaves_a_hole, not_known_because, settled
from gateway.viewer.when import When, day_month, day_text, local
from gateway.viewer.words import sentence

GAP_DAYS = 70
_PERIODS = ("CarePlan", "EpisodeOfCare")
_EVENT_SECTIONS = frozenset(fact.section for fact in facts().values() if fact.timeline)


def timeline(view: View, found: Sequence[Record], reading: Reading, now: datetime) -> Timeline:
    """All dated events of the timeline's facts, with gaps where a source answered fully."""
    today = local(now).date()
    events = [event for record in found if record.fact.timeline for event in _events(record, reading, today)]
    ordered = grouped(sorted(events, key=lambda one: (one.day, one.fact, one.title)))
    numbered = [_row(one, number, today) for number, one in enumerate(ordered, 1)]
    gaps = any(settled(line) for line in view.lines if line.counted)
    rows = _with_gaps(numbered, today) if gaps else numbered
    notes = tuple(_note(line.source, view) for line in view.lines if _lane_unknown(line.source, view))
    latest = ordered[-1].date if ordered else ""
    return Timeline(tuple(reversed(rows)), notes, latest, chart(tuple(rows), view, today))


def _events(record: Record, reading: Reading, today: date) -> list[Item]:
    """A period is two events, its start and its end; anything else is one."""
    one = item(record, reading)
    if not one.day or one.day > today.isoformat():
        return []
    if record.type not in _PERIODS:
        return [one]
    start = replace(one, title=f"{one.title} starts")
    end = one.period[1]
    if not end or end > today.isoformat():
        return [start]
    last = When(date.fromisoformat(end))
    ended = replace(
        one,
        title=f"{one.title} ends",
        day=end,
        date=last.text,
        age=age.at_event(reading.birth, last),
        detail=(),
    )
    return [start, ended]


def _row(one: Item, number: int, today: date) -> Row:
    return Row(_window(one.day, today), one, number, _shape(one))


def _window(day: str, today: date) -> int:
    months = age.months_between(date.fromisoformat(day), today)
    return 12 if months < 12 else 24 if months < 24 else 0


def _shape(one: Item) -> str:
    """Square hospital, diamond safeguarding step, hollow did-not-happen, circle anything else."""
    if not one.happened:
        return "hollow"
    if one.marks[0].kind == "hospital":
        return "square"
    fact = facts().get(one.fact)
    safeguarding = fact is not None and fact.section in ("alerts", "plans", "chronology")
    return "diamond" if safeguarding else "circle"


def _with_gaps(rows: Sequence[Row], today: date) -> list[Row]:
    """Rows in order of time with a gap row wherever ten weeks or more lie between two."""
    found: list[Row] = []
    for row, following in zip_longest(rows, rows[1:]):
        found.append(row)
        start = _day(row)
        end = _day(following) if following else today + timedelta(days=1)
        if (end - start).days > GAP_DAYS:
            found.append(_gap(start + timedelta(days=1), end - timedelta(days=1), today))
    return found


def _day(row: Row) -> date:
    return date.fromisoformat(row.item.day) if row.item else date.min


def _gap(first: date, last: date, today: date) -> Row:
    start = day_month(first) if first.year == last.year else day_text(first)
    span = f"{start} to {day_text(last)} ({age.length(first, last)})"
    return Row(
        _window(last.isoformat(), today),
        text=f"No events recorded {span} by the agencies that answered",
        gap=(first.isoformat(), last.isoformat()),
    )


def _lane_unknown(source: str, view: View) -> bool:
    line = next(line for line in view.lines if line.source == source)
    return (
        line.counted
        and leaves_a_hole(line, view.lines)
        and bool(line.sections & _EVENT_SECTIONS or not line.sections)
    )


def _note(source: str, view: View) -> Note:
    line = next(line for line in view.lines if line.source == source)
    kind = "asking" if line.pending else "unknown"
    because = not_known_because(line).removeprefix("Not known - ")
    known = "still asking" if line.pending else "not known"
    text = sentence(f"{agency(line.agency)} events: {known}. {sentence(because)}")
    return Note(kind, text, sources=(source,))
