"""Databases that are slow, gone, changed, cut off, or told to write: what the sql connector makes of it."""

import asyncio
import logging
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from connectors.base import Failure, SourceError
from connectors.sql import Sql
from connectors.system import Endpoint, SystemMistake, read_system
from tests import services
from tests.connectors.databases import KINDS, Database, database, fetched
from tests.contract.administrator import to_postgres
from tests.contract.proxy import proxy

SYSTEM = """
[kinds.note]
table = "note"
order = ["id"]
person_keys = {local = "child"}
fields = {id = "text", body = "text"}
"""
CANARY = "CNRY-4711"


async def fill(ready: Database) -> None:
    rows = ", ".join(f"('{n % 10}', 'n{n:04d}', 'x{n:0200d}')" for n in range(200))
    await ready.run(
        "CREATE TABLE {0}note (child varchar(20), id varchar(20), body varchar(300))",
        f"INSERT INTO {{0}}note VALUES {rows}",
    )


async def failure_of(connector: Sql, child: str = "7") -> SourceError:
    with pytest.raises(SourceError) as caught:
        await fetched(connector, "note", local=child)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
async def test_a_column_that_the_live_table_lacks_is_named(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        await ready.run("CREATE TABLE {0}note (child varchar(20), id varchar(20))")
        connector = ready.connected(SYSTEM)

        failure = await failure_of(connector, CANARY)
        await connector.close()

    assert (failure.failure, failure.detail) == (
        Failure.UNREADABLE,
        "note: column body of table note missing",
    )
    assert CANARY not in f"{failure!r}{failure.__cause__!r}{failure.__context__!r}"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_table_that_the_database_lacks_is_named(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        await ready.run("CREATE TABLE {0}other (id varchar(20))")
        connector = ready.connected(SYSTEM)

        failure = await failure_of(connector)
        await connector.close()

    assert failure.detail == "note: table note missing"


# a view over this takes minutes to read
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS i FROM n",
    "postgresql": "SELECT count(*) AS i FROM generate_series(1, 100000) a, generate_series(1, 100000) b",
    "mariadb": "SELECT count(*) AS i FROM {0}seq_1_to_100000 a, {0}seq_1_to_100000 b",
}


async def endless(ready: Database) -> None:
    rows = ENDLESS[ready.kind]
    await ready.run(f"CREATE VIEW {{0}}note AS SELECT '7' AS child, 'n' AS id, i AS body FROM ({rows}) AS e")


@pytest.mark.parametrize("kind", KINDS)
async def test_the_database_ends_a_statement_that_takes_too_long(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        await endless(ready)
        connector = ready.connected(SYSTEM, timeout_seconds=0.3)
        began = time.monotonic()

        failure = await failure_of(connector)
        took = time.monotonic() - began
        await connector.close()

    assert failure.failure is Failure.TIMED_OUT
    assert took < 2


@pytest.mark.parametrize("kind", KINDS)
async def test_a_caller_who_gives_up_is_let_go_and_the_statement_ends(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        await endless(ready)
        connector = ready.connected(SYSTEM, timeout_seconds=60)
        began = time.monotonic()

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await fetched(connector, "note", local="7")
        let_go = time.monotonic() - began
        # closing waits for what is still under way
        await connector.close()
        ended = time.monotonic() - began

    assert let_go < 0.6
    assert ended < 3


async def test_sqlite_leaves_no_thread_behind(tmp_path: Path) -> None:
    async with database("sqlite", tmp_path) as ready:
        await endless(ready)
        connector = ready.connected(SYSTEM, timeout_seconds=60)
        before = set(threading.enumerate())
        for _ in range(5):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await fetched(connector, "note", local="7")
        await connector.close()
        await asyncio.sleep(0.1)

        left = [thread for thread in set(threading.enumerate()) - before if "aiosqlite" in repr(thread)]

    assert left == []


WRITES = {
    "postgresql": ("CREATE SEQUENCE {0}counter", "CREATE VIEW {0}note AS SELECT '7' AS child, 'n' AS id,"
                   " nextval('{0}counter') AS body"),
    "mariadb": ("CREATE SEQUENCE {0}counter", "CREATE VIEW {0}note AS SELECT '7' AS child, 'n' AS id,"
                " nextval({0}counter) AS body"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS[1:])
async def test_not_even_a_view_that_writes_can_be_read(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        await ready.run(*WRITES[kind])
        connector = ready.connected(SYSTEM)

        failure = await failure_of(connector)
        await connector.close()

    assert failure.failure in (Failure.UNREADABLE, Failure.UNAVAILABLE)


@pytest.mark.postgres
async def test_connections_that_died_unnoticed_cost_no_answer(tmp_path: Path) -> None:
    async with database("postgresql", tmp_path) as ready:
        await fill(ready)
        connector = ready.connected(SYSTEM)
        await asyncio.gather(*(fetched(connector, "note", local="7") for _ in range(8)))
        admin = await to_postgres(services.POSTGRES_URL)
        await admin.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE application_name = 'wholechild-gateway' AND query LIKE '%{ready.options['schema']}%'"
        )
        await admin.close()

        again = await asyncio.gather(*(fetched(connector, "note", local="7") for _ in range(8)))
        await connector.close()

    assert [len(records) for records in again] == [20] * 8


async def test_a_database_file_that_is_replaced_is_read_anew(tmp_path: Path) -> None:
    async with database("sqlite", tmp_path) as ready:
        await fill(ready)
        connector = ready.connected(SYSTEM)
        before = await fetched(connector, "note", local="7")
        await asyncio.sleep(0.02)
        with closing(sqlite3.connect(tmp_path / "new.sqlite")) as new, new:
            new.execute("CREATE TABLE note (child, id, body)")
            new.execute("INSERT INTO note VALUES ('7', 'only', 'x')")
        (tmp_path / "new.sqlite").rename(tmp_path / "cases.sqlite")

        after = await fetched(connector, "note", local="7")
        await connector.close()

    assert (len(before), [record["id"] for record in after]) == (20, ["only"])


async def test_a_database_file_that_is_cut_off_never_answers_with_fewer(tmp_path: Path) -> None:
    async with database("sqlite", tmp_path) as ready:
        await fill(ready)
        file = tmp_path / "cases.sqlite"
        whole = file.read_bytes()
        connector = ready.connected(SYSTEM)
        for length in (*range(0, 600, 40), *range(600, len(whole), 1371), len(whole) - 1):
            # in place, so that the kept connection meets it too
            with file.open("r+b") as cut:
                cut.write(whole)
                cut.truncate(length)

            failure = await failure_of(connector)

            assert failure.failure in (Failure.UNREADABLE, Failure.UNAVAILABLE), length
        file.write_bytes(whole)

        assert len(await fetched(connector, "note", local="7")) == 20
        await connector.close()


@pytest.mark.parametrize(
    "url", ["postgresql://u:secret@host/db", "oracle://host/db", "nothing", "mariadb://u:secret@host/db"]
)
def test_an_address_with_a_password_or_of_another_kind_stops_the_start(tmp_path: Path, url: str) -> None:
    file = tmp_path / "system.toml"
    file.write_text(f'id = "x"\ntitle = "x"\ntransport = "sql"\n{SYSTEM}')

    with pytest.raises(SystemMistake) as caught:
        Sql(read_system(file), Endpoint("agency", url))

    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS[1:])
async def test_a_database_elsewhere_is_not_talked_to_without_tls(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        await fill(ready)
        there = make_url(ready.url)
        # any address but the loopback's usual one counts as elsewhere, and these servers have no certificate
        async with proxy(there.host or "", there.port or 0, at="127.0.0.2") as between:
            elsewhere = there.set(host="127.0.0.2", port=between.address[1])
            moved = replace(ready, url=elsewhere.render_as_string(hide_password=False))
            careful, careless = moved.connected(SYSTEM), moved.connected(SYSTEM, tls=False)

            failure = await failure_of(careful)
            answer = await fetched(careless, "note", local="7")
            await careful.close()
            await careless.close()

    assert failure.failure is Failure.UNAVAILABLE
    assert len(answer) == 20


async def test_nothing_of_a_question_or_its_answer_is_logged_at_any_level(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with database("sqlite", tmp_path) as ready:
        await ready.run(
            "CREATE TABLE {0}note (child varchar(20), id varchar(20), body varchar(20))",
            f"INSERT INTO {{0}}note VALUES ('{CANARY}', 'n', '{CANARY}')",
        )
        connector = ready.connected(SYSTEM)

        assert len(await fetched(connector, "note", local=CANARY)) == 1
        await connector.close()

    assert CANARY not in caplog.text


async def test_text_that_is_not_utf_8_is_unreadable_and_the_writer_of_a_sqlite_file_goes_on(
    tmp_path: Path,
) -> None:
    async with database("sqlite", tmp_path) as ready:
        await fill(ready)
        await ready.run("UPDATE note SET body = CAST(x'4ffe80' AS TEXT) WHERE child = '7'")
        connector = ready.connected(SYSTEM)

        failure = await failure_of(connector)
        # closed in the background
        await asyncio.sleep(0.2)
        with closing(sqlite3.connect(tmp_path / "cases.sqlite", timeout=0)) as writer, writer:
            writer.execute("UPDATE note SET body = 'mended'")
        assert len(await fetched(connector, "note", local="7")) == 20
        await connector.close()

    assert failure.failure is Failure.UNREADABLE
