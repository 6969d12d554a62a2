"""A breaker for each source: after failures in a row it is left alone for a while, then probed once.

https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Failure


@dataclass(slots=True)
class Breaker:
    """One source's state in this process. `opened_by` is the failure that the skipped answers carry."""

    failures_to_open: int = 5
    open_seconds: float = 10.0
    concurrency: int = 16
    failures: int = 0
    opened_by: Failure | None = None
    since: datetime | None = None
    _open_until: float = 0.0
    _probing: bool = False
    _slots: asyncio.Semaphore | None = field(default=None, repr=False)

    @property
    def slots(self) -> asyncio.Semaphore:
        """The questions that may be under way at this source at once."""
        if self._slots is None:
            self._slots = asyncio.Semaphore(self.concurrency)
        return self._slots

    def lets_through(self) -> bool:
        """A question may go out now; when half-open, exactly one may."""
        if self.opened_by is None:
            return True
        if self._probing or time.monotonic() < self._open_until:
            return False
        self._probing = True
        return True

    def abandon(self) -> None:
        """The question ended with nobody waiting for it: it says nothing about the source."""
        self._probing = False

    def record(self, failure: Failure | None, now: datetime) -> None:
        """What became of a question that was let through."""
        self._probing = False
        if failure not in (Failure.TIMED_OUT, Failure.UNAVAILABLE, Failure.THROTTLED):
            self.failures, self.opened_by, self.since = 0, None, None
            return
        self.failures += 1
        if self.failures >= self.failures_to_open:
            self._open_until = time.monotonic() + self.open_seconds
            self.since = self.since if self.opened_by else now
            self.opened_by = failure
