"""Whose record it is: what a record says of its owner, and the identifiers that it supplies.

`owner` and `identifiers` are lines of a system file; paths are those of connectors.paths.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from connectors.paths import Step, find, steps
from connectors.system import Kind

_steps = cache(steps)
_PATIENT = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?\Z")


def values_at(path: str, record: Any) -> list[str]:
    """The texts that `path` reaches in `record`; an empty text says nothing."""
    names = _names(path)
    if names:
        # most paths pass through no list
        value = record
        for name in names:
            value = value.get(name) if type(value) is dict or isinstance(value, Mapping) else None
        if type(value) is str:
            return [value] if value.strip() else []
    found = [str(value) for value in find(_path(path), record) if not isinstance(value, dict | list)]
    return [value for value in found if value.strip()]


@cache
def _names(path: str) -> tuple[str, ...]:
    """The names of a path without lists; none for any other."""
    return tuple(path.split(".")) if path and "[" not in path else ()


def _path(path: str) -> tuple[Step, ...]:
    return _steps(path)


def owned(kind: Kind, record: Any, known: Mapping[str, frozenset[str]]) -> bool:
    """Every owner that the record states is the child; a record that must state one and does not is not."""
    if not kind.owner:
        return True
    agreed = False
    for name, path in kind.owner.items():
        stated = values_at(path, record) if name in known else ()
        if stated:
            theirs = {_number(value) for value in known[name]}
            if not all(_number(value) in theirs for value in stated):
                return False
            agreed = True
    return agreed


def _number(value: str) -> str:
    """The number that a text states: of a reference to a Patient its id, else all of it."""
    patient = _PATIENT.match(value)
    return (patient[1] if patient else value).removeprefix("urn:uuid:").replace(" ", "")


def supplied(kind: Kind, record: Any) -> dict[str, str]:
    """The identifiers that a record of this kind supplies, by name."""
    found: dict[str, str] = {}
    for name, told in kind.request.get("identifiers", {}).items():
        values = _told(told if isinstance(told, dict) else {"field": told}, record)
        if values:
            found[name] = values[0].replace(" ", "") if name == "nhs-number" else values[0]
    return found


def _told(rule: Mapping[str, Any], record: Any) -> list[str]:
    """The values of a rule's field for which its conditions hold, each element of a list by itself."""
    elements, field = _split(rule["field"])
    where, without = rule.get("where", {}), rule.get("without", ())
    inside = {path: texts for path, texts in where.items() if elements and path.startswith(elements)}
    empty = [path for path in without if elements and path.startswith(elements)]
    rest = {path: texts for path, texts in where.items() if path not in inside}
    if not holds(rest, [path for path in without if path not in empty], record):
        return []
    within = {path.removeprefix(elements): texts for path, texts in inside.items()}
    lacks = [path.removeprefix(elements) for path in empty]
    places = find(_path(elements.removesuffix(".")), record)
    return [v for place in places if holds(within, lacks, place) for v in values_at(field, place)]


def _split(path: str) -> tuple[str, str]:
    """A path up to its last list ("a[].b[]."), and the rest of it."""
    before, listed, after = path.rpartition("[].")
    return before + listed, after


def holds(where: Mapping[str, Sequence[str]], without: Sequence[str], record: Any) -> bool:
    """Each field of `where` is one of its texts, and those of `without` have no value."""
    return all(set(values_at(path, record)) & set(texts) for path, texts in where.items()) and not any(
        values_at(path, record) for path in without
    )
