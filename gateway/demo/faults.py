"""The ways in which a demo agency can be made to misbehave, and the switch that does it.

`gateway demo fault SOURCE KIND [SECONDS]`. What a connector makes of each: CONTRIBUTING.md, "The connector
contract".
"""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What an agency does instead of answering; the comments say how a server and how a file does it."""

    OK = "ok"
    HANG = "hang"  # takes the question and never answers; an exclusive lock; a lease on the new file
    DOWN = "down"  # refuses connections; the file is gone
    SLOW = "slow"  # answers 1.5 s late; the lock or lease is held for 1.5 s again and again
    ERROR = "error"  # status 500; a database without its tables; a report that the export failed
    GARBAGE = "garbage"  # a log-in page with status 200; a log-in page in the place of the file
    TRUNCATE = "truncate"  # the first half of the body, as if it were the whole; half of the file
    SWAP = "swap"  # answers with another child's records
    REJECT = "reject"  # status 401; a file that may not be opened
    STALE = "stale"  # a copy nine days older than it should be
    PAUSED = "paused"  # the agency has switched sharing off: status 503 and Sharing-Status: paused


STALE_DAYS = 9
SLOW_SECONDS = 1.5
LOGIN_PAGE = (
    b"<!DOCTYPE html>\n<html lang=en><head><title>Sign in</title></head>"
    b"<body><h1>Your session has expired</h1><form><input name=user></form></body></html>\n"
)


class FaultImpossible(Exception):
    """This agency cannot misbehave in this way; the message says why."""


class Faulty(Protocol):
    """An agency that can be made to misbehave."""

    @property
    def kind(self) -> Kind: ...

    async def set(self, kind: Kind) -> None:
        """Misbehaves in this way from now on; raises FaultImpossible."""

    async def close(self) -> None:
        """Stops the agency and lets go of all that it holds."""


class Switch:
    """Sets one agency's fault, and sets it back after a while if asked to."""

    def __init__(self, agency: Faulty, changed: Callable[[], None] = lambda: None) -> None:
        self._agency = agency
        self._changed = changed
        self._back: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def kind(self) -> Kind:
        return self._agency.kind

    async def turn(self, kind: Kind, seconds: float | None = None) -> None:
        """Sets the fault, for ever or for `seconds`; raises FaultImpossible."""
        self._forget()
        async with self._one_at_a_time:
            await self._set(kind)
        if seconds is not None and kind is not Kind.OK:
            self._back = asyncio.create_task(self._turn_back(seconds))

    async def close(self) -> None:
        """Stops the agency."""
        self._forget()
        await self._agency.close()

    async def _turn_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        async with self._one_at_a_time:
            await self._set(Kind.OK)

    async def _set(self, kind: Kind) -> None:
        try:
            await self._agency.set(kind)
        finally:
            self._changed()

    def _forget(self) -> None:
        if self._back is not None:
            self._back.cancel()
            self._back = None
