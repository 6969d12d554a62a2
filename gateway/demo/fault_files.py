"""A demo agency that leaves a database file or a file drop, and the ways in which such a file goes wrong.

A database is overwritten in place, so that connections which are open see it too; a drop is replaced, as
an agency's nightly run does.
"""

import asyncio
import os
import sqlite3
import struct
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from gateway.demo.faults import LOGIN_PAGE, STALE_DAYS, FaultImpossible, Kind
from gateway.demo.grips import lease_file, lock_database
from gateway.demo.swap import partners, swapped_rows
from gateway.demo.world import Rows, World

Write = Callable[[Mapping[str, Rows], World, Path], None]
Contents = Mapping[str, bytes]

_SQLITE = b"SQLite format 3\0"
_EXPORT_FAILED = b'<?xml version="1.0" encoding="UTF-8"?>\n<ExportFailed><Code>17</Code></ExportFailed>\n'
NIGHTLY_RUN = time(1, 15)


class FaultyFiles:
    """One agency's folder: what stands in it when all is well, and what stands in it instead."""

    def __init__(self, write: Write, rows: Mapping[str, Rows], world: World, folder: Path) -> None:
        self.kind = Kind.OK
        self._write, self._rows, self._world = write, rows, world
        self._folder = folder
        self._good: Contents = {}
        self._is_database = False
        self._grips: list[asyncio.Task[None]] = []
        self._placed = 0

    async def start(self) -> None:
        """Writes the agency's files."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._good = await asyncio.to_thread(self._written, self._rows, self._world)
        self._is_database = any(content.startswith(_SQLITE) for content in self._good.values())
        self._place(self._good, self._world)

    async def set(self, kind: Kind) -> None:
        """Puts the good files back, and then does to them what this fault is."""
        await self._let_go()
        self._place(self._good, self._world)
        self.kind = kind
        try:
            await self._spoil(kind)
        except FaultImpossible:
            self.kind = Kind.OK
            self._place(self._good, self._world)
            raise

    async def close(self) -> None:
        """Lets go of the files, and leaves them."""
        await self._let_go()

    async def _spoil(self, kind: Kind) -> None:
        if kind in (Kind.HANG, Kind.SLOW):
            await self._grip(slow=kind is Kind.SLOW)
        elif kind in (Kind.SWAP, Kind.STALE):
            await asyncio.to_thread(self._write_otherwise, kind)
        elif kind in (Kind.DOWN, Kind.REJECT):
            for name in self._good:
                (_remove if kind is Kind.DOWN else _forbid)(self._folder / name)
        elif kind in _SPOILT:
            self._place({n: _SPOILT[kind](content) for n, content in self._good.items()}, self._world)

    def _write_otherwise(self, kind: Kind) -> None:
        if kind is Kind.STALE:
            earlier = replace(self._world, today=self._world.today - timedelta(days=STALE_DAYS))
            self._place(self._written(self._rows, earlier), earlier)
            return
        pairs = partners(self._rows, self._world)
        if not pairs:
            raise FaultImpossible("this agency knows only one child, so it has nobody to mix up")
        self._place(self._written(swapped_rows(self._rows, pairs, self._world), self._world), self._world)

    def _written(self, rows: Mapping[str, Rows], world: World) -> Contents:
        with TemporaryDirectory(dir=self._folder.parent) as place:
            self._write(rows, world, Path(place))
            return {file.name: file.read_bytes() for file in sorted(Path(place).iterdir())}

    def _place(self, contents: Contents, world: World) -> None:
        for file in self._folder.iterdir():
            if file.name not in contents:
                _remove(file)
        for name, content in contents.items():
            self._placed += 1
            put = _overwrite if self._is_database else _replace
            put(self._folder / name, content, self._placed)
            # no two placed files look the same to somebody who looks at the time only
            at = int(nightly_run(world.today).timestamp()) * 10**9 + self._placed
            os.utime(self._folder / name, ns=(at, at))

    async def _grip(self, slow: bool) -> None:
        self._grips = [asyncio.create_task(self._held(name, slow)) for name in self._good]
        # a grip that cannot be had fails at once
        done, _ = await asyncio.wait(self._grips, timeout=0.2)
        for grip in done:
            grip.result()

    async def _held(self, name: str, slow: bool) -> None:
        async def renew() -> None:
            self._place(self._good, self._world)

        if self._is_database:
            await lock_database(self._folder / name, slow)
        else:
            await lease_file(self._folder / name, renew, slow)

    async def _let_go(self) -> None:
        for grip in self._grips:
            grip.cancel()
        await asyncio.gather(*self._grips, return_exceptions=True)
        self._grips = []


def nightly_run(today: datetime) -> datetime:
    """The last time at 01:15 before the demo's clock starts: what a nightly file is as at."""
    run = datetime.combine(today.date(), NIGHTLY_RUN, today.tzinfo)
    return run if run <= today else run - timedelta(days=1)


def _overwrite(file: Path, content: bytes, change: int) -> None:
    _allow(file)
    if _aside(file).exists():
        _aside(file).replace(file)
    content = _renumbered(content, change) if content.startswith(_SQLITE) else content
    with file.open("r+b" if file.exists() else "wb") as target:
        target.write(content)
        target.truncate()


def _renumbered(database: bytes, change: int) -> bytes:
    """The database with counters of its own, by which open connections see that it is not the one before.

    https://www.sqlite.org/fileformat2.html: file change counter, schema cookie, version-valid-for number.
    """
    counter = struct.pack(">I", 1_000_000 + change)
    return database[:24] + counter + database[28:40] + counter + database[44:92] + counter + database[96:]


def _replace(file: Path, content: bytes, _: int) -> None:
    _allow(file)
    new = file.with_name(f".{file.name}.part")
    new.write_bytes(content)
    new.replace(file)


def _remove(file: Path) -> None:
    _allow(file)
    if file.exists():
        # whoever has it open must not go on reading, and must find it again when it comes back
        os.truncate(file, 0)
        file.replace(_aside(file))


def _aside(file: Path) -> Path:
    return file.parent.with_name(f".{file.parent.name}.{file.name}")


def _forbid(file: Path) -> None:
    _remove(file)
    if os.geteuid() == 0:
        # root may read everything that is a file
        file.mkdir(mode=0)
    else:
        file.touch(mode=0)


def _allow(file: Path) -> None:
    if file.is_dir():
        file.rmdir()
    with suppress(FileNotFoundError):
        file.chmod(0o600)


def _without_tables(content: bytes) -> bytes:
    if not content.startswith(_SQLITE):
        return _EXPORT_FAILED
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE restore_log (message TEXT)")
        return bytes(database.serialize())


_SPOILT: Mapping[Kind, Callable[[bytes], bytes]] = {
    Kind.ERROR: _without_tables,
    Kind.GARBAGE: lambda _: LOGIN_PAGE,
    Kind.TRUNCATE: lambda content: content[: len(content) // 2],
}
