"""Whose record it is: what a record says of its owner, and the identifiers that it supplies.

`owner` and `identifiers` are lines of a system file; paths are those of connectors.paths.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from connectors.paths import Step, find, steps
from connectors.system import Kind

_steps = cache(steps)


def values_at(path: str, record: Any) -> list[str]:
    """The texts that `path` reaches in `record`; a reference gives the part after its last slash."""
    return [str(value) for value in find(_path(path), record) if not isinstance(value, dict | list)]


def _path(path: str) -> tuple[Step, ...]:
    return _steps(path)


def owned(kind: Kind, record: Any, known: Mapping[str, frozenset[str]]) -> bool:
    """Every owner that the record states is the child; a record that must state one and does not is not."""
    for name, path in kind.owner.items():
        stated = {_last(value) for value in values_at(path, record)}
        if stated and stated <= known.get(name, frozenset()):
            return True
        if stated:
            return False
    return not kind.owner


def _last(value: str) -> str:
    return value.rpartition("/")[2].removeprefix("urn:uuid:").replace(" ", "")


def supplied(kind: Kind, record: Any) -> dict[str, str]:
    """The identifiers that a record of this kind supplies, by name."""
    found: dict[str, str] = {}
    for name, told in kind.request.get("identifiers", {}).items():
        rule = told if isinstance(told, dict) else {"field": told}
        if holds(rule.get("where", {}), rule.get("without", ()), record):
            values = values_at(rule["field"], record)
            if values:
                found[name] = values[0].replace(" ", "") if name == "nhs-number" else values[0]
    return found


def holds(where: Mapping[str, Sequence[str]], without: Sequence[str], record: Any) -> bool:
    """Each field of `where` is one of its texts, and those of `without` have no value."""
    return all(set(values_at(path, record)) & set(texts) for path, texts in where.items()) and not any(
        values_at(path, record) for path in without
    )
