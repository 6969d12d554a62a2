"""What a database driver's error means for the caller; its words are never passed on: they quote values.

https://www.postgresql.org/docs/current/errcodes-appendix.html,
https://mariadb.com/docs/server/reference/error-codes, https://www.sqlite.org/rescode.html
"""

import sqlite3
from typing import Any

import asyncmy.errors
import asyncpg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from connectors.base import Failure, SourceError

# whatever a driver, or SQLAlchemy around it, raises; ValueError is aiosqlite's "Connection closed"
DRIVER_ERRORS = (
    SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    asyncmy.errors.MySQLError, sqlite3.Error, OSError, EOFError, ValueError,
)  # fmt: skip

_POSTGRES = {
    "57014": Failure.TIMED_OUT,
    "55P03": Failure.TIMED_OUT,
    "28": Failure.REJECTED,
    "42501": Failure.REJECTED,
    "53": Failure.THROTTLED,
    "42": Failure.UNREADABLE,
    "22": Failure.UNREADABLE,
    "3D": Failure.UNREADABLE,
}
_MARIADB = {
    1969: Failure.TIMED_OUT,
    1205: Failure.TIMED_OUT,
    3024: Failure.TIMED_OUT,
    4151: Failure.REJECTED,
    1044: Failure.REJECTED,
    1045: Failure.REJECTED,
    1142: Failure.REJECTED,
    1143: Failure.REJECTED,
    1698: Failure.REJECTED,
    1040: Failure.THROTTLED,
    1203: Failure.THROTTLED,
    1226: Failure.THROTTLED,
    1049: Failure.UNREADABLE,
    1054: Failure.UNREADABLE,
    1064: Failure.UNREADABLE,
    1146: Failure.UNREADABLE,
}
_SQLITE = {
    "SQLITE_INTERRUPT": Failure.TIMED_OUT,
    "SQLITE_BUSY": Failure.TIMED_OUT,
    "SQLITE_LOCKED": Failure.TIMED_OUT,
    "SQLITE_ERROR": Failure.UNREADABLE,
    "SQLITE_CORRUPT": Failure.UNREADABLE,
    "SQLITE_NOTADB": Failure.UNREADABLE,
    "SQLITE_MISMATCH": Failure.UNREADABLE,
    "SQLITE_TOOBIG": Failure.TOO_LARGE,
    "SQLITE_AUTH": Failure.REJECTED,
    "SQLITE_PERM": Failure.REJECTED,
}


def source_error(error: BaseException) -> SourceError:
    """`error` in the contract's words: what can be done about it, and the database's number for it."""
    original = _original(error)
    if isinstance(original, TimeoutError):
        return SourceError(Failure.TIMED_OUT, "no connection in time")
    code = _code(original)
    return SourceError(_failure(original, code), f"{type(original).__name__} {code}".rstrip())


def _original(error: BaseException) -> BaseException:
    """The driver's own error under those that SQLAlchemy puts around it."""
    while isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    # the adapter of asyncpg keeps the driver's as the cause
    return error.__cause__ if isinstance(error.__cause__, asyncpg.PostgresError) else error


def _code(error: BaseException) -> str:
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "")
    if isinstance(error, sqlite3.Error):
        return str(getattr(error, "sqlite_errorname", ""))
    number: Any = error.args[0] if error.args else ""
    return str(number) if isinstance(number, int) else ""


def _failure(error: BaseException, code: str) -> Failure:
    if isinstance(error, asyncpg.PostgresError):
        return _POSTGRES.get(code) or _POSTGRES.get(code[:2]) or Failure.UNAVAILABLE
    if isinstance(error, asyncmy.errors.MySQLError):
        return _MARIADB.get(int(code or 0), Failure.UNAVAILABLE)
    if isinstance(error, sqlite3.Error):
        if not code and isinstance(error, sqlite3.OperationalError):
            # Python's own, for text that is not UTF-8
            return Failure.UNREADABLE
        # extended codes end in what happened in detail: SQLITE_CORRUPT_INDEX
        primary = "_".join(code.split("_")[:2])
        return _SQLITE.get(primary, Failure.UNAVAILABLE)
    return Failure.UNAVAILABLE
