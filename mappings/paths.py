"""Paths into a record: "a", "a.b", "a[].b" (every item of a list), "." (it itself), "$.a" (the record's).

The walking happens in generated code through `one` and `every`; the rest is for the check at start.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mappings.mistakes import Unreadable

Steps = tuple[tuple[str, bool], ...]  # names, and whether each is a list: what runs

_STEP = re.compile(r"(?:'([^']+)'|\"([^\"]+)\"|([^.\[\]'\"]+))(\[\])?(?:\.|$)")


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    many: bool = False

    def __str__(self) -> str:
        return self.name + ("[]" if self.many else "")


@dataclass(frozen=True, slots=True)
class Path:
    """Where a value is; `from_record` if it starts at the record although the place is inside an item."""

    steps: tuple[Step, ...] = ()
    from_record: bool = False

    def __str__(self) -> str:
        return ".".join(map(str, self.steps)) or "."

    @property
    def many(self) -> bool:
        return any(step.many for step in self.steps)


def parse(text: str) -> Path:
    """The path that `text` spells; raises ValueError."""
    if text == ".":
        return Path()
    from_record = text == "$" or text.startswith("$.")
    rest = text[2:] if from_record else text
    steps, position = [], 0
    while position < len(rest):
        match = _STEP.match(rest, position)
        if match is None or rest.endswith("."):
            raise ValueError(f"'{text}' is not a path")
        steps.append(Step(match[1] or match[2] or match[3], bool(match[4])))
        position = match.end()
    return Path(tuple(steps), from_record)


_EMPTY: tuple[Any, ...] = (None, [], {})

# --- the record, at run time ---------------------------------------------------------------------------


def clean(value: Any) -> Any:
    """The value, or None if it is empty; text is stripped."""
    if value.__class__ is str:
        return value.strip() or None
    return None if value in _EMPTY else value


def text(value: Any) -> str | None:
    """The value as text, or None if it is empty."""
    if value.__class__ is str:
        return value.strip() or None
    return None if value in _EMPTY else as_text(value)


def as_text(value: Any) -> str:
    """A single value as text: numbers by their digits, booleans as FHIR writes them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        raise Unreadable("not a single value")
    return str(value)


def one(value: Any, names: tuple[str, ...]) -> Any:
    """The value below blocks, or None if there is none."""
    for name in names:
        if isinstance(value, dict):
            value = value.get(name)
        elif value is None or value == "":
            return None
        else:
            raise Unreadable("a list where one is expected" if isinstance(value, list) else "not a block")
    return clean(value)


def every(value: Any, steps: Steps) -> list[Any] | None:
    """All values at a path through lists, in order; None if there are none."""
    found = [value]
    for name, many in steps:
        below: list[Any] = []
        for item in found:
            if not isinstance(item, dict):
                raise Unreadable("a list where one is expected" if isinstance(item, list) else "not a block")
            inner = item.get(name)
            if inner is None:
                continue
            if many and inner.__class__ is list:
                below += [v for x in inner if (v := clean(x)) is not None]
            elif (inner := clean(inner)) is not None:
                below.append(inner)
        if not below:
            return None
        found = below
    return found


def items(value: Any) -> list[Any]:
    """The items of a list without the empty ones; one block or value stands for a list of one.

    Real sources write a single object where their schema says list.
    """
    if isinstance(value, list):
        return [v for item in value if (v := clean(item)) is not None]
    value = clean(value)
    return [] if value is None else [value]


def blocks(value: Any) -> list[dict[str, Any]]:
    """The items of a list of blocks."""
    found = items(value)
    if not all(isinstance(item, dict) for item in found):
        raise Unreadable("not a block")
    return found


# --- the declared fields, at start ---------------------------------------------------------------------


@dataclass(frozen=True)
class Declared:
    """The fields that a kind of record may have, and where in it we stand (`inside`)."""

    fields: Mapping[str, str]
    inside: str = ""

    def find(self, path: Path) -> "Found | None":
        """What is declared at `path`; None if nothing is."""
        full = ".".join(
            [self.inside] * bool(self.inside and not path.from_record) + [str(s) for s in path.steps]
        )
        if self._is_any(full):
            return Found(full, "any", path.many or None)
        for name in (full, full + "[]"):
            if name in self.fields:
                return Found(name, self.fields[name], path.many or name.endswith("[]"))
            if not name or any(field.startswith(name + ".") for field in self.fields):
                return Found(name, "block", path.many or name.endswith("[]"))
        return None

    def _is_any(self, full: str) -> bool:
        """Is the path, or a part of it that leads there, declared `any`?"""
        parts = re.split(r"(?=\[\])|\.", full)
        heads = [""]
        for part in parts:
            heads.append(heads[-1] + ("" if part == "[]" or not heads[-1] else ".") + part)
        return any(self.fields.get(head) == "any" for head in heads)

    def into(self, found: "Found") -> "Declared":
        """The same fields, seen from an item of what was found."""
        return Declared(self.fields, found.path)

    def names(self) -> list[str]:
        """The fields and the blocks that hold them, as they are written from here."""
        head = f"{self.inside}." if self.inside else ""
        own = [field.removeprefix(head).split(".") for field in self.fields if field.startswith(head)]
        return [".".join(parts[:end]).removesuffix("[]") for parts in own for end in range(1, len(parts) + 1)]


@dataclass(frozen=True, slots=True)
class Found:
    """A declared place: its full path, the type of its values, whether it holds a list (None: unknown)."""

    path: str
    type: str
    many: bool | None
