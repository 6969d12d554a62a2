"""Episodes as bands: which stand above which, so that none covers another.

A band runs from an episode's start to its end, or to today.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.viewer.chart import Row
from gateway.viewer.parts import Item

LANE, STEP, MARKS = 46, 22, 38
_STARTS = " starts"


@dataclass(frozen=True, slots=True)
class Band:
    """One episode: its level is 0 for the topmost band of its lane."""

    source: str
    title: str
    start: date
    end: date | None
    level: int


def bands(rows: Sequence[Row]) -> tuple[Band, ...]:
    """The bands of the episodes that start in these rows, oldest first."""
    found: list[Band] = []
    for row in rows:
        if row.item is not None and row.item.title.endswith(_STARTS):
            found.append(_band(row.item, found))
    return tuple(found)


def _band(item: Item, before: Sequence[Band]) -> Band:
    source, start = item.marks[0].source, date.fromisoformat(item.day)
    end = date.fromisoformat(item.period[1]) if item.period[1] else None
    open_ = {b.level for b in before if b.source == source and (b.end is None or b.end > start)}
    level = next(n for n in range(len(open_) + 1) if n not in open_)
    return Band(source, item.title.removesuffix(_STARTS), start, end, level)


def lane_height(found: Sequence[Band], sources: Collection[str]) -> int:
    """A lane's height: room for its bands, one above the other, and for its marks."""
    levels = max((band.level + 1 for band in found if band.source in sources), default=0)
    return MARKS + STEP * levels if levels else LANE
