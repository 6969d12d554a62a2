"""A breaker leaves a failing source alone for a while, then lets exactly one question through."""

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import Failure
from gateway.clock import LONDON
from gateway.federation.breaker import Breaker

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)
LATER = datetime(2026, 11, 22, 2, 9, tzinfo=LONDON)
TROUBLE = [Failure.TIMED_OUT, Failure.UNAVAILABLE, Failure.THROTTLED]
ANSWERS = [None, *(failure for failure in Failure if failure not in TROUBLE)]


def opened(seconds: float = 60.0, failure: Failure = Failure.TIMED_OUT) -> Breaker:
    breaker = Breaker(failures_to_open=3, open_seconds=seconds)
    for _ in range(3):
        assert breaker.lets_through()
        breaker.record(failure, NOW)
    return breaker


@pytest.mark.parametrize("failure", TROUBLE)
def test_failures_in_a_row_open_it_and_the_skipped_answers_say_by_what_and_since_when(
    failure: Failure,
) -> None:
    breaker = opened(failure=failure)

    assert not breaker.lets_through()
    assert (breaker.opened_by, breaker.since) == (failure, NOW)


@pytest.mark.parametrize("answer", ANSWERS)
def test_any_answer_that_is_not_trouble_closes_it(answer: Failure | None) -> None:
    breaker = opened(seconds=0)
    assert breaker.lets_through()

    breaker.record(answer, LATER)

    assert (breaker.failures, breaker.opened_by, breaker.since) == (0, None, None)
    assert all(breaker.lets_through() for _ in range(10))


@pytest.mark.parametrize("answer", ANSWERS)
def test_failures_that_are_not_in_a_row_do_not_open_it(answer: Failure | None) -> None:
    breaker = Breaker(failures_to_open=2)
    for _ in range(10):
        breaker.record(Failure.TIMED_OUT, NOW)
        breaker.record(answer, NOW)

    assert breaker.lets_through()


def test_after_its_time_exactly_one_question_goes_out() -> None:
    breaker = opened(seconds=0.05)
    time.sleep(0.06)

    assert [breaker.lets_through() for _ in range(20)] == [True] + [False] * 19


def test_a_probe_that_fails_opens_it_again_for_as_long_and_keeps_since_when() -> None:
    breaker = opened(seconds=0.05)
    time.sleep(0.06)
    assert breaker.lets_through()
    breaker.open_seconds = 60

    breaker.record(Failure.UNAVAILABLE, LATER)

    assert not any(breaker.lets_through() for _ in range(5))
    assert (breaker.opened_by, breaker.since) == (Failure.UNAVAILABLE, NOW)


def test_a_probe_that_nobody_waited_for_lets_another_go_out() -> None:
    breaker = opened(seconds=0)
    assert breaker.lets_through()
    assert not breaker.lets_through()

    breaker.abandon()

    assert breaker.lets_through()


def test_a_probe_that_is_let_through_while_an_older_question_ends_stays_the_only_one() -> None:
    """An older question, let through before the breaker opened, may end while the probe is out."""
    breaker = opened(seconds=30)
    breaker.record(Failure.TIMED_OUT, LATER)

    assert not breaker.lets_through()


async def test_only_so_many_questions_are_under_way_at_once() -> None:
    breaker = Breaker(concurrency=2)

    async with breaker.slots, breaker.slots:
        assert breaker.slots.locked()
    assert not breaker.slots.locked()


@given(st.lists(st.sampled_from(["ask", "fail", "answer", "abandon"]), max_size=60), st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_whatever_happens_at_most_one_question_is_out_while_it_is_open(steps: list[str], limit: int) -> None:
    breaker = Breaker(failures_to_open=limit, open_seconds=0)
    under_way = 0
    for step in steps:
        was_open = breaker.opened_by is not None
        if step == "ask":
            through = breaker.lets_through()
            assert through or was_open
            assert not (through and was_open and under_way)
            under_way += through
        elif under_way and step == "abandon":
            under_way -= 1
            breaker.abandon()
        elif under_way:
            # the others that were under way when it opened have ended by then: their deadline is shorter
            under_way = 0
            breaker.record(Failure.TIMED_OUT if step == "fail" else None, NOW)
