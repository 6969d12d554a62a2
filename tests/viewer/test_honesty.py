"""An error is never "none": what the page and the terminal may say of a source that did not answer fully.

Every source in turn, then all of them, in every way of not answering; design/architecture.md, fixed point 2.
"""

import re
from dataclasses import replace

import pytest
from lxml import html

from gateway.federation.receipt import Line, State
from gateway.federation.view import View
from gateway.viewer import text
from gateway.viewer.page import Page
from gateway.viewer.render import render_first, render_whole
from tests.viewer import maya
from tests.viewer.building import NOW, SATURDAY

FORBIDDEN = re.compile(
    r"\bnone\b|no concerns|nothing held|holds? nothing|nothing recorded|\b0 items|\bnil\b", re.I
)
SAID = re.compile(r"not known|nothing is known either way|still asking|sharing paused|could not match", re.I)

WAYS: dict[str, dict[str, object]] = {
    "timed out": {"state": State.TIMED_OUT, "seconds": 6.0},
    "unreadable": {"state": State.ERROR, "reference": "4711"},
    "unmatched": {"state": State.IDENTITY_UNMATCHED},
    "paused": {"state": State.PAUSED},
    "stale": {"state": State.STALE, "as_at": SATURDAY},
    "breaker open": {"state": State.TIMED_OUT, "since": SATURDAY},
    "still asked": {"state": State.TIMED_OUT, "pending": True, "seconds": None},
}
ASKED = [one for one in maya.answered().lines if one.state is not State.NOT_CONNECTED]
# every section, and the ids of the parts of the page in which it stands
PLACES = {
    "alerts": ("alerts",),
    "voice": ("voice",),
    "involved": ("involved",),
    "plans": ("plans", "legal"),
    "health": ("health",),
    "education": ("education",),
    "police": ("police",),
    "housing": ("housing",),
    "family": ("family",),
    "chronology": ("timeline",),
}
FED = [section for section in PLACES if any(section in one.sections for one in ASKED)]


def failing(*sources: str, way: str) -> View:
    """The view in which these sources fail in this way: their resources are not there."""
    lines = tuple(_fail(one, way) if one.source in sources else one for one in maya.answered().lines)
    kept = tuple(
        r for r in maya.answered().resources if r["meta"]["source"].rpartition("/")[2] not in sources
    )
    pending = any(one.pending for one in lines)
    return replace(maya.VIEW, lines=lines, resources=kept, notices=(), finished=not pending)


def _fail(one: Line, way: str) -> Line:
    changes = {"items": 0, "text": "", "as_at": None, **WAYS[way]}
    return replace(one, **changes)  # type: ignore[arg-type]  # a dict of keywords


def parts(page: Page) -> dict[str, str]:
    """The text of each part of the page by its id."""
    tree = html.fromstring(render_whole(page).decode())
    return {str(e.get("id")): " ".join(map(str, e.itertext())) for e in tree.iter() if e.get("id")}


def words(page: Page) -> str:
    tree = html.fromstring(render_first(page).decode() + "</body></html>")
    return " ".join(" ".join(map(str, tree.itertext())).split())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", [one.source for one in ASKED])
def test_no_source_that_failed_is_read_as_having_nothing(source: str, way: str) -> None:
    page = maya.shown(failing(source, way=way))

    assert not FORBIDDEN.search(render_whole(page).decode())
    assert not FORBIDDEN.search(text.render(page))
    name = next(one.name for one in ASKED if one.source == source)
    assert name in words(page)


@pytest.mark.parametrize("way", WAYS)
def test_when_every_source_fails_no_part_of_the_page_reads_as_empty(way: str) -> None:
    page = maya.shown(failing(*(one.source for one in ASKED), way=way))

    assert not FORBIDDEN.search(render_whole(page).decode())
    assert not FORBIDDEN.search(text.render(page))
    assert "agencies that answered" not in words(page)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("section", FED)
def test_a_section_whose_sources_all_failed_says_that_it_is_not_known(section: str, way: str) -> None:
    feeding = [one for one in ASKED if section in one.sections]
    page = maya.shown(failing(*(one.source for one in feeding), way=way))

    for place in PLACES[section]:
        said = parts(page)[place]
        assert SAID.search(said), place
        assert not re.search(r"answered, and has sent|have not been shared here", said), place


@pytest.mark.parametrize("way", [way for way in WAYS if way != "stale"])
def test_no_allergies_is_never_said_when_the_surgery_did_not_answer(way: str) -> None:
    page = maya.shown(replace(failing("millbrook-gp", way=way), resources=maya.RESOURCES))

    assert page.health.tag == ""


def test_no_allergies_is_said_with_who_and_when_only_if_the_list_says_that_it_is_empty() -> None:
    assert maya.shown().health.tag == "No allergies recorded by Millbrook Surgery as at 21-Nov 18:00"
    without = tuple(r for r in maya.RESOURCES if r is not maya.ALLERGY_LIST)
    assert maya.shown(replace(maya.VIEW, resources=without)).health.tag == ""
    withheld = {**maya.ALLERGY_LIST, "emptyReason": {"coding": [{"code": "withheld"}]}}
    assert maya.shown(replace(maya.VIEW, resources=(*without, withheld))).health.tag == ""


def test_records_that_came_before_a_failure_are_shown_as_a_part() -> None:
    police = replace(maya.POLICE, items=1, state=State.TIMED_OUT)
    view = replace(maya.answered(), lines=maya.swapped(maya.answered().lines, police))
    said = parts(maya.shown(view))["police"]

    assert "Domestic abuse incident" in said
    assert "Not known in full - Northshire Police answered in part, then stopped." in said


def test_no_gap_is_claimed_when_no_agency_answered() -> None:
    page = maya.shown(failing(*(one.source for one in ASKED), way="timed out"))
    with_events = maya.shown(
        replace(failing(*(one.source for one in ASKED), way="timed out"), resources=maya.RESOURCES)
    )

    assert page.timeline.rows == ()
    assert all(row.item for row in with_events.timeline.rows)


def test_answered_none_has_the_one_sentence_for_a_source_with_nothing_to_share() -> None:
    nothing = replace(maya.POLICE, state=State.ANSWERED_NONE, items=0, as_at=NOW, text="")
    page = maya.shown(replace(maya.VIEW, lines=maya.swapped(maya.LINES, nothing)))

    assert "Answered. Northshire Police have nothing that they can share about this child." in words(page)
    assert "Alerts - incomplete" not in words(page)
