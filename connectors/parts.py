"""Kinds that come inside the answer for another kind: compiled walks from an answer to its records.

CONTRIBUTING.md, "A system file, line by line": `part_of`, `path`, `where`, `without`, `carry`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.base import Failure, Record, SourceError
from connectors.paths import Step, find, first, picked, steps
from connectors.shape import shape_of
from connectors.system import Kind, System, SystemMistake
from connectors.tree import TEXT

# the answer, then the place after each step of the walk: the last one is the record
Trail = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Carried:
    """A field copied under `name`: `path` starts at the place that is `depth` steps down the walk."""

    name: str
    depth: int
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind with its parts: how its records are reached, picked, and kept.

    A `plain` kind has a field "#text": its records may be mere texts, as in a list of dates.
    """

    kind: str
    path: tuple[Step, ...]
    where: tuple[tuple[tuple[Step, ...], str], ...]
    without: tuple[tuple[Step, ...], ...]
    carry: tuple[_Carried, ...]
    keep: Callable[[Any], dict[str, Any]] | None
    plain: bool
    inside: "tuple[tuple[tuple[Step, ...], tuple[Part, ...]], ...]"


def part_tree(system: System, kind_name: str) -> Part:
    """`kind_name` and, by the path that reaches them, the kinds that are part of it.

    Raises SystemMistake if a carried field is not declared.
    """
    kind = system.kinds[kind_name]
    by_path: dict[tuple[Step, ...], list[Part]] = {}
    for inner in system.kinds.values():
        if inner.part_of == kind_name:
            part = part_tree(system, inner.name)
            by_path.setdefault(part.path, []).append(part)
    # the path of a kind that is asked for by itself says where to ask, not where its record lies
    path = steps(kind.path) if kind.part_of else ()
    return Part(
        kind=kind.name,
        path=path,
        where=tuple((steps(field), str(value)) for field, value in kind.where.items()),
        without=tuple(steps(field) for field in kind.request.get("without", ())),
        carry=tuple(_carried(system, kind, name, path) for name in kind.carry),
        keep=shape_of(kind.fields).keep if kind.fields else None,
        plain=TEXT in kind.fields,
        inside=tuple((inner_path, tuple(inner)) for inner_path, inner in by_path.items()),
    )


def _carried(system: System, kind: Kind, name: str, walk: tuple[Step, ...]) -> _Carried:
    if name not in kind.fields and "" not in kind.fields:
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name}.carry.{name} is not among its fields")
    path = steps(kind.carry[name])
    depth = 0
    while depth < min(len(path), len(walk)) and path[depth] == walk[depth]:
        depth += 1
    return _Carried(name, depth, path[depth:])


def record_itself(part: Part, trail: Trail, as_at: datetime | None) -> Record | None:
    """The record at the end of `trail`, without those inside it; None if it is not one of `part`."""
    raw = {TEXT: trail[-1]} if part.plain and isinstance(trail[-1], str) else trail[-1]
    if not isinstance(raw, dict):
        raise SourceError(Failure.UNREADABLE, f"a record of kind {part.kind} is not an object")
    if part.keep is None or ((part.where or part.without) and not _matches(part, raw)):
        return None
    return Record(part.kind, _with_carried(part, part.keep(raw), trail), as_at)


def records_of(part: Part, trail: Trail, as_at: datetime | None) -> Iterator[Record]:
    """The record at the end of `trail`, if it is one of `part`, and those inside it."""
    record = record_itself(part, trail, as_at)
    if record is not None:
        yield record
    # what is inside a record that `where` did not pick is not ours either
    if part.inside and (record is not None or part.keep is None):
        yield from records_in(part, trail[-1], as_at)


def records_in(part: Part, answer: Any, as_at: datetime | None) -> Iterator[Record]:
    """The records of the kinds inside `part`, walking from `answer`, in the order of their paths."""
    for path, inner in part.inside:
        for trail in _walk(path, (answer,)):
            for candidate in inner:
                yield from records_of(candidate, trail, as_at)


def _matches(part: Part, raw: dict[str, Any]) -> bool:
    for path, wanted in part.where:
        if len(path) == 1 and not path[0].many:
            if str(raw.get(path[0].name)) != wanted:
                return False
        elif all(str(value) != wanted for value in find(path, raw)):
            return False
    return all(first(path, raw) is None for path in part.without)


def _with_carried(part: Part, kept: dict[str, Any], trail: Trail) -> dict[str, Any]:
    for carried in part.carry:
        value = first(carried.path, trail[carried.depth])
        if value is not None:
            kept[carried.name] = value
    return kept


def _walk(path: tuple[Step, ...], trail: Trail) -> Iterator[Trail]:
    if len(trail) > len(path):
        yield trail
        return
    step, place = path[len(trail) - 1], trail[-1]
    if not isinstance(place, dict):
        raise SourceError(Failure.UNREADABLE, f"'{step.name}' is looked for in what is not an object")
    for element in picked(step, place.get(step.name)):
        yield from _walk(path, (*trail, element))
