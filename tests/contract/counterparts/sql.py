"""Databases that hold notes: a SQLite file, and PostgreSQL and MariaDB behind a proxy that fails."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from connectors.base import Failure
from connectors.connect import Connected, connect
from connectors.system import Endpoint
from tests import services
from tests.contract.administrator import Admin, to_mariadb, to_postgres
from tests.contract.counterpart import NOTES, system_from
from tests.contract.proxy import Proxy, proxy

_SYSTEM = """
id = "notes"
title = "Notes"
transport = "sql"
[kinds.note]
table = "notes"
order = ["id"]
person_keys = {local = "child"}
[kinds.note.fields]
id = "text"
text = "text"
"""
_TABLE = "CREATE TABLE {}notes (child varchar(5000), id varchar(50), text varchar(200), hidden varchar(50))"
_ROWS = [(child, note.key, note.text, note.hidden) for child, notes in NOTES.items() for note in notes]
_LOST = frozenset({Failure.UNAVAILABLE, Failure.UNREADABLE})
_SERVER = {
    "down": frozenset({Failure.UNAVAILABLE}),
    "garbage": _LOST,
    "truncated": _LOST,
    "error": frozenset({Failure.UNREADABLE}),
    "reject": frozenset({Failure.REJECTED}),
    "hang": frozenset[Failure](),
}


class SqliteSource:
    """A database file, which is spoilt in place."""

    name = "sql-sqlite"
    key, text = "id", "text"
    failures: Mapping[str, frozenset[Failure]] = {
        "down": frozenset({Failure.UNAVAILABLE}),
        "garbage": frozenset({Failure.UNREADABLE}),
        "truncated": frozenset({Failure.UNREADABLE}),
        "error": frozenset({Failure.UNREADABLE}),
        "hang": frozenset[Failure](),
    }

    def __init__(self) -> None:
        self._file = Path()
        self._lock: sqlite3.Connection | None = None

    @asynccontextmanager
    async def started(self, folder: Path) -> AsyncIterator[Connected]:
        self._file = folder / "notes.sqlite"
        with closing(sqlite3.connect(self._file)) as database, database:
            database.execute(_TABLE.format(""))
            database.executemany("INSERT INTO notes VALUES (?, ?, ?, ?)", _ROWS)
        connector = connect(system_from(folder, _SYSTEM), Endpoint("contract", f"sqlite:///{self._file}"))
        try:
            yield connector
        finally:
            self._unlock()
            await connector.close()

    async def play(self, fault: str) -> None:
        self._unlock()
        if fault == "down":
            self._file.unlink()
        elif fault == "garbage":
            self._file.write_bytes(bytes(range(1, 256)) * 64)
        elif fault == "truncated":
            self._file.write_bytes(self._file.read_bytes()[:5000])
        elif fault == "error":
            with closing(sqlite3.connect(self._file)) as database, database:
                database.execute("DROP TABLE notes")
        elif fault == "hang":
            self._lock = sqlite3.connect(self._file, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")

    def held(self) -> int:
        return 0

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


@dataclass(frozen=True)
class Server:
    """One server program: how to reach it, and its words for what a test does in it to `{0}`."""

    name: str
    address: str
    opened: Callable[[str], Awaitable[Admin]]
    fill: tuple[str, ...]
    empty: tuple[str, ...]
    reject: str
    lock: tuple[str, ...]
    unlock: str
    busy: str


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_INSERT = "INSERT INTO {0}.notes VALUES " + ", ".join(f"({', '.join(map(_quoted, row))})" for row in _ROWS)
_POSTGRES = Server(
    name="postgres",
    address=services.POSTGRES_URL,
    opened=to_postgres,
    fill=(
        "CREATE SCHEMA {0}",
        _TABLE.format("{0}."),
        _INSERT,
        "CREATE ROLE {0} LOGIN PASSWORD 's3cret'",
        "GRANT USAGE ON SCHEMA {0} TO {0}",
        "GRANT SELECT ON {0}.notes TO {0}",
    ),
    empty=("DROP SCHEMA {0} CASCADE", "DROP ROLE {0}"),
    reject="ALTER ROLE {0} NOLOGIN",
    lock=("BEGIN", "LOCK TABLE {0}.notes IN ACCESS EXCLUSIVE MODE"),
    unlock="ROLLBACK",
    busy="SELECT count(*) FROM pg_stat_activity WHERE usename = '{0}' AND state = 'active'",
)
_MARIADB = Server(
    name="mariadb",
    address=services.MARIADB_URL,
    opened=to_mariadb,
    fill=(
        "CREATE DATABASE {0} CHARACTER SET utf8mb4",
        _TABLE.format("{0}."),
        _INSERT,
        "CREATE USER {0}@'%' IDENTIFIED BY 's3cret'",
        "GRANT SELECT ON {0}.* TO {0}@'%'",
    ),
    empty=("DROP DATABASE {0}", "DROP USER {0}@'%'"),
    reject="ALTER USER {0}@'%' ACCOUNT LOCK",
    lock=("LOCK TABLES {0}.notes WRITE",),
    unlock="UNLOCK TABLES",
    busy="SELECT count(*) FROM information_schema.processlist WHERE user = '{0}' AND command = 'Query'",
)


class ServerSource:
    """A database server, asked through a proxy that can be down or spoil what the server says."""

    key, text = "id", "text"
    failures = _SERVER

    def __init__(self, server: Server) -> None:
        self.name = f"sql-{server.name}"
        self.marks = getattr(pytest.mark, server.name)
        self._server = server
        self._place = ""
        self._proxy = Proxy("", 0)
        self._admin: Admin | None = None

    @asynccontextmanager
    async def started(self, folder: Path) -> AsyncIterator[Connected]:
        self._place = f"contract_{uuid4().hex[:12]}"
        url = make_url(self._server.address)
        async with AsyncExitStack() as stack:
            self._admin = await self._server.opened(self._server.address)
            stack.push_async_callback(self._admin.close)
            stack.push_async_callback(self._say, *self._server.empty)
            await self._say(*self._server.fill)
            self._proxy = await stack.enter_async_context(proxy(url.host or "", url.port or 0))
            host, port = self._proxy.address
            database = url.database if self._server.name == "postgres" else self._place
            address = f"{url.get_backend_name()}://{self._place}@{host}:{port}/{database}"
            options = {"schema": self._place, "timeout_seconds": 3}
            endpoint = Endpoint("contract", address, lambda: "s3cret", options=options)
            connector = connect(system_from(folder, _SYSTEM), endpoint)
            stack.push_async_callback(connector.close)
            stack.push_async_callback(self._say, self._server.unlock)
            yield connector

    async def play(self, fault: str) -> None:
        await self._say(self._server.unlock)
        if fault == "error":
            await self._say("DROP TABLE {0}.notes")
        elif fault == "reject":
            await self._say(self._server.reject)
            self._proxy.cut()
        elif fault == "hang":
            await self._say(*self._server.lock)
        else:
            await self._proxy.play(fault)

    def held(self) -> int:
        # asked for while a loop runs, so in a loop of its own
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._busy()).result()

    async def _busy(self) -> int:
        admin = await self._server.opened(self._server.address)
        try:
            return await admin.number(self._server.busy.format(self._place))
        finally:
            await admin.close()

    async def _say(self, *statements: str) -> None:
        assert self._admin is not None
        await self._admin.run(*(statement.format(self._place) for statement in statements))


COUNTERPARTS = (SqliteSource(), ServerSource(_POSTGRES), ServerSource(_MARIADB))
