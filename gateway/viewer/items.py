"""A record as one item of a list or table, with its provenance in visible words.

Identical facts of several sources are grouped under one title and keep each their mark; none is merged.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gateway.viewer import age, times, what
from gateway.viewer.asking import Ask
from gateway.viewer.elements import codes, text_at
from gateway.viewer.nested import Nested
from gateway.viewer.parts import Item
from gateway.viewer.people import recorded_by
from gateway.viewer.records import Record, Records
from gateway.viewer.when import When
from gateway.viewer.words import key


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to put records into words."""

    everything: Records
    birth: When | None
    ask: Ask
    nested: Nested


def item(record: Record, reading: Reading) -> Item:
    """One record in words."""
    first, last = times.start(record), times.end(record)
    return Item(
        anchor="",
        fact=record.fact.code,
        label=record.fact.label,
        title=what.title(record),
        detail=(*what.detail(record, reading.everything), *reading.nested.lines.get(record.reference, ())),
        when=times.span(record),
        date=first.text if first else "",
        clock=times.clock(record),
        day=_iso(first),
        age=age.at_event(reading.birth, first) if first else "",
        recorded_by=recorded_by(record, reading.everything),
        recorded=times.recorded(record),
        marks=(record.mark,),
        held_back=held_back(record, reading),
        tags=_tags(record),
        happened=what.happened(record),
        period=(_iso(first), _iso(last)),
    )


def held_back(record: Record, reading: Reading) -> str:
    """The line that says that something is held back; empty if nothing is."""
    bare = not what.named(record)
    return reading.ask.about(record, bare=bare) if record.held_back else ""


def _iso(moment: When | None) -> str:
    return moment.day.isoformat() if moment else ""


def _tags(record: Record) -> tuple[str, ...]:
    """Statuses that change what a line means."""
    status = text_at(record.resource, "status")
    clinical = codes(record.resource, "clinicalStatus") | codes(record.resource, "verificationStatus")
    found = []
    if status == "entered-in-error" or "entered-in-error" in clinical:
        found.append("Entered in error - do not use")
    found += [
        word for word in ("refuted", "resolved", "inactive", "unconfirmed", "provisional") if word in clinical
    ]
    found += [word for word in ("preliminary", "stopped", "on-hold", "planned") if word == status]
    return tuple(found)


def items(found: Iterable[Record], reading: Reading) -> tuple[Item, ...]:
    """Records in words, newest first, the same fact of several sources grouped."""
    made = [item(record, reading) for record in found if record.reference not in reading.nested.parts]
    return grouped(sorted(made, key=lambda one: one.day, reverse=True))


def grouped(made: Iterable[Item]) -> tuple[Item, ...]:
    """Items that say the same of the same day as one, with every source's mark beside it."""
    found: list[Item] = []
    places: dict[tuple[str, str, str], list[int]] = {}
    for one in made:
        same = places.setdefault((one.fact, key(one.title), one.day), [])
        twin = next((at for at in same if _says_the_same(found[at], one)), None)
        if twin is None:
            same.append(len(found))
            found.append(one)
        else:
            found[twin] = _beside(found[twin], one)
    return tuple(found)


def _says_the_same(one: Item, other: Item) -> bool:
    """From different sources, and neither says anything that contradicts or hides the other."""
    if {mark.source for mark in one.marks} & {mark.source for mark in other.marks}:
        return False  # two entries of one source are two entries, however alike
    words, more = set(map(key, one.detail)), set(map(key, other.detail))
    ends = {one.period[1], other.period[1]} - {""}
    return (words <= more or more <= words) and len(ends) < 2 and one.held_back == other.held_back


def _beside(one: Item, other: Item) -> Item:
    fuller = max(one, other, key=lambda item: (len(item.detail), item.period[1] != ""))
    return replace(fuller, marks=(*one.marks, *other.marks))
