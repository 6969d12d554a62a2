"""One database of each kind for a test: a SQLite file, a schema in PostgreSQL, a database in MariaDB."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from connectors.base import Query, Record
from connectors.sql import Sql
from connectors.system import Endpoint, read_system
from tests import services
from tests.contract.administrator import to_mariadb, to_postgres

KINDS = [
    pytest.param("sqlite"),
    pytest.param("postgresql", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]


@dataclass(frozen=True)
class Database:
    """A database that is empty at first; `run` executes statements, in which `{0}` is before every table."""

    kind: str
    url: str
    folder: Path
    run: Callable[..., Awaitable[None]]
    options: Mapping[str, Any] = field(default_factory=dict)
    password: str = ""

    def connected(self, system: str, **options: Any) -> Sql:
        """The connector to it of a system, given as TOML below its first three lines."""
        file = self.folder / "system.toml"
        file.write_text(f'id = "cases"\ntitle = "Cases"\ntransport = "sql"\n{system}', encoding="utf-8")
        own = {**self.options, **options}
        return Sql(read_system(file), Endpoint("agency", self.url, lambda: self.password, options=own))


@asynccontextmanager
async def database(kind: str, folder: Path) -> AsyncIterator[Database]:
    started = {"sqlite": _sqlite, "postgresql": _postgresql, "mariadb": _mariadb}[kind]
    async with started(folder) as ready:
        yield ready


@asynccontextmanager
async def _sqlite(folder: Path) -> AsyncIterator[Database]:
    file = folder / "cases.sqlite"

    async def run(*statements: str) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            for statement in statements:
                connection.execute(statement.replace("{0}", ""))

    yield Database("sqlite", f"sqlite:///{file}", folder, run)


@asynccontextmanager
async def _postgresql(folder: Path) -> AsyncIterator[Database]:
    place = f"test_{uuid4().hex[:12]}"
    admin = await to_postgres(services.POSTGRES_URL)

    async def run(*statements: str) -> None:
        await admin.run(*(statement.replace("{0}", f"{place}.") for statement in statements))

    await run(f"CREATE SCHEMA {place}")
    try:
        yield _server(services.POSTGRES_URL, folder, run, place)
    finally:
        await run(f"DROP SCHEMA {place} CASCADE")
        await admin.close()


@asynccontextmanager
async def _mariadb(folder: Path) -> AsyncIterator[Database]:
    place = f"test_{uuid4().hex[:12]}"
    admin = await to_mariadb(services.MARIADB_URL)

    async def run(*statements: str) -> None:
        await admin.run(*(statement.replace("{0}", f"{place}.") for statement in statements))

    await run(f"CREATE DATABASE {place} CHARACTER SET utf8mb4")
    try:
        yield _server(services.MARIADB_URL, folder, run, place)
    finally:
        await run(f"DROP DATABASE {place}")
        await admin.close()


def _server(address: str, folder: Path, run: Callable[..., Awaitable[None]], place: str) -> Database:
    url = make_url(address)
    without = url._replace(password=None).render_as_string(hide_password=False)
    kind = "postgresql" if url.get_backend_name() == "postgresql" else "mariadb"
    return Database(kind, without, folder, run, {"schema": place}, str(url.password or ""))


async def fetched(
    connector: Sql,
    kind: str,
    limit: int | None = None,
    filters: Mapping[str, str] | None = None,
    **person: str,
) -> list[Record]:
    """All records of a kind about a person; the identifier `nhs-number` is written nhs_number here."""
    named = {name.replace("_", "-"): value for name, value in person.items()}
    return [record async for record in connector.fetch(Query(kind, named, filters or {}, limit))]
