"""Databases as a source of records: PostgreSQL, MariaDB and SQLite, read-only.

https://docs.sqlalchemy.org/en/21/
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import NoSuchTableError

from connectors.base import Capability, Failure, Query, Record, SourceError
from connectors.records import asked, capabilities, parts
from connectors.sql_address import address_of
from connectors.sql_error import DRIVER_ERRORS, source_error
from connectors.sql_kind import SqlKind
from connectors.sql_lines import PART_ROWS, Line, Lines
from connectors.sql_statement import Statement, raw
from connectors.system import Endpoint, Kind, System

# a connection to SQLite is a thread, and more of them only wait for each other
_CONNECTIONS = {"postgresql": 4, "mariadb": 4, "sqlite": 2}
_TIMEOUT_SECONDS = 5.0
_MOST_ROWS = 100_000
_MOST_LISTED_ROWS = 10_000

Row = tuple[Any, ...]


class Sql:
    """One agency's database."""

    def __init__(self, system: System, endpoint: Endpoint) -> None:
        options = {**system.options.get("sql", {}), **endpoint.options}
        timeout = float(options.get("timeout_seconds", _TIMEOUT_SECONDS))
        address = address_of(endpoint, options, timeout)
        self._system = system
        self._schema = None if address.backend == "sqlite" else options.get("schema")
        most = int(options.get("connections", _CONNECTIONS[address.backend]))
        self._lines = Lines(address, most, timeout)
        own = frozenset(options.get("local_tables", ()))
        wholes = [kind for kind in system.kinds.values() if kind.part_of is None and _is_there(kind, own)]
        dialect = address.engine.dialect
        self._kinds = {kind.name: SqlKind(kind, dialect, self._schema) for kind in wholes}
        self._offered = {n: c for n, c in capabilities(system).items() if c.asked_as in self._kinds}
        for ready in self._kinds.values():
            # a statement takes a millisecond to make: not when the first child is asked for
            for name in ready.kind.person_keys:
                ready.main([f"key:{name}"], PART_ROWS + 1)

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        return self._offered

    async def fetch(self, query: Query) -> AsyncGenerator[Record, None]:
        """The records of the kind asked for, or of the whole group if it is the group's name."""
        whole = asked(self._system, query.kind).name if query.kind in self._system.kinds else ""
        if whole not in self._kinds:
            raise SourceError(Failure.UNSUPPORTED, "the source has no such kind")
        kind = self._kinds[whole]
        question = _Question(kind, kind.values(query), query.limit)
        async with aclosing(self._raws(question)) as raws:
            async for found in raws:
                for record in parts(self._system, whole, found):
                    if query.kind in (whole, record.kind):
                        yield record

    async def close(self) -> None:
        """Closes the kept connections."""
        await self._lines.close()

    async def _raws(self, question: "_Question") -> AsyncGenerator[dict[str, Any], None]:
        rows, lists = await self._first(question)
        for_all = len(rows) <= PART_ROWS or (question.limit or PART_ROWS + 1) <= PART_ROWS
        if for_all:
            for row in rows:
                yield question.raw(row, lists)
            return
        # more than one part: from the start again, as a stream
        async with aclosing(self._streamed(question)) as stream:
            async for row in stream:
                yield question.raw(row, lists)

    async def _first(self, question: "_Question") -> tuple[list[Row], "_Lists"]:
        """One row more than a part has, if there are so many, and the rows of the kind's lists."""
        try:
            return await self._asked(question, fresh=False)
        except SourceError as error:
            if error.failure is not Failure.UNAVAILABLE:
                raise
        # a kept connection may have died unnoticed: nothing was heard yet, so ask once more
        return await self._asked(question, fresh=True)

    async def _asked(self, question: "_Question", fresh: bool) -> tuple[list[Row], "_Lists"]:
        try:
            async with self._lines.line(fresh) as line:
                lists = await question.lists(line)
                return await line.rows(question.main(PART_ROWS + 1), question.values), lists
        except DRIVER_ERRORS as error:
            # raised below, so that the driver's words, which may quote values, do not go with it
            explained = await self._explained(error, question.kind)
        raise explained

    async def _streamed(self, question: "_Question") -> AsyncGenerator[Row, None]:
        count = 0
        try:
            async with self._lines.line() as line, aclosing(question.parts(line)) as parts_:
                async for part in parts_:
                    count += len(part)
                    for row in part:
                        yield tuple(row)
                    if question.limit is not None and count >= question.limit:
                        return
                    if count > _MOST_ROWS:
                        raise SourceError(Failure.TOO_LARGE, f"more than {_MOST_ROWS} rows about one child")
        except DRIVER_ERRORS as error:
            explained = await self._explained(error, question.kind)
        else:
            return
        raise explained

    async def _explained(self, error: BaseException, kind: SqlKind) -> SourceError:
        explained = source_error(error)
        if explained.failure is not Failure.UNREADABLE:
            return explained
        try:
            async with self._lines.line(fresh=True) as line:
                missing = await line.connection.run_sync(_missing, kind, self._schema)
        except DRIVER_ERRORS as gone:
            # a database that is no longer there tells more than what its last connection made of that
            return source_error(gone)
        return (
            SourceError(Failure.UNREADABLE, f"{kind.kind.name}: {missing} missing") if missing else explained
        )


_Lists = Mapping[str, Mapping[str, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class _Question:
    """One kind of record about one child."""

    kind: SqlKind
    values: Mapping[str, Any]
    limit: int | None

    def main(self, rows: int | None) -> Statement:
        return self.kind.main(self.values, rows)

    def parts(self, line: Line) -> AsyncGenerator[list[Any], None]:
        return line.parts(self.main(None), self.values)

    async def lists(self, line: Line) -> _Lists:
        """For each list of the kind its rows, by the value that links them with the record."""
        found: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for listed in self.kind.lists:
            statement = self.kind.listed(listed, self.values, _MOST_LISTED_ROWS + 1)
            rows = await line.rows(statement, self.values)
            if len(rows) > _MOST_LISTED_ROWS:
                raise SourceError(Failure.TOO_LARGE, f"more than {_MOST_LISTED_ROWS} rows in one list")
            by_link = found.setdefault(listed.name, {})
            for row in rows:
                by_link.setdefault(str(row[-1]), []).append(raw(statement.columns, row))
        return found

    def raw(self, row: Row, lists: _Lists) -> dict[str, Any]:
        columns = self.kind.columns
        record = raw(columns, row)
        for listed, link in zip(self.kind.lists, row[len(columns) :], strict=True):
            if rows := lists[listed.name].get(str(link)):
                record[listed.name] = rows
        return record


def _is_there(kind: Kind, own: frozenset[str]) -> bool:
    """Whether the source has the kind: a `local` one only if its tables are among the source's own."""
    return not kind.request.get("local") or own.issuperset(
        kind.request.get("local_tables", [kind.request["table"]])
    )


def _missing(connection: Connection, kind: SqlKind, schema: str | None) -> str:
    """Which table or columns the database lacks, by names of the system file."""
    inspector = inspect(connection)
    for table, columns in kind.tables().items():
        try:
            there = {column["name"].lower() for column in inspector.get_columns(table, schema)}
        except NoSuchTableError:
            return f"table {table}"
        lacking = sorted(column for column in columns if column.lower() not in there)
        if lacking:
            return f"column {', '.join(lacking)} of table {table}"
    return ""
