"""A few kept connections to one database, each for one question at a time.

https://docs.sqlalchemy.org/en/21/orm/extensions/asyncio.html

Twenty kinds of record are asked for one child at once. Statements go to the drivers directly: SQLAlchemy
composes them, but executing them through it costs ten times as much (0.6 against 0.04 ms on SQLite).
"""

import asyncio
import time
import traceback
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from connectors.base import SourceError
from connectors.sql_address import Address
from connectors.sql_error import DRIVER_ERRORS
from connectors.sql_statement import Statement

PART_ROWS = 500

_IDLE_SECONDS = 60.0
_CHECKED_SECONDS = 0.01
_STEPS_BETWEEN_CHECKS = 10_000


@dataclass(slots=True)
class Line:
    """One connection. `until` ends a statement of SQLite, which no one else can; 0 ends it at once."""

    connection: AsyncConnection
    driver: Any
    backend: str
    version: object
    timeout: float
    until: float = float("inf")
    used: float = 0.0

    async def rows(self, statement: Statement, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows of a statement that caps their number."""
        sent = statement.positional(values)
        if self.backend == "postgresql":
            return list(await self.driver.fetch(statement.text, *sent))
        if self.backend == "sqlite":
            self.until = time.monotonic() + self.timeout
            return list(await self.driver.execute_fetchall(statement.text, sent))
        async with self.driver.cursor() as cursor:
            await cursor.execute(statement.text, sent)
            return list(await cursor.fetchall())

    async def parts(
        self, statement: Statement, values: Mapping[str, Any]
    ) -> AsyncGenerator[list[Row[Any]], None]:
        """The rows of a statement, a part at a time, however many there are."""
        self.until = time.monotonic() + self.timeout
        result = await self.connection.stream(statement.select, dict(values))
        try:
            async for part in result.partitions(PART_ROWS):
                yield list(part)
                self.until = time.monotonic() + self.timeout
        except BaseException:
            if self.backend == "mariadb":
                # closed in good order it would read the rest of the rows first
                self.driver.close()
            raise
        await result.close()
        await self.connection.rollback()

    def overdue(self) -> bool:
        return time.monotonic() > self.until


class Lines:
    """At most `most` connections; whoever finds none free waits, as long as its caller lets it."""

    def __init__(self, address: Address, most: int, timeout: float) -> None:
        self._address = address
        self._timeout = timeout
        self._free = asyncio.Semaphore(most)
        self._idle: list[Line] = []
        self._checked: tuple[float, asyncio.Task[object]] | None = None
        self._background: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def line(self, fresh: bool = False) -> AsyncGenerator[Line, None]:
        """A connection, a kept one unless it must be `fresh`; after any error it is not kept."""
        async with self._free:
            line = (None if fresh else await self._kept()) or await self._opened()
            try:
                yield line
            except BaseException as error:
                # 0: a statement that is under way in SQLite's thread ends now
                line.until = 0.0
                # the error's frames hold a statement, which would hold SQLite's lock against its writer
                traceback.clear_frames(error.__traceback__)
                self._later(self._dropped(line, isinstance(error, asyncio.CancelledError)))
                raise
            line.used = time.monotonic()
            self._idle.append(line)

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for line in idle:
            await _closed(line)
        await asyncio.gather(*self._background)
        await self._address.engine.dispose()

    async def _kept(self) -> Line | None:
        """The connection used last, if it is not too old and the database is still the same file."""
        if not self._idle:
            return None
        version = await self._version()
        while self._idle:
            line = self._idle.pop()
            if line.version == version and time.monotonic() - line.used < _IDLE_SECONDS:
                return line
            self._later(_closed(line))
        return None

    async def _version(self) -> object:
        """Looked up once for all that ask within the same moment, and on a hung disk by one thread only."""
        now = time.monotonic()
        began, check = self._checked or (0.0, None)
        if check is None or (check.done() and now - began > _CHECKED_SECONDS):
            check = asyncio.create_task(self._address.version())
            self._checked = now, check
        return await asyncio.shield(check)

    async def _opened(self) -> Line:
        opening = asyncio.create_task(self._open())
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            # a driver that is cancelled while it connects would leave its thread or socket behind
            self._later(_closed_when(opening))
            raise

    async def _open(self) -> Line:
        version = await self._version()
        connection = await self._address.engine.connect()
        driver: Any = (await connection.get_raw_connection()).driver_connection
        line = Line(connection, driver, self._address.backend, version, self._timeout)
        if line.backend == "sqlite":
            await driver.set_progress_handler(line.overdue, _STEPS_BETWEEN_CHECKS)
        return line

    async def _dropped(self, line: Line, busy: bool) -> None:
        """Closes a connection; MariaDB would go on with its statement, so it is told to stop."""
        if busy and line.backend == "mariadb":
            with suppress(*DRIVER_ERRORS):
                async with self._address.engine.connect() as other:
                    await other.exec_driver_sql(f"KILL {int(line.driver.thread_id())}")
        await _closed(line)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _closed(line: Line) -> None:
    with suppress(*DRIVER_ERRORS):
        await line.connection.close()


async def _closed_when(opening: asyncio.Task[Line]) -> None:
    with suppress(SourceError, *DRIVER_ERRORS):
        await _closed(await opening)
