"""The wrong child: which child's records an agency gives out instead of those asked for.

A server gets each question with the other child's identifiers in it, so that its true format stays; a file
is written again with the other child's rows under this child's identifiers.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.demo.world import Person, Rows, World

# an NHS number, plain or in groups of 3, 3 and 4, or a pupil number; it may follow a "|" written as %7C
_IDENTIFIER = re.compile(
    rb"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))"
    rb"(?:\d{10}|\d{3}(?: |\+|%20)\d{3}(?: |\+|%20)\d{4}|[A-Z]\d{12})(?![0-9A-Za-z])"
)


def partners(rows: Mapping[str, Rows], world: World) -> dict[str, str]:
    """For each child known somewhere, another one known there who was not born on the same day.

    A scenario child is taken for the one of the others about whom most is held: an answer about the wrong
    child that happens to be empty could not be told from a true one.
    """
    children = sorted((world.child(key) for key in rows), key=lambda child: child.index)
    scenario = sorted((c for c in children if c.scenario), key=lambda child: -_amount(rows[child.key]))
    made_up = [child for child in children if not child.scenario]
    # half way round, so that siblings, who come one after the other, do not meet
    half = len(made_up) // 2
    turned = made_up[half:] + made_up[:half]
    pairs = {child.key: _other(child, scenario) or _other(child, made_up) for child in scenario}
    pairs |= {
        child.key: _other(child, (turned[n], *made_up)) or _other(child, scenario)
        for n, child in enumerate(made_up)
    }
    return {key: other for key, other in pairs.items() if other}


def _other(child: Person, among: Sequence[Person]) -> str:
    return next((other.key for other in among if other.birth_date != child.birth_date), "")


def _amount(held: Any) -> int:
    """How many values a record has."""
    if isinstance(held, Mapping):
        return sum(_amount(item) for item in held.values())
    return sum(_amount(item) for item in held) if isinstance(held, list | tuple) else 1


def swapped_question(pairs: Mapping[str, str], source: str, world: World) -> Mapping[bytes, bytes]:
    """The identifiers of each child, and those of the child whose records come instead."""
    return {
        asked.encode(): instead.encode()
        for key, other in pairs.items()
        for asked, instead in zip(_identifiers(world.child(key)), _held(world, other, source), strict=True)
        if asked and instead
    }


def rewritten(question: bytes, instead: Mapping[bytes, bytes]) -> bytes:
    """The same question, about the other child; its length stays the same."""
    return _IDENTIFIER.sub(lambda found: instead.get(found[0], found[0]), question)


def swapped_rows(rows: Mapping[str, Rows], pairs: Mapping[str, str], world: World) -> dict[str, Rows]:
    """Each child's place filled with the other child's rows under this child's identifiers."""
    return {key: _under(rows[other], world.child(other), world.child(key)) for key, other in pairs.items()}


def _under(rows: Rows, other: Person, child: Person) -> Rows:
    new_for = {
        theirs: ours
        for theirs, ours in zip(_identifiers(other), _identifiers(child), strict=True)
        if theirs and ours
    }
    changed = _replaced(dict(rows), new_for)
    assert isinstance(changed, dict)
    return changed


def _replaced(value: Any, new_for: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in new_for.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, Mapping):
        return {_replaced(key, new_for): _replaced(item, new_for) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_replaced(item, new_for) for item in value)
    return value


def _held(world: World, key: str, source: str) -> tuple[str, ...]:
    return _identifiers(world.child(key).at(source))


def _identifiers(child: Person) -> tuple[str, ...]:
    number = child.nhs_number
    grouped = f"{number[:3]} {number[3:6]} {number[6:]}" if number else ""
    return number, grouped, grouped.replace(" ", "+"), grouped.replace(" ", "%20"), child.upn
