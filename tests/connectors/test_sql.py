"""What a system file can say to the sql connector, against a SQLite file, PostgreSQL and MariaDB."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio

from connectors.base import Failure, Query, SourceError
from connectors.system import SystemMistake
from tests.connectors.databases import KINDS, Database, database, fetched


@pytest_asyncio.fixture(params=KINDS)
async def cases(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    async with database(request.param, tmp_path) as ready:
        await ready.run(
            "CREATE TABLE {0}child (id varchar(10), nhs varchar(10), name varchar(50))",
            "INSERT INTO {0}child VALUES ('1', '9990000018', 'Ann'), ('2', '9990000026', 'Ben')",
            "CREATE TABLE {0}visit (id varchar(10), child varchar(10), worker varchar(10), day varchar(10))",
            "INSERT INTO {0}visit VALUES ('v1', '1', 'w1', '2026-01-02'), ('v2', '1', 'w9', '2026-03-04'),"
            " ('v3', '1', NULL, '2026-02-03'), ('v4', '2', 'w1', '2026-05-06')",
            "CREATE TABLE {0}worker (id varchar(10), name varchar(50))",
            "INSERT INTO {0}worker VALUES ('w1', 'J. Patel')",
        )
        yield ready


PERSON = """
[kinds.person]
table = "child"
person_keys = {nhs-number = "nhs", local = "id"}
fields = {id = "text", name = "text"}
"""
VISIT = """
[kinds.visit]
table = "visit"
order = ["day"]
person_keys = {local = "child"}
fields = {id = "text"}
"""


async def ids(cases: Database, system: str, kind: str = "visit", **person: str) -> list[str]:
    connector = cases.connected(system)
    found = await fetched(connector, kind, None, None, **person)
    await connector.close()
    return [record["id"] for record in found]


async def test_records_come_in_the_order_that_the_file_says(cases: Database) -> None:
    assert await ids(cases, VISIT, local="1") == ["v1", "v3", "v2"]
    assert await ids(cases, VISIT.replace('"day"', '"day desc"'), local="1") == ["v2", "v3", "v1"]


async def test_whoever_has_one_of_several_identifiers_is_found(cases: Database) -> None:
    found = await ids(cases, PERSON, "person", nhs_number="9990000018", local="2")

    assert sorted(found) == ["1", "2"]


async def test_an_identifier_that_the_source_does_not_know_is_left_out(cases: Database) -> None:
    assert await ids(cases, PERSON, "person", nhs_number="9990000018", upn="A1") == ["1"]


async def test_a_missing_partner_of_a_join_hides_no_row(cases: Database) -> None:
    connector = cases.connected(
        VISIT.replace("[kinds.visit]", '[kinds.visit]\njoin = ["worker = worker.id as who"]').replace(
            'id = "text"', 'id = "text", "who.name" = "text"'
        )
    )

    found = await fetched(connector, "visit", local="1")

    assert [dict(record) for record in found] == [
        {"id": "v1", "who": {"name": "J. Patel"}},
        {"id": "v3"},
        {"id": "v2"},
    ]
    await connector.close()


async def test_a_child_can_be_looked_up_in_a_joined_table(cases: Database) -> None:
    system = VISIT.replace("[kinds.visit]", '[kinds.visit]\njoin = ["child = child.id"]')

    assert await ids(
        cases, system.replace('local = "child"', 'nhs-number = "child.nhs"'), nhs_number="9990000026"
    ) == ["v4"]


async def test_a_table_can_be_joined_with_itself(cases: Database) -> None:
    system = VISIT.replace(
        "[kinds.visit]", '[kinds.visit]\njoin = ["worker = visit.worker as same"]'
    ).replace('id = "text"', 'id = "text", "same.id" = "text"')
    connector = cases.connected(system)

    found = await fetched(connector, "visit", local="2")

    assert sorted(record["same"]["id"] for record in found) == ["v1", "v4"]
    await connector.close()


@pytest.mark.parametrize(("line", "left"), [('worker = "w1"', ["v1"]), ('id = ["v1", "v3"]', ["v1", "v3"])])
async def test_a_constant_filter_takes_rows_away(cases: Database, line: str, left: list[str]) -> None:
    system = VISIT.replace("[kinds.visit]", f"[kinds.visit]\nfilter = {{{line}}}")

    assert await ids(cases, system, local="1") == left


async def test_a_filter_that_is_pushed_down_is_applied(cases: Database) -> None:
    connector = cases.connected(
        VISIT.replace("[kinds.visit]", '[kinds.visit]\npushdown = ["from"]\nfilters = {from = "day >="}')
    )

    found = [r async for r in connector.fetch(Query("visit", {"local": "1"}, {"from": "2026-02-03"}))]

    assert [record["id"] for record in found] == ["v3", "v2"]
    assert connector.capabilities["visit"].pushdown == {"from"}
    await connector.close()


async def test_rows_of_another_table_stand_in_the_record_as_a_list(cases: Database) -> None:
    connector = cases.connected(
        PERSON.replace(
            "fields = {",
            'lists.visits = {table = "visit", on = "child = id", order = ["day desc"]}\n'
            'fields = {"visits[].id" = "text", "visits[].day" = "date", ',
        )
    )
    await cases.run("INSERT INTO {0}child VALUES ('3', '9990000034', 'Cal')")

    (ann,) = await fetched(connector, "person", nhs_number="9990000018")
    (cal,) = await fetched(connector, "person", local="3")

    assert ann["visits"][0] == {"id": "v2", "day": "2026-03-04"}
    assert [visit["id"] for visit in ann["visits"]] == ["v2", "v3", "v1"]
    assert dict(cal) == {"id": "3", "name": "Cal"}
    await connector.close()


async def test_a_kind_of_the_councils_own_exists_only_where_the_source_has_its_table(cases: Database) -> None:
    system = PERSON + VISIT.replace("[kinds.visit]", "[kinds.visit]\nlocal = true")
    without, having = cases.connected(system), cases.connected(system, local_tables=["visit"])

    assert set(without.capabilities) == {"person"}
    with pytest.raises(SourceError, match=Failure.UNSUPPORTED):
        await fetched(without, "visit", local="1")
    assert len(await fetched(having, "visit", local="1")) == 3
    await without.close()
    await having.close()


async def test_a_kind_can_be_part_of_json_in_a_column(cases: Database) -> None:
    await cases.run(
        "CREATE TABLE {0}plan (child varchar(10), body varchar(200))",
        """INSERT INTO {0}plan VALUES ('1', '{"steps": [{"id": "s1", "cost": 1.10}, {"id": "s2"}]}')""",
    )
    connector = cases.connected("""
[kinds.plan]
table = "plan"
person_keys = {local = "child"}
fields = {body = "any"}
[kinds.step]
part_of = "plan"
path = "body.steps[]"
fields = {id = "text", cost = "decimal"}
""")

    alone = await fetched(connector, "step", local="1")
    together = await fetched(connector, "plan", local="1")

    assert [dict(record) for record in alone] == [{"id": "s1", "cost": "1.10"}, {"id": "s2"}]
    assert [record.kind for record in together] == ["plan", "step", "step"]
    await connector.close()


async def _with_many(cases: Database) -> None:
    rows = ", ".join(f"('m{n:05d}', '3', NULL, '2026-01-01')" for n in range(1700))
    await cases.run("INSERT INTO {0}visit VALUES " + rows)


async def test_any_number_of_rows_comes_through(cases: Database) -> None:
    await _with_many(cases)

    found = await ids(cases, VISIT.replace('"day"', '"id"'), local="3")

    assert found == [f"m{n:05d}" for n in range(1700)]


@pytest.mark.parametrize("limit", [1, 500, 501, 1200])
async def test_a_limit_caps_the_work_and_gives_as_many(cases: Database, limit: int) -> None:
    await _with_many(cases)
    connector = cases.connected(VISIT)

    found = await fetched(connector, "visit", limit, local="3")

    assert limit <= len(found) <= limit + 500
    await connector.close()


async def test_a_stream_that_is_left_early_blocks_nobody(cases: Database) -> None:
    await _with_many(cases)
    connector = cases.connected(VISIT, connections=1)
    async with aclosing(connector.fetch(Query("visit", {"local": "3"}))) as many:
        await anext(many)

    assert len(await fetched(connector, "visit", local="1")) == 3
    await connector.close()


async def test_kinds_asked_at_once_wait_for_a_connection_rather_than_fail(cases: Database) -> None:
    connector = cases.connected(VISIT, connections=2)

    answers = await asyncio.gather(*(fetched(connector, "visit", local="1") for _ in range(60)))

    assert [len(answer) for answer in answers] == [3] * 60
    await connector.close()


async def test_what_was_written_since_the_last_question_is_seen(cases: Database) -> None:
    connector = cases.connected(VISIT, connections=1)
    before = await fetched(connector, "visit", local="2")

    await cases.run("INSERT INTO {0}visit VALUES ('v5', '2', NULL, '2026-07-08')")

    after = await fetched(connector, "visit", local="2")
    assert ([r["id"] for r in before], [r["id"] for r in after]) == (["v4"], ["v4", "v5"])
    await connector.close()


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ('join = ["worker is worker.id"]', "join"),
        ('order = ["nowhere.day"]', "nowhere.day"),
        ('filters = {from = "day =>"}', "filters"),
        ('lists.visits = {table = "visit", on = "child"}', "lists"),
    ],
)
async def test_a_line_that_makes_no_sense_is_named(tmp_path: Path, lines: str, word: str) -> None:
    async with database("sqlite", tmp_path) as ready:
        with pytest.raises(SystemMistake, match=word):
            ready.connected(
                VISIT.replace('order = ["day"]\n', "").replace("[kinds.visit]", f"[kinds.visit]\n{lines}")
            )
