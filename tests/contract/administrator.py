"""The administrator of a PostgreSQL or MariaDB server, for tests that make tables in it.

https://magicstack.github.io/asyncpg/current/, https://github.com/long2ice/asyncmy
"""

from typing import Any, Protocol

import asyncmy
import asyncpg
from sqlalchemy import make_url


class Admin(Protocol):
    """A connection that may do anything in the server."""

    async def run(self, *statements: str) -> None: ...
    async def number(self, query: str) -> int: ...
    async def close(self) -> None: ...


class _Postgres:
    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def run(self, *statements: str) -> None:
        for statement in statements:
            await self._connection.execute(statement)

    async def number(self, query: str) -> int:
        return int(await self._connection.fetchval(query))

    async def close(self) -> None:
        await self._connection.close()


class _Mariadb:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def run(self, *statements: str) -> None:
        async with self._connection.cursor() as cursor:
            for statement in statements:
                await cursor.execute(statement)

    async def number(self, query: str) -> int:
        async with self._connection.cursor() as cursor:
            await cursor.execute(query)
            return int((await cursor.fetchone())[0])

    async def close(self) -> None:
        await self._connection.ensure_closed()


async def to_postgres(address: str) -> Admin:
    return _Postgres(await asyncpg.connect(address))


async def to_mariadb(address: str) -> Admin:
    url = make_url(address)
    return _Mariadb(
        await asyncmy.connect(
            host=url.host, port=url.port, user=url.username, password=url.password or "", autocommit=True
        )
    )
