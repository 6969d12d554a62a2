"""Northtown Council's children's social care: a Standard Safeguarding Dataset as a SQLite file.

https://data-to-insight.github.io/ssd-data-model/
"""

import random
import sqlite3
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from gateway.demo.agencies._ssd_cases import case_of
from gateway.demo.world import Person, Rows, World

SOURCE = "northtown-csc"
FILE = "ssd.sqlite"
ADDRESS = "sqlite:///{folder}/" + FILE
# the tables that Northtown keeps beside the dataset
OPTIONS = {"local_tables": ["local_child_words", "local_relatives", "local_worker_contacts"]}

_TYPES = {"date": "DATETIME", "number": "NUMERIC", "": "TEXT"}


def invent(person: Person, world: World, rng: random.Random) -> Rows:
    """The rows about a made-up child, by table, as the council's own number knows them."""
    return case_of(person, world, rng)


def write(rows: Mapping[str, Rows], world: World, folder: Path) -> None:
    """The database file."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        fill(database, rows.values())
        database.commit()


def fill(database: sqlite3.Connection, cases: Iterable[Rows]) -> None:
    """All tables with their columns and keys, the council's workers, and the rows of the cases."""
    tables = {name: _columns(text) for name, text in _toml("ssd_tables.toml").items()}
    for name, columns in tables.items():
        database.execute(f"CREATE TABLE {name} ({', '.join(columns.values())})")
        for key in _person_columns(columns):
            database.execute(f"CREATE INDEX {name}_{key} ON {name} ({key})")
    for case in (_toml("northtown_workers.toml"), *cases):
        for name, records in case.items():
            _insert(database, name, records)


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def _columns(text: str) -> dict[str, str]:
    """The definition of each column, by its name."""
    found = {}
    for word in text.split():
        name, _, kind = word.partition(":")
        found[name] = f"{name} {_TYPES[kind]}"
    return found


def _person_columns(columns: Iterable[str]) -> Iterator[str]:
    """The columns by which the tables are asked or joined."""
    keys = ("_person_id", "_child_id", "_family_id", "_assessment_id", "_professional_id", "_team_id")
    return (name for name in columns if name.endswith(keys))


def _insert(database: sqlite3.Connection, table: str, records: Iterable[Mapping[str, Any]]) -> None:
    for record in records:
        names = ", ".join(record)
        marks = ", ".join("?" for _ in record)
        values = [_stored(value) for value in record.values()]
        database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def _stored(value: Any) -> Any:
    """Dates as the dataset has them: midnight datetimes."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return f"{value.isoformat()} 00:00:00" if isinstance(value, date) else value
