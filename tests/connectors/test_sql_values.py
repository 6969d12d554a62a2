"""What comes out of a database's columns, by the type that the system file declares."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from connectors.base import Failure, SourceError
from connectors.sql_value import reader
from tests.connectors.databases import KINDS, database, fetched

NOTHING = None


@pytest.mark.parametrize(
    ("type_", "value", "read"),
    [
        ("text", "Ann", "Ann"),
        ("text", "fixed   ", "fixed"),
        ("text", "   ", NOTHING),
        ("text", 7, "7"),
        ("text", Decimal("1.50"), "1.50"),
        ("text", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("text", "é".encode(), "é"),
        ("integer", 7, 7),
        ("integer", True, 1),
        ("integer", Decimal(7), 7),
        ("integer", "-7", -7),
        ("integer", "seven", "seven"),
        ("decimal", Decimal("14.10"), "14.10"),
        ("decimal", 0.1, "0.1"),
        ("decimal", "14.10", "14.10"),
        ("boolean", 1, True),
        ("boolean", 0, False),
        ("boolean", b"\x01", True),
        ("boolean", "Y", "Y"),
        ("date", date(2026, 11, 22), "2026-11-22"),
        ("date", datetime(2026, 11, 22, 0, 0), "2026-11-22"),
        ("date", "2026-11-22", "2026-11-22"),
        ("date", "2026-11-22 00:00:00.000", "2026-11-22"),
        ("date", "22/11/2026", "22/11/2026"),
        ("datetime", datetime(2026, 11, 22, 2, 7), "2026-11-22T02:07:00"),
        ("datetime", date(2026, 11, 22), "2026-11-22"),
        ("datetime", "2026-11-22 02:07:00", "2026-11-22T02:07:00"),
        ("datetime", "2026-11-22T02:07:00Z", "2026-11-22T02:07:00Z"),
        ("datetime", "2026-11-22", "2026-11-22"),
        ("datetime", "soon", "soon"),
        ("any", '{"cost": 1.10}', {"cost": "1.10"}),
        ("any", "{not json", "{not json"),
        ("any", 7, 7),
    ],
)
def test_a_value_is_read_by_its_declared_type(type_: str, value: Any, read: Any) -> None:
    assert reader(type_)(value) == read


def test_text_that_is_not_utf_8_is_unreadable() -> None:
    with pytest.raises(SourceError, match=Failure.UNREADABLE):
        reader("text")(b"\xff\xfe")


# the types of flag, amount, at and id
COLUMNS: Mapping[str, tuple[str, str, str, str]] = {
    "sqlite": ("boolean", "numeric", "datetime", "integer"),
    "postgresql": ("boolean", "numeric(8,2)", "timestamp", "bigint"),
    "mariadb": ("bit(1)", "decimal(8,2)", "datetime", "bigint"),
}
TABLE = "CREATE TABLE {{0}}row_ (flag {}, amount {}, at {}, id {}, tag char(8), day date, note varchar(20))"
SYSTEM = """
[kinds.row]
table = "row_"
pushdown = ["since"]
filters = {since = "day >="}
person_keys = {local = "id"}
[kinds.row.fields]
id = "integer"
flag = "boolean"
amount = "decimal"
at = "datetime"
day = "date"
tag = "text"
note = "text"
"""


@pytest.mark.parametrize("kind", KINDS)
async def test_each_database_gives_the_same_record(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        true = "b'1'" if kind == "mariadb" else "true"
        await ready.run(
            TABLE.format(*COLUMNS[kind]),
            "INSERT INTO {0}row_ (id, flag, amount, at, day, tag, note) VALUES "
            f"(77, {true}, 14.15, '2026-11-22 02:07:00', '2026-11-22', 'ab', NULL)",
        )
        connector = ready.connected(SYSTEM)

        (record,) = await fetched(connector, "row", local="77")
        await connector.close()

    assert dict(record) == {
        "id": 77,
        "flag": True,
        "amount": "14.15",
        "at": "2026-11-22T02:07:00",
        "day": "2026-11-22",
        "tag": "ab",
    }


@pytest.mark.parametrize("kind", KINDS)
async def test_a_number_that_is_none_cannot_be_asked_for_where_numbers_are_kept(
    kind: str, tmp_path: Path
) -> None:
    async with database(kind, tmp_path) as ready:
        connector = ready.connected(SYSTEM)

        with pytest.raises(SourceError, match=Failure.UNSUPPORTED):
            await fetched(connector, "row", local="CNRY77")
        await connector.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_date_is_compared_as_a_date(kind: str, tmp_path: Path) -> None:
    async with database(kind, tmp_path) as ready:
        await ready.run(
            TABLE.format(*COLUMNS[kind]),
            "INSERT INTO {0}row_ (id, day, note) VALUES (7, '2026-09-30', 'old'), (7, '2026-10-01', 'new')",
        )
        connector = ready.connected(SYSTEM)

        found = await fetched(connector, "row", filters={"since": "2026-10-01"}, local="7")
        await connector.close()

    assert [record["note"] for record in found] == ["new"]
