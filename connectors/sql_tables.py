"""The tables of one kind of record, joined as its system file says.

CONTRIBUTING.md, "A system file, line by line": `table`, `join`, `on`. Joins are outer joins: a missing
partner never hides a row.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, column, table

from connectors.system import Kind, SystemMistake

_JOIN = re.compile(r"([^\s=]+)\s*=\s*([^\s.=]+)\.([^\s.=]+)(?:\s+as\s+([^\s.=]+))?")
_ON = re.compile(r"([^\s.=]+)\s*=\s*([^\s.=]+)")


@dataclass(frozen=True, slots=True)
class Join:
    """`left` (a column, or alias.column) equals the column `right` of a table, known as `alias`."""

    left: str
    table: str
    right: str
    alias: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of another table that go into a record as a list: its column `own` equals the column `to`."""

    name: str
    table: str
    own: str
    to: str
    order: tuple[str, ...]


def joins_of(kind: Kind) -> tuple[Join, ...]:
    """The joins of a kind in their order; raises SystemMistake."""
    found = []
    for line in kind.request.get("join", ()):
        match = _JOIN.fullmatch(line.strip())
        if match is None:
            raise SystemMistake(
                f"kinds.{kind.name}.join: not '<column> = <table>.<column> [as <name>]': {line}"
            )
        left, name, right, alias = match.groups()
        found.append(Join(left, name, right, alias or name))
    return tuple(found)


def lists_of(kind: Kind) -> tuple[Listed, ...]:
    """The lists of a kind; raises SystemMistake."""
    found = []
    for name, body in kind.request.get("lists", {}).items():
        match = _ON.fullmatch(body.get("on", "").strip())
        if match is None or "table" not in body:
            raise SystemMistake(f"kinds.{kind.name}.lists.{name}: 'table', and 'on' as 'its column = column'")
        order = tuple(body.get("order", ()))
        found.append(Listed(name, body["table"], match.group(1), match.group(2), order))
    return tuple(found)


class Tables:
    """The tables of a statement under their aliases; the main one's is empty."""

    def __init__(
        self, main: str, joins: Iterable[Join], schema: str | None, columns: Mapping[str, set[str]]
    ) -> None:
        self._joins = tuple(joins)
        self._known: dict[str, FromClause] = {"": _table(main, main, schema, columns[""])}
        for join in self._joins:
            self._known[join.alias] = _table(join.table, join.alias, schema, columns[join.alias])

    def column(self, place: str) -> ColumnElement[Any]:
        alias, _, name = place.rpartition(".")
        return self._known[alias].c[name]

    def joined(self) -> FromClause:
        result: FromClause = self._known[""]
        for join in self._joins:
            other = self._known[join.alias]
            result = result.outerjoin(other, self.column(join.left) == other.c[join.right])
        return result


def columns_by_alias(kind: str, joins: Iterable[Join], places: Iterable[str]) -> dict[str, set[str]]:
    """The columns that `places` name, by the alias of their table; raises SystemMistake."""
    columns: dict[str, set[str]] = {"": set()}
    for join in joins:
        columns[join.alias] = {join.right}
    for place in (*places, *(join.left for join in joins)):
        alias, _, name = place.rpartition(".")
        if alias not in columns:
            raise SystemMistake(f"kinds.{kind}: '{place}' names a table that is not joined")
        columns[alias].add(name)
    return columns


def _table(name: str, alias: str, schema: str | None, columns: Iterable[str]) -> FromClause:
    # no types: what comes back is read by connectors/sql_value.py, not by SQLAlchemy
    made = table(name, *map(column, sorted(columns)), schema=schema)
    return made if alias == name else made.alias(alias)
