"""How one kind of record is asked of a database: by the child's identifiers, filtered, in order.

CONTRIBUTING.md, "A system file, line by line": `table`, `join`, `lists`, `order`, `filter`, `filters`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal, or_, select
from sqlalchemy.engine import Dialect

from connectors.base import Failure, Query, SourceError
from connectors.paths import steps
from connectors.sql_statement import Column, Statement, bound, bound_type, compiled
from connectors.sql_tables import Join, Listed, Tables, columns_by_alias, joins_of, lists_of
from connectors.sql_value import reader
from connectors.system import Kind, SystemMistake

_OPERATORS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


class SqlKind:
    """One kind of record as a table with its joins; raises SystemMistake if its lines contradict."""

    def __init__(self, kind: Kind, dialect: Dialect, schema: str | None) -> None:
        if "table" not in kind.request:
            raise SystemMistake(f"kinds.{kind.name} lacks the line 'table'")
        self.kind = kind
        self.lists = lists_of(kind)
        self._joins = joins_of(kind)
        self._dialect = dialect
        self._schema = schema
        self._made: dict[tuple[object, ...], Statement] = {}
        self.columns = tuple(_columns(kind.fields, ""))
        self._filters = {name: _filter(text) for name, text in kind.request.get("filters", {}).items()}
        # so that a line which names no table stops the start
        self.tables()

    def tables(self) -> dict[str, set[str]]:
        """The columns that are read, by the name of their table."""
        names = {"": self.kind.request["table"]} | {join.alias: join.table for join in self._joins}
        found: dict[str, set[str]] = {}
        for alias, columns in columns_by_alias(self.kind.name, self._joins, self._places()).items():
            found.setdefault(names[alias], set()).update(columns)
        for listed in self.lists:
            columns = {column.path[-1] for column in _columns(self.kind.fields, listed.name)}
            found.setdefault(listed.table, {listed.own}).update(columns)
        return found

    def values(self, query: Query) -> dict[str, Any]:
        """What the statements are to be filled with; raises SourceError (UNSUPPORTED)."""
        fields, keys = self.kind.fields, self.kind.person_keys
        found = {
            f"key:{name}": bound(fields.get(keys[name], "text"), value)
            for name, value in query.person.items()
            if name in keys and value
        }
        if not found:
            raise SourceError(Failure.UNSUPPORTED, "the source knows people by other identifiers")
        for name, value in query.filters.items():
            if name in self._filters:
                found[f"filter:{name}"] = bound(fields.get(self._filters[name][0], "text"), value)
        return found

    def main(self, names: Iterable[str], rows: int | None) -> Statement:
        """The statement for the rows of the kind, filled with values of these `names`."""
        key = ("", frozenset(names), rows)
        if key not in self._made:
            self._made[key] = self._main(sorted(names), rows)
        return self._made[key]

    def listed(self, listed: Listed, names: Iterable[str], rows: int) -> Statement:
        """The statement for the rows of a list of all these records; the last column is the link."""
        key = (listed.name, frozenset(names), rows)
        if key not in self._made:
            self._made[key] = self._listed(listed, sorted(names), rows)
        return self._made[key]

    def _main(self, names: list[str], rows: int | None) -> Statement:
        tables = self._tables(self._joins, self._places())
        read = [".".join(column.path) for column in self.columns] + [listed.to for listed in self.lists]
        chosen = select(*map(tables.column, read)).select_from(tables.joined())
        chosen = chosen.where(*self._conditions(tables, names))
        chosen = chosen.order_by(*_order(tables, self.kind.request.get("order", ())))
        return compiled(chosen, self.columns, self._dialect, rows)

    def _listed(self, listed: Listed, names: list[str], rows: int) -> Statement:
        columns = tuple(_columns(self.kind.fields, listed.name))
        order = [f"{listed.name}.{line}" for line in listed.order]
        read = [f"{listed.name}.{name}" for name in (*(column.path[-1] for column in columns), listed.own)]
        joins = (*self._joins, Join(listed.to, listed.table, listed.own, listed.name))
        tables = self._tables(joins, [*self._places(), *read, *map(_place, order)])
        # the rows of one list may be reached by several rows of a joined table
        chosen = select(*map(tables.column, read)).select_from(tables.joined())
        chosen = chosen.where(*self._conditions(tables, names), tables.column(read[-1]).is_not(None))
        return compiled(chosen.order_by(*_order(tables, order)), columns, self._dialect, rows)

    def _tables(self, joins: Iterable[Join], places: Iterable[str]) -> Tables:
        columns = columns_by_alias(self.kind.name, joins, places)
        return Tables(self.kind.request["table"], joins, self._schema, columns)

    def _places(self) -> list[str]:
        """Every column, as column or alias.column, that the kind's lines name."""
        return [
            *(".".join(column.path) for column in self.columns),
            *self.kind.person_keys.values(),
            *(listed.to for listed in self.lists),
            *map(_place, self.kind.request.get("order", ())),
            *self.kind.request.get("filter", {}),
            *(place for place, _ in self._filters.values()),
        ]

    def _conditions(self, tables: Tables, names: list[str]) -> list[ColumnElement[bool]]:
        keys = [name for name in names if name.startswith("key:")]
        conditions = [or_(*(self._is(tables, name, self.kind.person_keys[name[4:]], "=") for name in keys))]
        for name in names:
            if name.startswith("filter:"):
                conditions.append(self._is(tables, name, *self._filters[name[7:]]))
        for place, wanted in self.kind.request.get("filter", {}).items():
            column = tables.column(place)
            conditions.append(or_(*(column == literal(value) for value in _several(wanted))))
        return conditions

    def _is(self, tables: Tables, name: str, place: str, operator: str) -> ColumnElement[bool]:
        type_ = bound_type(self.kind.fields.get(place, "text"))
        return _OPERATORS[operator](tables.column(place), bindparam(name, type_=type_))


def _columns(fields: Mapping[str, str], listed: str) -> Iterable[Column]:
    """The fields of a kind's own row (`listed` is empty) or of the rows of one list."""
    for path, type_ in fields.items():
        first, *below = steps(path)
        if (first.name if first.many else "") == listed:
            names = tuple(step.name for step in below) if listed else (first.name, *(s.name for s in below))
            yield Column(names, reader(type_))


def _filter(text: str) -> tuple[str, str]:
    place, _, operator = text.partition(" ")
    if (operator.strip() or "=") not in _OPERATORS:
        raise SystemMistake(f"filters: not 'column [= < <= > >=]': {text}")
    return place, operator.strip() or "="


def _order(tables: Tables, lines: Iterable[str]) -> Iterable[ColumnElement[Any]]:
    for line in lines:
        column = tables.column(_place(line))
        yield column.desc() if line.lower().endswith(" desc") else column.asc()


def _place(line: str) -> str:
    return line.partition(" ")[0]


def _several(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]
