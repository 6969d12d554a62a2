"""The chart of the last twelve months: a lane for each agency, bands for episodes, marks for events.

Its width is that of the page's main column; the marks are links to the rows of the list below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.federation.receipt import Line, State
from gateway.federation.view import View
from gateway.viewer.bands import LANE, STEP, Band, bands, lane_height
from gateway.viewer.chart import Bar, Chart, Dot, Label, Lane, Row
from gateway.viewer.marks import agency, colour
from gateway.viewer.parts import Item
from gateway.viewer.standing import leaves_a_hole, not_known_because
from gateway.viewer.when import MONTHS, day_month

WIDTH, LEFT, TOP, SLIM = 1086, 158, 26, 30
_CHARACTER, _DOT = 6.7, 13


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to pixels over the last twelve months."""

    first: date
    last: date

    def x(self, day: date) -> float:
        part = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(LEFT + part * (WIDTH - LEFT - 24), 1)


def chart(rows: Sequence[Row], view: View, today: date) -> Chart | None:
    """The chart for a timeline's rows, oldest first; None if there is no event to draw."""
    shown = [row for row in rows if row.months == 12]
    if not any(row.item for row in shown):
        return None
    first = date(today.year - 1, today.month, 1) + timedelta(days=32)
    scale = Scale(first.replace(day=1), today)
    lanes = _lanes(shown, view)
    height = (lanes[-1].y + lanes[-1].height) if lanes else TOP
    dots, labels = _marks(shown, lanes, scale)
    return Chart(
        width=WIDTH,
        height=int(height) + 22,
        lanes=tuple(lanes),
        bars=(*_gaps(shown, scale, height), *_bands(shown, lanes, scale), *_unknown(view, lanes)),
        dots=dots,
        labels=labels,
        months=_months(scale),
        today=scale.x(today),
        today_text=f"Today {day_month(today)}",
    )


def _lanes(rows: Sequence[Row], view: View) -> list[Lane]:
    """A lane for each organisation with an event or an unknown, in the strip's order."""
    drawn = {row.item.marks[0].source for row in rows if row.item}
    shown_bands = bands(rows)
    found: list[Lane] = []
    seen: set[str] = set()
    y = float(TOP)
    for line in view.lines:
        used = line.source in drawn or (line.counted and leaves_a_hole(line, view.lines))
        if not used or line.agency_name in seen:
            continue
        seen.add(line.agency_name)
        height = lane_height(shown_bands, _sources(line, view)) if line.source in drawn else SLIM
        found.append(
            Lane(y, height, colour(line.agency), agency(line.agency), line.agency_name, _sources(line, view))
        )
        y += height
    return found


def _sources(line: Line, view: View) -> tuple[str, ...]:
    return tuple(other.source for other in view.lines if other.agency_name == line.agency_name)


def _lane(item: Item, lanes: Sequence[Lane]) -> Lane | None:
    return next((lane for lane in lanes if item.marks[0].source in lane.sources), None)


def _marks(
    rows: Sequence[Row], lanes: Sequence[Lane], scale: Scale
) -> tuple[tuple[Dot, ...], tuple[Label, ...]]:
    """Dots at their dates, each with its words on the side that is free, or its number alone."""
    dots: list[Dot] = []
    labels: list[Label] = []
    for lane in lanes:
        row_x = [
            (row, scale.x(date.fromisoformat(row.item.day)))
            for row in rows
            if row.item and _lane(row.item, lanes) is lane
        ]
        free_from = float(LEFT)
        for place, (row, x) in enumerate(_apart(row_x)):
            following = row_x[place + 1][1] - 16 if place + 1 < len(row_x) else float(WIDTH - 4)
            dots.append(_dot(row, lane, x))
            label, free_from = _label(row, lane, x, free_from, following)
            labels += [label] if label else []
    return tuple(dots), tuple(labels)


def _apart(placed: Sequence[tuple[Row, float]]) -> list[tuple[Row, float]]:
    """Marks of one lane moved along so that none hides another."""
    found: list[tuple[Row, float]] = []
    for row, x in placed:
        found.append((row, max(x, found[-1][1] + 2 * _DOT) if found else x))
    return found


def _dot(row: Row, lane: Lane, x: float) -> Dot:
    title = row.item.title if row.item else ""
    return Dot(x, _middle(lane), row.number, row.shape, lane.kind, f"event-{row.number}", title)


def _middle(lane: Lane) -> float:
    return lane.y + (lane.height / 2 if lane.height <= LANE else lane.height - 20)


def _label(row: Row, lane: Lane, x: float, left: float, right: float) -> tuple[Label | None, float]:
    text = row.item.title if row.item else ""
    width = len(text) * _CHARACTER + _DOT + 6
    y = _middle(lane) + 4
    if x + width < right:
        return Label(x + _DOT + 5, y, text), x + width
    if x - width > left:
        return Label(x - _DOT - 5, y, text, "end"), x + _DOT
    return None, x + _DOT


def _bands(rows: Sequence[Row], lanes: Sequence[Lane], scale: Scale) -> list[Bar]:
    """Episodes as bands along the top of their lane."""
    found = []
    for band in bands(rows):
        lane = next((lane for lane in lanes if band.source in lane.sources), None)
        start = scale.x(band.start)
        end = scale.x(min(band.end or scale.last, scale.last))
        if lane:
            found.append(_bar(band, lane, start, max(end - start, 4)))
    return found


def _bar(band: Band, lane: Lane, x: float, width: float) -> Bar:
    words = band.title if len(band.title) * _CHARACTER + 12 < width else ""
    return Bar(x, lane.y + 4 + band.level * STEP, width, 19, f"band {lane.kind}", words)


def _gaps(rows: Sequence[Row], scale: Scale, bottom: float) -> list[Bar]:
    found = []
    for row in rows:
        if not row.gap:
            continue
        start, end = (max(date.fromisoformat(day), scale.first) for day in row.gap)
        width = scale.x(end) - scale.x(start)
        if width > 0:
            found.append(Bar(scale.x(start), TOP, width, bottom - TOP, "gap", "Gap" if width > 40 else ""))
    return found


def _unknown(view: View, lanes: Sequence[Lane]) -> list[Bar]:
    found = []
    for line in view.lines:
        lane = next((lane for lane in lanes if line.source in lane.sources), None)
        if (
            lane is None
            or not line.counted
            or not leaves_a_hole(line, view.lines)
            or line.state is State.STALE
        ):
            continue
        words = not_known_because(line) + ("." if line.pending else ". This lane is not empty.")
        look = "asking" if line.pending else "unknown"
        found.append(Bar(LEFT, lane.y + lane.height - 25, WIDTH - LEFT - 10, 20, look, words))
    return found


def _months(scale: Scale) -> tuple[Label, ...]:
    found, day = [], scale.first
    while day < scale.last:
        year = f" {day.year}" if day.month == 1 or day == scale.first else ""
        found.append(Label(scale.x(day), 14, f"{MONTHS[day.month - 1]}{year}"))
        day = (day + timedelta(days=32)).replace(day=1)
    return tuple(found)
