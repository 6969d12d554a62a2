"""The ten states of a source, the sentence for each, and that an error never reads as "none"."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.decision import Outcome, Ruling
from connectors.base import Failure
from gateway.clock import LONDON
from gateway.federation.answer import Answer, Match
from gateway.federation.filter import Shown
from gateway.federation.lines import Asked, line
from gateway.federation.receipt import State, worst
from gateway.federation.wording import sentence
from tests.gateway.connections import source
from tests.gateway.resources import item, resources

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)
LIVE = source("police")
NIGHTLY = source("census", refreshed="nightly")
PERMITTED = Ruling(Outcome.PERMIT, ("P-03",))
REFUSED = Ruling(Outcome.DENY, ("P-03",), "No agreement covers this.")
FOUND = Answer("police", Match.FOUND, seconds=0.4)
SOME = Shown(resources=list(resources()[:2]))
HELD = Shown(held_back=[(item(resources()[0]), REFUSED)])
BASE = Asked(LIVE, frozenset({"police"}), PERMITTED, FOUND, SOME)
FORBIDDEN = re.compile(
    r"\bnone\b|no concerns|nothing held|nothing recorded|\b0 items|\bempty\b|no record", re.I
)


def old(hours: float) -> Answer:
    return replace(FOUND, as_at=NOW - timedelta(hours=hours))


REACHED = [
    (State.ANSWERED_DATA, BASE),
    (State.ANSWERED_NONE, replace(BASE, shown=Shown())),
    (State.ANSWERED_NONE, replace(BASE, answer=replace(FOUND, match=Match.NOT_HELD), shown=Shown())),
    (State.ANSWERED_WITHHELD, replace(BASE, shown=HELD)),
    (State.ANSWERED_WITHHELD, replace(BASE, shown=replace(HELD, resources=SOME.resources))),
    (State.NOT_ASKED, replace(BASE, ruling=REFUSED, answer=None, shown=None)),
    (State.NOT_ASKED, replace(BASE, ruling=None, answer=None, shown=None)),
    (State.NOT_ASKED, replace(BASE, ruling=replace(PERMITTED, outcome=Outcome.REVIEW))),
    (State.NOT_CONNECTED, replace(BASE, source=source("nursery", system=""), ruling=None, answer=None)),
    (State.TIMED_OUT, replace(BASE, answer=replace(FOUND, failure=Failure.TIMED_OUT))),
    (State.TIMED_OUT, replace(BASE, answer=None, shown=None)),
    *((State.ERROR, replace(BASE, answer=replace(FOUND, failure=f))) for f in (
        Failure.UNAVAILABLE, Failure.REJECTED, Failure.THROTTLED, Failure.UNREADABLE, Failure.TOO_LARGE,
    )),
    (State.ERROR, replace(BASE, answer=replace(FOUND, faulty={"x": 1}))),
    (State.ERROR, replace(BASE, answer=replace(FOUND, match=Match.UNKNOWN), shown=Shown())),
    (State.STALE, replace(BASE, source=NIGHTLY, answer=old(37))),
    (State.STALE, replace(BASE, source=source("a", refreshed="hourly"), answer=old(2.1))),
    (State.STALE, replace(BASE, source=source("a", refreshed="weekly"), answer=old(8 * 24 + 1))),
    (State.ANSWERED_DATA, replace(BASE, source=NIGHTLY, answer=old(35))),
    (State.ANSWERED_DATA, replace(BASE, source=source("a", refreshed="hourly"), answer=old(1.9))),
    (State.ANSWERED_DATA, replace(BASE, answer=old(1000))),
    (State.IDENTITY_UNMATCHED, replace(BASE, answer=replace(FOUND, match=Match.UNMATCHED), shown=Shown())),
    (State.IDENTITY_UNMATCHED, replace(BASE, answer=replace(FOUND, failure=Failure.UNSUPPORTED))),
    (State.IDENTITY_UNMATCHED, replace(BASE, answer=replace(FOUND, foreign=1))),
    (State.PAUSED, replace(BASE, paused=True, answer=None, shown=None)),
    (State.PAUSED, replace(BASE, answer=replace(FOUND, failure=Failure.PAUSED))),
]  # fmt: skip


@pytest.mark.parametrize(("state", "asked"), REACHED)
def test_a_source_is_in_the_state_that_its_answer_means(state: State, asked: Asked) -> None:
    assert line(asked, NOW).state is state


def test_all_ten_states_are_reached() -> None:
    assert {state for state, _ in REACHED} == set(State)
    assert len(State) == 10


@pytest.mark.parametrize(("state", "asked"), REACHED)
def test_a_state_that_is_not_a_full_answer_never_reads_as_none(state: State, asked: Asked) -> None:
    drawn = line(asked, NOW)

    if state not in (State.ANSWERED_DATA, State.ANSWERED_NONE):
        assert not FORBIDDEN.search(drawn.text)
    assert drawn.text.endswith(".")


@pytest.mark.parametrize(("failure", "shown", "expected"), [
    (Failure.TIMED_OUT, Shown(), "No answer after 6 seconds. Nothing is known either way."),
    (Failure.TIMED_OUT, SOME, "Answered in part: 2 items, then nothing. Nothing more is known either way."),
    (Failure.UNREADABLE, Shown(), "Answer could not be read (error 4711). Nothing is known either way."),
    (Failure.PAUSED, Shown(), "This agency has paused sharing. Nothing is known either way. Phone them."),
])  # fmt: skip
def test_a_failure_says_that_nothing_is_known_either_way(
    failure: Failure, shown: Shown, expected: str
) -> None:
    answer = Answer("police", Match.UNKNOWN, failure, seconds=6.02, reference="4711")

    assert line(replace(BASE, answer=answer, shown=shown), NOW).text == expected


def test_a_source_skipped_by_its_breaker_says_since_when() -> None:
    since = datetime(2026, 11, 22, 2, 4, tzinfo=LONDON)
    answer = Answer("police", Match.UNKNOWN, Failure.TIMED_OUT, since=since)
    drawn = line(replace(BASE, answer=answer, shown=Shown()), NOW)

    assert (drawn.state, drawn.since) == (State.TIMED_OUT, since)
    assert drawn.text == "Not asked again since 02:04, when it did not answer. Nothing is known either way."


def test_a_source_still_asked_says_so_and_is_pending() -> None:
    drawn = line(replace(BASE, answer=None, shown=None), NOW)

    assert (drawn.pending, drawn.text) == (True, "Still asking. Nothing is known either way yet.")
    assert not any(line(asked, NOW).pending for _, asked in REACHED if asked.answer)


def test_part_of_an_answer_about_another_child_is_said_and_the_rest_counted() -> None:
    drawn = line(replace(BASE, answer=replace(FOUND, foreign=3)), NOW)

    assert drawn.text == "Answered in part: 2 items, and some about another child. Nothing more is known."


@pytest.mark.parametrize(("asked", "expected"), [
    (BASE, "Answered 02:07, 2 items, as at 02:07."),
    (replace(BASE, shown=Shown(resources=[resources()[0]])), "Answered 02:07, 1 item, as at 02:07."),
    (replace(BASE, source=NIGHTLY, answer=old(8)), "Answered 02:07, 2 items, as at Sat 21-Nov 18:07."),
    (replace(BASE, source=NIGHTLY), "Answered 02:07, 2 items, from a copy whose time is not stated."),
    (replace(BASE, shown=HELD), "Answered 02:07, as at 02:07. Some information is held back."),
    (replace(BASE, shown=Shown()),
     "Answered. Agency police have nothing that they can share about this child."),
    (replace(BASE, source=NIGHTLY, answer=old(49)),
     "Answered with an old copy, as at Fri 20-Nov 01:07. Newer facts are not known."),
])  # fmt: skip
def test_an_answer_says_when_it_was_true(asked: Asked, expected: str) -> None:
    assert line(asked, NOW).text == expected


def test_times_are_londons_whatever_zone_the_source_states_them_in() -> None:
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=LONDON)
    answer = replace(FOUND, as_at=datetime.fromisoformat("2026-07-01T10:30:00+00:00"))

    assert line(replace(BASE, source=NIGHTLY, answer=answer), summer).text.endswith("as at 11:30.")


def test_identity_sources_are_not_counted_as_agencies() -> None:
    assert not line(replace(BASE, source=source("pds", "identity")), NOW).counted
    assert line(BASE, NOW).counted


@given(st.lists(st.sampled_from(State), min_size=1))
def test_the_worst_of_several_states_is_one_of_them_and_none_is_worse(states: list[State]) -> None:
    order = list(State)

    assert worst(states) in states
    assert all(order.index(state) <= order.index(worst(states)) for state in states)


@given(
    st.sampled_from([s for s in State if s not in (State.ANSWERED_DATA, State.ANSWERED_NONE)]),
    st.text("abcdefg -", max_size=20),
    st.integers(0, 300),
    st.none() | st.floats(0, 60),
    st.none()
    | st.datetimes(timezones=st.just(LONDON), min_value=datetime(2000, 1, 1), max_value=datetime(2040, 1, 1)),
    st.text("0123456789abcdef", max_size=8),
    st.booleans(),
)
@settings(max_examples=500, deadline=None)
def test_no_sentence_but_that_of_an_answer_says_none(
    state: State,
    name: str,
    items: int,
    seconds: float | None,
    at: datetime | None,
    reference: str,
    since: bool,
) -> None:
    words = sentence(state, name, items, seconds, at, NOW, reference, at if since else None)

    assert not FORBIDDEN.search(words)
    assert state is State.ANSWERED_WITHHELD or re.search(
        "either way|not known|is known|Not asked|Not conn", words
    )


@given(
    st.sampled_from([None, *Failure]),
    st.sampled_from(Match),
    st.integers(0, 2),
    st.booleans(),
    st.sampled_from([Shown(), SOME, HELD]),
)
@settings(max_examples=500, deadline=None)
def test_only_a_full_and_matched_answer_counts_as_answered(
    failure: Failure | None, match: Match, foreign: int, faulty: bool, shown: Shown
) -> None:
    answer = Answer("police", match, failure, foreign=foreign, faulty={"x": 1} if faulty else {})

    drawn = line(replace(BASE, answer=answer, shown=shown), NOW)

    spoiled = failure or foreign or faulty or match in (Match.UNMATCHED, Match.UNKNOWN)
    assert drawn.state.answered is (not spoiled)
    assert drawn.state.incomplete is bool(spoiled)
