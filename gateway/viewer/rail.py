"""The sections list: counts and states, so that an unknown section is seen without scrolling.

A count is never nought: where there is nothing to count, the words say why.
"""

from dataclasses import replace

from gateway.viewer.page import Page, RailRow
from gateway.viewer.parts import Note
from gateway.viewer.standing import word


def rail(page: Page) -> Page:
    """The page with its sections list."""
    return replace(page, rail=tuple(_rows(page)))


def _rows(page: Page) -> list[RailRow]:
    first = page.banner.first_name
    alerts = len(page.alerts.alerts) + len(page.alerts.more) + (1 if page.alerts.seen else 0)
    topics = [RailRow(t.id, _short(t.title), *t.standing) for t in page.topics]
    return [
        _row("alerts", "Alerts", page.alerts.notes, alerts),
        _row("voice", f"{first}’s words", page.voice.notes, len(page.voice.said) + len(page.voice.helps)),
        _row("involved", "Who’s involved", page.worker_notes, len(page.workers)),
        _timeline(page),
        RailRow("plans", "Plans and legal", *page.plans.standing),
        RailRow("health", "Health", *page.health.standing),
        *topics,
        RailRow("family", "Family", *page.family.standing),
        RailRow("held-back", "What’s held back", str(len(page.held_back)) if page.held_back else ""),
    ]


def _row(id_: str, title: str, notes: tuple[Note, ...], count: int) -> RailRow:
    if count:
        return RailRow(id_, title, str(count))
    return RailRow(id_, title, *word(notes, count))


def _timeline(page: Page) -> RailRow:
    text = f"latest {page.timeline.latest[:6]}" if page.timeline.latest else ""
    return (
        RailRow("timeline", "Timeline", text)
        if text
        else _row("timeline", "Timeline", page.timeline.notes, 0)
    )


def _short(title: str) -> str:
    return title.partition(" and ")[0]
