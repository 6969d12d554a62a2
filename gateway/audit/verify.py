"""Verifying the chain: dense numbers, every hash, and every signed checkpoint.

What it finds first is named by its sequence number: everything from there on cannot be relied on.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.audit.chain import GENESIS, Row, next_hash
from gateway.audit.checkpoint import EVERY

_ROWS = "SELECT seq, hash, recorded, child, actor, request, body FROM audit ORDER BY seq"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`bad` is the first sequence number that does not hold (None: all hold); `why` says what is wrong."""

    rows: int
    checkpoints: int
    bad: int | None = None
    why: str = ""

    @property
    def holds(self) -> bool:
        return self.bad is None


def verify(database: Path, checkpoints: Mapping[int, str]) -> Verdict:
    """Whether the chain in `database` is whole and agrees with its checkpoints (sequence number to hash).

    Raises sqlite3.Error if there is no such database.
    """
    connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return _verify(connection, checkpoints)
    finally:
        connection.close()


def _verify(connection: sqlite3.Connection, checkpoints: Mapping[int, str]) -> Verdict:
    expected, head = 1, GENESIS
    try:
        for seq, stated, *columns in connection.execute(_ROWS):
            head = _head(head, columns)
            why = _wrong(seq, stated, expected, head, checkpoints)
            if why:
                return Verdict(expected - 1, len(checkpoints), expected, why)
            expected += 1
    except sqlite3.DatabaseError:
        return Verdict(expected - 1, len(checkpoints), expected, "the database cannot be read from there on")
    return _whole(expected - 1, checkpoints)


def _head(before: str, columns: Sequence[object]) -> str:
    """The hash that the row should have; empty for a row that nobody here wrote."""
    recorded, child, actor, request = (column if isinstance(column, str) else None for column in columns[:4])
    body = columns[4]
    if recorded is None or child is None or actor is None or request is None or not isinstance(body, bytes):
        return ""
    return next_hash(before, Row(recorded, child, actor, request, body))


def _wrong(seq: int, stated: object, expected: int, head: str, checkpoints: Mapping[int, str]) -> str:
    if seq != expected:
        return "a row is missing" if seq > expected else "a row is not one of the chain"
    if not head or stated != head:
        return "the row or one before it was changed"
    if checkpoints.get(seq, head) != head:
        return "a signed checkpoint says otherwise"
    return ""


def _whole(rows: int, checkpoints: Mapping[int, str]) -> Verdict:
    """Every row holds: is one that a checkpoint signed no longer there, or every checkpoint gone?"""
    if any(seq > rows for seq in checkpoints):
        return Verdict(rows, len(checkpoints), rows + 1, "rows up to a signed checkpoint are missing")
    if rows >= EVERY and not checkpoints:
        return Verdict(rows, 0, 1, "there is no signed checkpoint to compare with")
    return Verdict(rows, len(checkpoints))
