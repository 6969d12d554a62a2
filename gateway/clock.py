"""The clock: passed in wherever a time is shown or recorded, so that a demo and a test can set it.

Deadlines use the loop's monotonic time and token expiry the real clock, never this one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
Clock = Callable[[], datetime]


def real() -> datetime:
    """Now, in London."""
    return datetime.now(LONDON)


def starting_at(start: datetime) -> Clock:
    """A clock that shows `start` (aware) now and runs on from there."""
    offset = start - datetime.now(UTC)
    return lambda: (datetime.now(UTC) + offset).astimezone(LONDON)
