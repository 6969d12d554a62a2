"""The clock that people read: it starts where it is told, runs, and shows London's time."""

import time
from datetime import UTC, datetime, timedelta

from gateway.clock import LONDON, real, starting_at


def test_a_clock_starts_where_it_is_told_and_runs_on() -> None:
    start = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)
    clock = starting_at(start)
    first = clock()
    time.sleep(0.02)

    assert timedelta() <= first - start < timedelta(seconds=5)
    assert clock() - first >= timedelta(seconds=0.02)


def test_summer_and_winter_are_shown_with_their_offsets() -> None:
    summer = starting_at(datetime(2026, 7, 1, 11, 0, tzinfo=UTC))()
    winter = starting_at(datetime(2026, 12, 1, 11, 0, tzinfo=UTC))()

    assert (summer.hour, summer.utcoffset()) == (12, timedelta(hours=1))
    assert (winter.hour, winter.utcoffset()) == (11, timedelta())


def test_the_doubled_hour_in_october_keeps_its_order() -> None:
    first = starting_at(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))()
    second = starting_at(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))()

    assert (first.hour, second.hour) == (1, 1)
    assert (first.fold, second.fold) == (0, 1)
    assert first.isoformat()[-6:] == "+01:00"
    assert second.isoformat()[-6:] == "+00:00"


def test_the_real_clock_shows_now_with_an_offset() -> None:
    assert abs(real() - datetime.now(UTC)) < timedelta(seconds=5)
    assert real().utcoffset() is not None
