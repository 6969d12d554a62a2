"""The audit chain: AuditEvents written in groups by one thread, each hashed over the one before.

A write returns only when the rows are on disk; nothing is released before. Signed checkpoints beside the
database show a cut tail, which the chain alone cannot: https://c2sp.org/tlog-checkpoint
"""

import asyncio
import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from gateway.audit.checkpoint import Checkpoints
from gateway.errors import AuditUnavailable

log = logging.getLogger(__name__)
UNAVAILABLE = "The audit cannot be written; nothing is shown."
GENESIS = hashlib.sha256(b"wholechild audit").hexdigest()
_LARGEST_GROUP = 256
_INSERT = "INSERT INTO audit (seq, recorded, child, actor, request, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Row:
    """One AuditEvent to write; prints without its body."""

    recorded: str
    child: str
    actor: str
    request: str
    body: bytes

    def __repr__(self) -> str:
        return f"<Row recorded={self.recorded}>"


@dataclass(slots=True)
class _Write:
    rows: Sequence[Row]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[int]


def next_hash(before: str, row: Row) -> str:
    """The hash of a row: SHA-256 over a JSON list of the hash before it and its columns, LF, and its body."""
    columns = json.dumps([before, row.recorded, row.child, row.actor, row.request], ensure_ascii=False)
    return hashlib.sha256(columns.encode() + b"\n" + row.body).hexdigest()


class Chain:
    """Appends to the chain of one database; the only writer of its table."""

    def __init__(self, database: Path, checkpoints: Checkpoints | None = None) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._queue: SimpleQueue[_Write | None] = SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    async def write(self, rows: Sequence[Row]) -> int:
        """Appends `rows` in order and returns the number of the last of them; raises AuditUnavailable."""
        # shielded: a caller that goes away does not undo what is being written
        return await asyncio.shield(self._put(rows))

    def leave(self, rows: Sequence[Row]) -> None:
        """Appends `rows` that nobody waits for: the rest of a request whose asker has gone."""
        try:
            self._put(rows).add_done_callback(_noticed)
        except AuditUnavailable:
            log.error("what was asked for somebody who has gone cannot be recorded")

    def _put(self, rows: Sequence[Row]) -> asyncio.Future[int]:
        """The number of the last of `rows`, once they are on disk."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[int] = loop.create_future()
        try:
            for row in rows:
                next_hash(GENESIS, row)
        except (ValueError, TypeError) as error:
            # one row that cannot be written must not cost the others of its group theirs
            raise AuditUnavailable(UNAVAILABLE) from error
        with self._closing:
            if self._closed:
                raise AuditUnavailable(UNAVAILABLE)
            self._queue.put(_Write(rows, loop, done))
        return done

    def is_empty(self) -> bool:
        """Nothing was ever written; to be asked at start, before anything is."""
        connection = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)
        try:
            return head_of(connection)[0] == 0
        finally:
            connection.close()

    def close(self) -> None:
        """Writes what is queued, makes a last checkpoint, and ends the thread."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        opened: _Opened | None = None
        while (first := self._queue.get()) is not None:
            group = self._drain(first)
            try:
                opened = _same_file(opened, self._database) or _open(self._database)
                last, head = _append(opened.connection, group)
                self._checkpoint(last, head)
            except (sqlite3.Error, OSError, ValueError, TypeError) as error:
                log.error("the audit cannot be written: %s", type(error).__name__)
                _discard(opened)
                opened = None
                self._finish(group, 0, AuditUnavailable(UNAVAILABLE))
                continue
            self._finish(group, last, None)
        self._last_checkpoint()
        _discard(opened)

    def _checkpoint(self, last: int, head: str) -> None:
        if self._checkpoints is not None:
            self._checkpoints.see(last, head)

    def _last_checkpoint(self) -> None:
        try:
            if self._checkpoints is not None:
                self._checkpoints.flush()
        except OSError as error:
            log.error("the last checkpoint of the audit cannot be written: %s", type(error).__name__)

    def _drain(self, first: _Write) -> list[_Write]:
        group = [first]
        with suppress(Empty):
            while len(group) < _LARGEST_GROUP and (following := self._queue.get_nowait()) is not None:
                group.append(following)
            if len(group) < _LARGEST_GROUP:
                self._queue.put(None)
        return group

    @staticmethod
    def _finish(group: Sequence[_Write], last: int, error: Exception | None) -> None:
        number = last - sum(len(write.rows) for write in group)
        for write in group:
            number += len(write.rows)
            # a loop that is closed has nobody left who waits
            with suppress(RuntimeError):
                write.loop.call_soon_threadsafe(_settle, write.done, number, error)


def _noticed(done: asyncio.Future[int]) -> None:
    """Takes note of a write that nobody waits for; that it failed is in the log already."""
    if not done.cancelled():
        done.exception()


def _settle(done: asyncio.Future[int], number: int, error: Exception | None) -> None:
    if done.cancelled():
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(number)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An open database and the file that it was."""

    connection: sqlite3.Connection
    file: tuple[int, int]


def _open(database: Path) -> _Opened:
    address = f"{database.resolve().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=5)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return _Opened(connection, _identity(database))


def _same_file(opened: _Opened | None, database: Path) -> _Opened | None:
    """What is open, if it is still the file of that name: rows in a file that was replaced would be lost."""
    if opened is None or opened.file == _identity(database):
        return opened
    _discard(opened)
    return None


def _identity(database: Path) -> tuple[int, int]:
    found = database.stat()
    return found.st_dev, found.st_ino


def _append(connection: sqlite3.Connection, group: Sequence[_Write]) -> tuple[int, str]:
    """All rows of a group in one commit; returns the chain's new end."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        seq, head = head_of(connection)
        values = []
        for row in (row for write in group for row in write.rows):
            seq, head = seq + 1, next_hash(head, row)
            values.append((seq, row.recorded, row.child, row.actor, row.request, row.body, head))
        connection.executemany(_INSERT, values)
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.execute("ROLLBACK")
        raise
    return seq, head


def head_of(connection: sqlite3.Connection) -> tuple[int, str]:
    """The last sequence number and hash; 0 and the genesis hash for an empty chain."""
    found = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (found[0], found[1]) if found else (0, GENESIS)


def _discard(opened: _Opened | None) -> None:
    if opened is not None:
        opened.connection.close()
