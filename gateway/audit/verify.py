"""Verifying the chain: dense numbers, every hash, and every signed checkpoint.

What it finds first is named by its sequence number: everything from there on cannot be relied on.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.audit.chain import GENESIS, next_hash


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
    """Whether the chain in `database` is whole and agrees with its checkpoints (sequence number to hash)."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return _verify(connection, checkpoints)
    finally:
        connection.close()


def _verify(connection: sqlite3.Connection, checkpoints: Mapping[int, str]) -> Verdict:
    expected, head = 1, GENESIS
    for seq, body, stated in connection.execute("SELECT seq, body, hash FROM audit ORDER BY seq"):
        if seq != expected:
            return Verdict(expected - 1, len(checkpoints), expected, "a row is missing")
        head = next_hash(head, body)
        if stated != head:
            return Verdict(expected - 1, len(checkpoints), seq, "the row or one before it was changed")
        if seq in checkpoints and checkpoints[seq] != head:
            return Verdict(expected - 1, len(checkpoints), seq, "a signed checkpoint says otherwise")
        expected += 1
    beyond = [seq for seq in checkpoints if seq >= expected]
    if beyond:
        return Verdict(expected - 1, len(checkpoints), expected, "rows up to a signed checkpoint are missing")
    return Verdict(expected - 1, len(checkpoints))
