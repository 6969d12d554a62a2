"""Every fault of an agency's files, as SQLite and a plain reader of files see it."""

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.demo.fault_files import FaultyFiles, nightly_run
from gateway.demo.faults import Kind
from gateway.demo.region import region
from gateway.demo.world import LONDON, Rows, World

MAYA, NOAH = "9990001375", "9990012334"
ROWS: Mapping[str, Rows] = {
    MAYA: {"nhs": MAYA, "family": "OAKLEY", "note": "x" * 9000},
    NOAH: {"nhs": NOAH, "family": "BRIGHT", "note": "y" * 9000},
}


def write_database(rows: Mapping[str, Rows], world: World, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "agency.sqlite")) as database, database:
        database.execute("CREATE TABLE child (nhs TEXT, family TEXT, note TEXT)")
        database.executemany("INSERT INTO child VALUES (:nhs, :family, :note)", list(rows.values()))


def write_drop(rows: Mapping[str, Rows], world: World, folder: Path) -> None:
    children = "".join(
        f"<Child><NHS>{row['nhs']}</NHS><Name>{row['family']}</Name></Child>" for row in rows.values()
    )
    (folder / "drop.xml").write_text(f"<Message><At>{world.today:%Y-%m-%d}</At>{children}</Message>")


@pytest_asyncio.fixture
async def start(tmp_path: Path) -> AsyncIterator[Callable[..., object]]:
    started: list[FaultyFiles] = []

    async def begin(write: Callable[[Mapping[str, Rows], World, Path], None]) -> FaultyFiles:
        files = FaultyFiles(write, ROWS, region(), tmp_path / "agency")
        await files.start()
        started.append(files)
        return files

    yield begin
    for files in started:
        await files.close()


@pytest_asyncio.fixture
async def database(start: Callable[..., object], tmp_path: Path) -> tuple[FaultyFiles, Path]:
    return await start(write_database), tmp_path / "agency" / "agency.sqlite"  # type: ignore[misc]


@pytest_asyncio.fixture
async def drop(start: Callable[..., object], tmp_path: Path) -> tuple[FaultyFiles, Path]:
    return await start(write_drop), tmp_path / "agency" / "drop.xml"  # type: ignore[misc]


def family(connection: sqlite3.Connection) -> str:
    (name,) = connection.execute("SELECT family FROM child WHERE nhs = ?", (MAYA,)).fetchone()
    return str(name)


def opened(file: Path, timeout: float = 0.3) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=timeout, check_same_thread=False)


def ask(file: Path, timeout: float = 0.3) -> str:
    with closing(opened(file, timeout)) as connection:
        return family(connection)


WRONG: Mapping[Kind, str] = {
    Kind.DOWN: "unable to open|no such table",
    Kind.ERROR: "no such table",
    Kind.GARBAGE: "not a database",
    Kind.TRUNCATE: "malformed",
    Kind.REJECT: "unable to open|disk I/O error|no such table",
    Kind.HANG: "locked",
}


@pytest.mark.parametrize("kind", WRONG)
async def test_a_database_fails_for_new_and_for_open_connections_and_recovers(
    database: tuple[FaultyFiles, Path], kind: Kind
) -> None:
    files, file = database
    with closing(opened(file)) as connection:
        assert family(connection) == "OAKLEY"
        await files.set(kind)
        with pytest.raises(sqlite3.DatabaseError, match=WRONG[kind]):
            await asyncio.to_thread(ask, file)
        with pytest.raises(sqlite3.DatabaseError, match=WRONG[kind]):
            await asyncio.to_thread(family, connection)
        await files.set(Kind.OK)

        assert (ask(file), family(connection)) == ("OAKLEY", "OAKLEY")


async def test_a_slow_database_makes_a_reader_wait_and_then_answers(
    database: tuple[FaultyFiles, Path],
) -> None:
    files, file = database
    await files.set(Kind.SLOW)
    began = time.monotonic()

    assert await asyncio.to_thread(ask, file, 5) == "OAKLEY"
    assert time.monotonic() - began > 0.5


async def test_a_swapped_database_has_another_childs_row_under_the_number(
    database: tuple[FaultyFiles, Path],
) -> None:
    files, file = database
    with closing(opened(file)) as connection:
        before = family(connection)
        await files.set(Kind.SWAP)

        assert (before, family(connection), ask(file)) == ("OAKLEY", "BRIGHT", "BRIGHT")


def read_soon(file: Path) -> str:
    with file.open() as drop:
        return drop.read()


async def test_a_drop_is_as_at_the_nightly_run(drop: tuple[FaultyFiles, Path]) -> None:
    _, file = drop

    assert datetime.fromtimestamp(int(file.stat().st_mtime), UTC) == datetime(2026, 11, 22, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "error"), [(Kind.DOWN, FileNotFoundError), (Kind.REJECT, OSError)])
async def test_a_drop_that_is_gone_or_forbidden_cannot_be_opened(
    drop: tuple[FaultyFiles, Path], kind: Kind, error: type[OSError]
) -> None:
    files, file = drop
    await files.set(kind)

    with pytest.raises(error):
        read_soon(file)


@pytest.mark.parametrize(
    ("kind", "begins"),
    [(Kind.ERROR, "<?xml"), (Kind.GARBAGE, "<!DOCTYPE html>"), (Kind.TRUNCATE, "<Message>")],
)
async def test_a_drop_can_be_something_else_than_it_should(
    drop: tuple[FaultyFiles, Path], kind: Kind, begins: str
) -> None:
    files, file = drop
    await files.set(kind)
    text = read_soon(file)

    assert text.startswith(begins) and "</Message>" not in text


async def test_a_swapped_drop_has_another_childs_record_under_the_number(
    drop: tuple[FaultyFiles, Path],
) -> None:
    files, file = drop
    await files.set(Kind.SWAP)

    assert f"<NHS>{MAYA}</NHS><Name>BRIGHT</Name>" in read_soon(file)


async def test_a_stale_drop_is_nine_days_old_inside_and_outside(drop: tuple[FaultyFiles, Path]) -> None:
    files, file = drop
    await files.set(Kind.STALE)

    assert "<At>2026-11-13</At>" in read_soon(file)
    assert datetime.fromtimestamp(int(file.stat().st_mtime), UTC) == datetime(2026, 11, 13, 1, 15, tzinfo=UTC)


async def test_opening_a_hung_drop_waits_until_the_fault_ends(drop: tuple[FaultyFiles, Path]) -> None:
    files, file = drop
    await files.set(Kind.HANG)
    reading = asyncio.create_task(asyncio.to_thread(read_soon, file))
    await asyncio.sleep(0.4)
    waited = not reading.done()
    await files.set(Kind.OK)

    assert waited and "OAKLEY" in await reading


async def test_opening_a_slow_drop_takes_a_while(drop: tuple[FaultyFiles, Path]) -> None:
    files, file = drop
    await files.set(Kind.SLOW)
    began = time.monotonic()

    assert "OAKLEY" in await asyncio.to_thread(read_soon, file)
    assert 0.5 < time.monotonic() - began < 4


@pytest.mark.parametrize("kind", Kind)
async def test_after_any_fault_the_drop_is_as_before(drop: tuple[FaultyFiles, Path], kind: Kind) -> None:
    files, file = drop
    before = read_soon(file)
    await files.set(kind)
    await files.set(Kind.OK)

    assert (read_soon(file), os.listdir(file.parent)) == (before, ["drop.xml"])


async def test_each_file_that_is_placed_looks_new_even_if_it_is_as_long_and_as_old(
    drop: tuple[FaultyFiles, Path],
) -> None:
    files, file = drop
    times = set()
    for kind in (Kind.OK, Kind.SWAP, Kind.OK):
        await files.set(kind)
        times.add(file.stat().st_mtime_ns)

    assert len(times) == 3


def test_before_the_nightly_run_the_copy_is_yesterdays() -> None:
    assert nightly_run(datetime(2026, 11, 22, 0, 30, tzinfo=LONDON)) == datetime(
        2026, 11, 21, 1, 15, tzinfo=LONDON
    )
