"""The statements that ask a database for one kind of record: made once, then only filled with values.

https://docs.sqlalchemy.org/en/21/core/selectable.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, DateTime, Select, String, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from connectors.base import Failure, SourceError
from connectors.sql_value import Reader

_BOUND: Mapping[str, tuple[TypeEngine[Any], Callable[[str], Any]]] = {
    "integer": (BigInteger(), int),
    "date": (Date(), date.fromisoformat),
    "datetime": (DateTime(), datetime.fromisoformat),
}


def bound_type(declared: str) -> TypeEngine[Any]:
    """As what a value is sent that is compared with a field of the `declared` type."""
    return _BOUND[declared][0] if declared in _BOUND else String()


def bound(declared: str, value: str) -> Any:
    """`value` to be compared with a field of the `declared` type; raises SourceError (UNSUPPORTED)."""
    if declared not in _BOUND:
        return value
    try:
        return _BOUND[declared][1](value)
    except ValueError:
        raise SourceError(Failure.UNSUPPORTED, f"the value asked for is not of type {declared}") from None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer: where its values go in a record, and how they are read."""

    path: tuple[str, ...]
    read: Reader


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement for SQLAlchemy (`select`) and, compiled, for the driver (`text`, `names`).

    `columns` say what to make of a row; those after them in a row link it with the rows of lists.
    """

    select: Select[Any]
    text: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    constants: Mapping[str, Any] = field(default_factory=dict)
    processors: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def positional(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """`values` in the order and form that the driver wants."""
        return tuple(self._sent(name, values) for name in self.names)

    def _sent(self, name: str, values: Mapping[str, Any]) -> Any:
        value = values[name] if name in values else self.constants[name]
        process = self.processors.get(name)
        return process(value) if process else value


def compiled(
    select: Select[Any], columns: tuple[Column, ...], dialect: Dialect, rows: int | None = None
) -> Statement:
    """`select` ready for the driver; `rows` caps how many rows it gives."""
    capped = select if rows is None else select.limit(literal_column(str(rows)))
    made = capped.compile(dialect=dialect)
    processors = {}
    for name, parameter in made.binds.items():
        process = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            processors[name] = process
    constants = {name: value for name, value in made.params.items() if value is not None}
    return Statement(select, str(made), tuple(made.positiontup or ()), columns, constants, processors)


def raw(columns: tuple[Column, ...], row: tuple[Any, ...]) -> dict[str, Any]:
    """The record that `row` is, without what is NULL or empty."""
    found: dict[str, Any] = {}
    for column, value in zip(columns, row, strict=False):
        if value is not None and (read := column.read(value)) is not None:
            place = found
            for step in column.path[:-1]:
                place = place.setdefault(step, {})
            place[column.path[-1]] = read
    return found
