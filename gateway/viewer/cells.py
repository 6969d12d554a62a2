"""One cell per agency: a mark, an outline and a few words.

Cells keep their place from the first paint on, so their order and number depend on nothing that changes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from gateway.federation.receipt import Line, State
from gateway.viewer import when
from gateway.viewer.marks import AGENCIES, agency
from gateway.viewer.standing import LOOKS, look
from gateway.viewer.strip import Cell
from gateway.viewer.words import plural

_ROW = 7
_NEVER_ASKED = (State.NOT_CONNECTED, State.NOT_ASKED)
_ORDER = list(AGENCIES)
_WORST = ("asking", "unknown", "paused", "stale", "held-back", "ok", "off")


def cells(lines: Iterable[Line], now: datetime) -> tuple[Cell, ...]:
    """The strip's cells in their fixed order; agencies never asked are folded into one if they are many."""
    groups = _groups([line for line in lines if line.counted])
    asked = [group for group in groups if not _never_asked(group)]
    absent = [group for group in groups if _never_asked(group)]
    twice = _twice(groups)
    short = len(asked) + min(len(absent), 1) > _ROW
    shown = [_cell(group, now, twice, short=short) for group in asked]
    if len(groups) <= _ROW:
        return (*shown, *(_cell(group, now, twice) for group in absent))
    return (*shown, _folded(absent)) if absent else tuple(shown)


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each organisation together."""
    found: dict[str, list[Line]] = {}
    for line in sorted(lines, key=_place):
        found.setdefault(line.agency_name, []).append(line)
    return list(found.values())


def _place(line: Line) -> tuple[int, str]:
    order = _ORDER.index(line.agency) if line.agency in _ORDER else len(_ORDER)
    return order, line.agency_name


def _never_asked(group: Sequence[Line]) -> bool:
    return all(not line.pending and line.state in _NEVER_ASKED for line in group)


def _twice(groups: Sequence[Sequence[Line]]) -> set[str]:
    labels = [agency(group[0].agency) for group in groups]
    return {label for label in labels if labels.count(label) > 1}


def _cell(group: Sequence[Line], now: datetime, twice: set[str], *, short: bool = False) -> Cell:
    first = group[0]
    name = agency(first.agency)
    if name in twice:
        name = first.agency_name
    worst = min(group, key=lambda line: _WORST.index(look(line)))
    return Cell(
        key=f"cell-{first.source}",
        label=name,
        text=_text(group, worst, now, short=short),
        look=look(worst),
        sources=tuple(line.source for line in group),
    )


def _text(group: Sequence[Line], worst: Line, now: datetime, *, short: bool) -> str:
    if not worst.pending and worst.state in (State.ANSWERED_DATA, State.ANSWERED_NONE):
        return _answered(group, now, short=short)
    words = _words(worst, now)
    return f"{worst.name}: {words}" if len(group) > 1 and LOOKS[worst.state] == "unknown" else words


def _answered(group: Sequence[Line], now: datetime, *, short: bool) -> str:
    items = sum(line.items for line in group)
    stated = [line.as_at for line in group if line.as_at]
    as_at = when.as_at(min(stated), now) if stated else ""
    if not items:
        return f"Answered, as at {as_at}" if as_at and not short else "Answered"
    count = plural(items, "item")
    if not as_at:
        return count
    if short:
        return count if ":" in as_at and " " not in as_at else f"{count}, {as_at}"
    return f"{count}, as at {as_at}"


def _words(line: Line, now: datetime) -> str:
    if line.pending:
        return "Asking now"
    if line.items and line.state in (State.TIMED_OUT, State.ERROR):
        return f"In part: {plural(line.items, 'item')}"
    after = f" after {max(1, round(line.seconds))} s" if line.seconds is not None else ""
    return {
        State.ANSWERED_WITHHELD: f"{plural(line.items, 'item')}, some held back"
        if line.items
        else "Held back",
        State.NOT_ASKED: "Not asked",
        State.NOT_CONNECTED: "Not connected",
        State.STALE: f"Copy from {when.as_at_in_full(line.as_at, now)}" if line.as_at else "An older copy",
        State.PAUSED: "Sharing paused",
        State.IDENTITY_UNMATCHED: "Could not match",
        State.TIMED_OUT: f"No answer{after}",
        State.ERROR: "Could not be read",
    }.get(line.state, "")


def _folded(absent: Sequence[Sequence[Line]]) -> Cell:
    states = {line.state for group in absent for line in group}
    text = "Not connected" if states == {State.NOT_CONNECTED} else "Not connected or asked"
    text = "Not asked" if states == {State.NOT_ASKED} else text
    label = plural(len(absent), "more agency", "more agencies")
    return Cell("cell-more", label, text, "off", count=len(absent))
