"""The audit chain: AuditEvents written in groups by one thread, each hashed over the one before.

A write returns only when the rows are on disk; nothing is released before. Signed checkpoints beside the
database show a cut tail, which the chain alone cannot: https://c2sp.org/tlog-checkpoint
"""

import asyncio
import hashlib
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from gateway.audit.checkpoint import Checkpoints
from gateway.errors import AuditUnavailable

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


def next_hash(before: str, body: bytes) -> str:
    """The hash of a row: over the hash before it and its body."""
    return hashlib.sha256(before.encode() + b"\n" + body).hexdigest()


class Chain:
    """Appends to the chain of one database; the only writer of its table."""

    def __init__(self, database: Path, checkpoints: Checkpoints | None = None) -> None:
        self._database = database
        self._checkpoints = checkpoints
        self._queue: SimpleQueue[_Write | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    async def write(self, rows: Sequence[Row]) -> int:
        """Appends `rows` in order and returns the last sequence number; raises AuditUnavailable."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[int] = loop.create_future()
        self._queue.put(_Write(rows, loop, done))
        # shielded: a caller that goes away does not undo what is being written
        return await asyncio.shield(done)

    def close(self) -> None:
        """Writes what is queued, makes a last checkpoint, and ends the thread."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while (first := self._queue.get()) is not None:
            group = self._drain(first)
            try:
                connection = connection or _open(self._database)
                last, head = _append(connection, group)
                self._checkpoint(last, head)
            except (sqlite3.Error, OSError):
                _discard(connection)
                connection = None
                self._finish(group, None, AuditUnavailable("The audit cannot be written; nothing is shown."))
                continue
            self._finish(group, last, None)
        if self._checkpoints is not None:
            self._checkpoints.flush()
        _discard(connection)

    def _checkpoint(self, last: int, head: str) -> None:
        if self._checkpoints is not None:
            self._checkpoints.see(last, head)

    def _drain(self, first: _Write) -> list[_Write]:
        group = [first]
        while len(group) < _LARGEST_GROUP and not self._queue.empty():
            following = self._queue.get()
            if following is None:
                self._queue.put(None)
                break
            group.append(following)
        return group

    @staticmethod
    def _finish(group: Sequence[_Write], last: int | None, error: Exception | None) -> None:
        for write in group:
            write.loop.call_soon_threadsafe(_settle, write.done, last, error)


def _settle(done: asyncio.Future[int], last: int | None, error: Exception | None) -> None:
    if done.cancelled():
        return
    if error is not None or last is None:
        done.set_exception(error or AuditUnavailable())
    else:
        done.set_result(last)


def _open(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, isolation_level=None, timeout=5)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _append(connection: sqlite3.Connection, group: Sequence[_Write]) -> tuple[int, str]:
    """All rows of a group in one commit; returns the chain's new end."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        seq, head = head_of(connection)
        values = []
        for row in (row for write in group for row in write.rows):
            seq, head = seq + 1, next_hash(head, row.body)
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


def _discard(connection: sqlite3.Connection | None) -> None:
    if connection is not None:
        connection.close()
