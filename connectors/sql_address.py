"""Where a database is and how it is opened: read-only, bounded in time, over TLS unless it is local.

https://docs.sqlalchemy.org/en/21/core/engines.html#database-urls
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from connectors.sql_file import version_of
from connectors.system import Endpoint, SystemMistake

# its debug lines hold the parameters of statements: identifiers of children
logging.getLogger("aiosqlite").setLevel(logging.WARNING)

_LOCAL = frozenset({None, "", "localhost", "127.0.0.1", "::1"})
_CONNECT_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Address:
    """A database that can be opened: `backend` is sqlite, postgresql or mariadb, `file` where SQLite's is."""

    backend: str
    engine: AsyncEngine
    file: Path | None

    async def version(self) -> object:
        """What changes when another file takes the place of SQLite's; raises SourceError, or OSError."""
        return None if self.file is None else await asyncio.to_thread(version_of, self.file)


def address_of(endpoint: Endpoint, options: Mapping[str, Any], timeout: float) -> Address:
    """The database of a source; raises SystemMistake if its address cannot be one."""
    try:
        url = make_url(endpoint.url)
    except ArgumentError:
        raise SystemMistake(f"source {endpoint.source}: url is no database address") from None
    if url.password is not None:
        raise SystemMistake(f"source {endpoint.source}: a password belongs in the line 'secret'")
    backend = {"mysql": "mariadb"}.get(url.get_backend_name(), url.get_backend_name())
    if backend not in _OPENED:
        raise SystemMistake(f"source {endpoint.source}: url begins with postgresql, mariadb or sqlite")
    engine = create_async_engine(
        _driven(url, backend),
        # connections are kept by connectors/sql_lines.py
        poolclass=NullPool,
        pool_reset_on_return=None,
        hide_parameters=True,
        connect_args={**_OPENED[backend](timeout), **_secured(url, options)},
        **({"isolation_level": "AUTOCOMMIT"} if backend == "mariadb" else {}),
    )
    _give_secret(engine, endpoint, backend)
    return Address(backend, engine, Path(url.database or "") if backend == "sqlite" else None)


def _driven(url: URL, backend: str) -> URL:
    if backend == "sqlite":
        read_only = {"mode": "ro", "uri": "true"}
        return URL.create("sqlite+aiosqlite", database=f"file:{quote(url.database or '')}", query=read_only)
    return url.set(drivername={"postgresql": "postgresql+asyncpg", "mariadb": "mariadb+asyncmy"}[backend])


def _postgresql(timeout: float) -> dict[str, Any]:
    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": str(int(timeout * 1000)),
        "lock_timeout": "500",
        "application_name": "wholechild-gateway",
    }
    return {"server_settings": settings, "timeout": _CONNECT_SECONDS}


def _mariadb(timeout: float) -> dict[str, Any]:
    return {
        "init_command": f"SET SESSION max_statement_time={timeout:.3f}, tx_read_only=1",
        "connect_timeout": _CONNECT_SECONDS,
        "charset": "utf8mb4",
    }


def _sqlite(timeout: float) -> dict[str, Any]:
    # how long to wait for a writer's lock
    return {"timeout": min(timeout, 2.0)}


_OPENED = {"postgresql": _postgresql, "mariadb": _mariadb, "sqlite": _sqlite}


def _secured(url: URL, options: Mapping[str, Any]) -> dict[str, Any]:
    """TLS with the server's name checked; `tls = false` in the source's lines is for a guarded network."""
    if url.host in _LOCAL or url.get_backend_name() == "sqlite" or options.get("tls") is False:
        return {}
    context = ssl.create_default_context(cafile=options.get("ca"))
    if "certificate" in options:
        context.load_cert_chain(options["certificate"], options.get("key"))
    return {"ssl": context}


def _give_secret(engine: AsyncEngine, endpoint: Endpoint, backend: str) -> None:
    """Puts the secret in at each connect, so that no address ever holds it and a changed one is used."""

    @event.listens_for(engine.sync_engine, "do_connect")
    def give(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
        if backend != "sqlite" and (secret := endpoint.secret()):
            parameters["password"] = secret
