"""Field paths: how a system file names a place inside a nested record.

CONTRIBUTING.md, "A system file, line by line": "a", "a.b", "a[].b" (every element of the list), and
"a[0].b" (one element by its position).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path; `many` if a list is meant, `at` if one position of it."""

    name: str
    many: bool = False
    at: int | None = None


def steps(path: str) -> tuple[Step, ...]:
    """The steps of `path`; none for the empty path, which means the place itself."""
    return tuple(_step(part) for part in path.split(".")) if path else ()


def _step(part: str) -> Step:
    name, bracket, inside = part.partition("[")
    if not bracket:
        return Step(part)
    position = inside.removesuffix("]")
    return Step(name, True, int(position) if position else None)


def each(value: Any) -> list[Any]:
    """`value` as a list: sources write one element where they mean a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def find(path: tuple[Step, ...], place: Any) -> Iterator[Any]:
    """Every value that `path` reaches from `place`, in order; lists on the way are walked."""
    if not path:
        if place is not None:
            yield place
        return
    for holder in each(place):
        if isinstance(holder, dict):
            yield from _below(path, holder.get(path[0].name))


def _below(path: tuple[Step, ...], value: Any) -> Iterator[Any]:
    for element in picked(path[0], value) if path[0].many else [value]:
        yield from find(path[1:], element)


def picked(step: Step, value: Any) -> list[Any]:
    """The elements of `value` that `step` means: all of them, or the one at its position."""
    elements = each(value)
    return elements if step.at is None else elements[step.at : step.at + 1]


def first(path: tuple[Step, ...], place: Any) -> Any:
    """The first value that `path` reaches from `place`, or None."""
    return next(find(path, place), None)
