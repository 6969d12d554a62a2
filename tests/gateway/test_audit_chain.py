"""The audit chain: nothing is acknowledged before it is on disk, whatever else happens."""

import asyncio
import itertools
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from gateway.audit.chain import GENESIS, Row, next_hash
from gateway.errors import AuditUnavailable
from tests.gateway.chains import Place, empty, row, write, written


async def test_a_write_returns_the_number_of_its_last_row_when_the_rows_are_there(tmp_path: Path) -> None:
    place = empty(tmp_path)

    with place.chain() as chain:
        assert await chain.write([row(1)]) == 1
        assert await chain.write([row(2), row(3)]) == 3
        stored = place.rows()

    assert [r[:6] for r in stored] == [
        (n, row(n).recorded, row(n).child, row(n).actor, row(n).request, row(n).body) for n in (1, 2, 3)
    ]
    assert stored[0][6] == next_hash(GENESIS, row(1))
    assert place.verdict().holds


async def test_forty_writers_at_once_make_one_chain_in_which_each_keeps_its_order(tmp_path: Path) -> None:
    place = empty(tmp_path)

    async def writer(who: int) -> list[int]:
        found = []
        for step in range(15):
            one = Row("2026-11-22T02:07:00+00:00", "", f"writer-{who}", f"{step}", b"{}")
            found.append(await chain.write([one, one]))
        return found

    with place.chain() as chain:
        ends = await asyncio.gather(*(writer(who) for who in range(40)))

    assert sorted(itertools.chain(*ends)) == list(range(2, 40 * 15 * 2 + 1, 2))
    assert all(found == sorted(found) for found in ends)
    stored = place.rows()
    for who in range(40):
        steps = [r[4] for r in stored if r[3] == f"writer-{who}"]
        assert steps == [str(step) for step in range(15) for _ in range(2)]
    assert (place.verdict().holds, place.verdict().rows) == (True, 1200)


async def test_two_writers_of_one_database_make_one_chain(tmp_path: Path) -> None:
    place = empty(tmp_path)

    with place.chain() as one, place.chain() as other:
        await asyncio.gather(*(chain.write([row(n)]) for n in range(50) for chain in (one, other)))

    assert (place.verdict().holds, place.verdict().rows) == (True, 100)


async def test_a_chain_goes_on_where_it_ended(tmp_path: Path) -> None:
    place = empty(tmp_path)
    with place.chain() as chain:
        await chain.write([row(1)])

    with place.chain() as chain:
        assert await chain.write([row(2)]) == 2

    assert place.verdict().holds


async def test_what_is_queued_when_it_closes_is_written_and_later_writes_are_refused(tmp_path: Path) -> None:
    place = empty(tmp_path)
    with place.chain() as chain:
        queued = [asyncio.create_task(chain.write([row(n)])) for n in range(100)]
        await asyncio.sleep(0)

    assert sorted(await asyncio.gather(*queued)) == list(range(1, 101))
    with pytest.raises(AuditUnavailable):
        await asyncio.wait_for(chain.write([row(1)]), 10)


async def test_who_goes_away_does_not_undo_what_is_being_written(tmp_path: Path) -> None:
    place = empty(tmp_path)

    with place.chain() as chain:
        gone = asyncio.create_task(chain.write([row(1)]))
        await asyncio.sleep(0)
        gone.cancel()
        assert await chain.write([row(2)]) == 2

    assert place.verdict().rows == 2


async def test_a_row_that_cannot_be_written_is_refused_and_costs_nobody_else_theirs(tmp_path: Path) -> None:
    place = empty(tmp_path)
    bad = Row("2026-11-22T02:07:00+00:00", "", "half a pair \ud800", "", b"{}")

    with place.chain() as chain:
        results = await asyncio.gather(
            *(chain.write([bad if n == 5 else row(n)]) for n in range(10)), return_exceptions=True
        )

    assert [isinstance(r, AuditUnavailable) for r in results] == [n == 5 for n in range(10)]
    assert (place.verdict().holds, place.verdict().rows) == (True, 9)


def test_a_closed_loop_does_not_stop_the_writer_for_the_next(tmp_path: Path) -> None:
    place = empty(tmp_path)

    async def leave_at_once(number: int) -> None:
        waiting = asyncio.ensure_future(chain.write([row(number)]))
        await asyncio.sleep(0)
        waiting.cancel()

    with place.chain() as chain:
        for number in range(20):
            asyncio.run(leave_at_once(number))
        assert asyncio.run(asyncio.wait_for(chain.write([row(20)]), 20)) == 21


def write_one(place: Place) -> None:
    write(place, [1])


def refused(place: Place) -> None:
    with pytest.raises(AuditUnavailable) as error:
        write_one(place)
    assert str(error.value) == "The audit cannot be written; nothing is shown."


def test_without_a_database_nothing_is_acknowledged_and_none_is_made(tmp_path: Path) -> None:
    refused(Place(tmp_path))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_in_a_file_that_is_no_audit_database_nothing_is_acknowledged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gateway.db").write_bytes(content)

    refused(Place(tmp_path))


def test_a_folder_in_the_databases_place_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "gateway.db").mkdir()

    refused(Place(tmp_path))


async def test_a_locked_database_is_unavailable_and_recovers_when_it_is_free(tmp_path: Path) -> None:
    place = empty(tmp_path)

    with place.chain() as chain:
        await chain.write([row(1)])
        with place.connection() as other:
            other.execute("BEGIN IMMEDIATE")
            started = time.monotonic()
            with pytest.raises(AuditUnavailable):
                await chain.write([row(2)])
            assert time.monotonic() - started < 30
            other.rollback()
        assert await chain.write([row(3)]) == 2

    assert place.verdict().holds


def remove(database: Path) -> None:
    for left in ("", "-wal", "-shm"):
        Path(f"{database}{left}").unlink(missing_ok=True)


async def test_rows_never_go_into_a_file_that_was_replaced(tmp_path: Path) -> None:
    """An open connection would go on writing to a file that no longer has a name."""
    place = empty(tmp_path)
    copy = tmp_path / "backup.db"

    with place.chain() as chain:
        await chain.write([row(n) for n in range(1, 5)])
        with place.connection() as db, sqlite3.connect(copy) as backup:
            db.backup(backup)
        remove(place.database)
        with pytest.raises(AuditUnavailable):
            await chain.write([row(5)])
        shutil.move(copy, place.database)
        assert await chain.write([row(5)]) == 5

    assert (place.verdict().holds, place.verdict().rows) == (True, 5)


async def test_a_checkpoint_that_cannot_be_written_makes_the_audit_unavailable_until_it_can(
    tmp_path: Path,
) -> None:
    place = empty(tmp_path)

    with place.chain() as chain:
        await chain.write([row(n) for n in range(9)])
        place.checkpoints.mkdir()
        for number in (9, 10):
            with pytest.raises(AuditUnavailable):
                await chain.write([row(number)])
        place.checkpoints.rmdir()
        assert await chain.write([row(11)]) == 12

    assert (place.verdict().holds, place.verdict().rows, place.verdict().checkpoints) == (True, 12, 1)


def test_the_audit_and_its_checkpoints_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        written(tmp_path, 12)
    finally:
        os.umask(before)

    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}

    assert modes["gateway.db"] == modes["gateway.checkpoints"] == 0o600
    assert set(modes.values()) == {0o600}


def test_a_row_prints_without_its_body_its_child_or_its_asker() -> None:
    assert repr(row(7)) == "<Row recorded=2026-11-22T02:07:07.000+00:00>"
