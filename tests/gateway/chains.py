"""Audit chains for tests: a real database with its checkpoint file, written by the real writer."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.audit.chain import Chain, Row
from gateway.audit.checkpoint import Checkpoints, read
from gateway.audit.verify import Verdict, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
COLUMNS = "seq, recorded, child, actor, request, body, hash"


def row(number: int) -> Row:
    """The row that stands at this number in a chain that `written` makes."""
    return Row(
        recorded=f"2026-11-22T02:07:{number % 60:02d}.000+00:00",
        child=f"1.{number:032x}",
        actor="dr.sen",
        request=f"r-{number}",
        body=f'{{"resourceType":"AuditEvent","id":"{number}"}}'.encode(),
    )


@dataclass(frozen=True)
class Place:
    """A database and its checkpoint file in a folder."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "gateway.db"

    @property
    def checkpoints(self) -> Path:
        return self.folder / "gateway.checkpoints"

    def verdict(self) -> Verdict:
        """What `gateway audit verify` finds."""
        signed = read(self.checkpoints, (KEY.public_key(),)) if self.checkpoints.exists() else {}
        return verify(self.database, signed)

    def rows(self) -> list[tuple[object, ...]]:
        with self.connection() as db:
            return list(db.execute(f"SELECT {COLUMNS} FROM audit ORDER BY seq"))

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """The database as whoever can write to the file sees it; what is changed is kept."""
        db = sqlite3.connect(self.database)
        try:
            with db:
                yield db
        finally:
            db.close()

    @contextmanager
    def chain(self) -> Iterator[Chain]:
        """The running writer of this database."""
        chain = Chain(self.database, Checkpoints(self.checkpoints, KEY))
        try:
            yield chain
        finally:
            chain.close()


def empty(folder: Path) -> Place:
    """A new database without rows."""
    # Alembic takes a second to load, which the processes that are killed need not wait for
    from gateway.store.schema import upgrade

    place = Place(folder)
    upgrade(place.database)
    return place


def write(place: Place, numbers: Sequence[int]) -> None:
    """Writes these rows, each by itself, and closes the writer."""

    async def all_of_them() -> None:
        with place.chain() as chain:
            for number in numbers:
                await chain.write([row(number)])

    asyncio.run(all_of_them())


def written(folder: Path, count: int) -> Place:
    """A chain of `count` rows with a checkpoint every ten and at its end."""
    place = empty(folder)
    write(place, range(1, count + 1))
    return place
