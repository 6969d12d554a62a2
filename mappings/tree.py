"""A checked mapping as a tree: what the generated function is written from.

Built by mappings/shape.py and mappings/pipeline.py, read by mappings/compile.py and mappings/table.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mappings.paths import Steps


@dataclass(frozen=True, slots=True)
class Read:
    """Reads a value: from the record, or from the item of the nearest `each`."""

    steps: Steps
    field: str  # as declared
    many: bool | None
    from_record: bool = True


@dataclass(frozen=True, slots=True)
class Stage:
    """One function of a chain, ready to be called."""

    name: str
    call: Callable[..., Any]
    arguments: tuple["Read | Any", ...] = ()
    takes: str = "text"
    many: bool | None = False  # what it is called on: one value, each item of a list, or unknown
    flat: bool = False  # it gives several for one
    absent: bool = False
    run: bool = False
    texts: bool = False  # its result may be "" or [], which are nothing
    written: bool = False  # its result is text
    attempt: bool = False
    fields: tuple[str, ...] = ()  # the declared fields below the value that its arguments name


@dataclass(frozen=True, slots=True)
class Value:
    """An expression for one element."""

    read: Read
    stages: tuple[Stage, ...]
    element: str  # "CarePlan.period.start"
    text: str  # the expression as written
    many: bool | None = False  # of the result

    @property
    def runs(self) -> bool:
        return any(stage.run for stage in self.stages)

    def reads(self) -> Iterator[Read]:
        yield self.read
        yield from (a for stage in self.stages for a in stage.arguments if isinstance(a, Read))

    def fields(self) -> Iterator[str]:
        """The declared fields that it depends on; of a block, those that are taken out of it."""
        named = [name for stage in self.stages for name in stage.fields]
        taken_out = any(stage.name in ("get", "values") and stage.fields for stage in self.stages)
        reads = list(self.reads())[1 if taken_out or self._ignores_it else 0 :]
        yield from (*named, *(read.field for read in reads))

    @property
    def _ignores_it(self) -> bool:
        return bool(self.stages) and self.stages[0].name == "subject"


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or a block or list of nothing but literals."""

    value: Any


@dataclass(frozen=True, slots=True)
class Field:
    """An element of a block; `choice` is "value[x]" if it is a form of one, with `several` written."""

    name: str
    node: "Node"
    required: bool = False
    choice: str = ""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A block; it vanishes if no expression in it gives a value, unless it `keeps` itself.

    With an `essential` element it vanishes when that one does: a telephone is nothing without its number.
    """

    fields: tuple[Field, ...]
    element: str
    keeps: bool = False
    essential: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; its items that are empty vanish, its items that are lists are spliced."""

    items: tuple["Node", ...]
    element: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """`for` and `each`."""

    source: Value
    each: "Node"
    element: str


Node = Value | Constant | Group | Listing | Repeat


def fields(node: Node) -> Iterator[str]:
    """Every declared field that the tree depends on; of a list that is repeated over, its items' fields."""
    match node:
        case Value():
            yield from node.fields()
        case Group():
            for field in node.fields:
                yield from fields(field.node)
        case Listing():
            for item in node.items:
                yield from fields(item)
        case Repeat():
            inside = list(fields(node.each))
            whole = not any(name.startswith(node.source.read.field + ".") for name in inside)
            yield from (f for f in node.source.fields() if whole or f != node.source.read.field)
            yield from inside


def values(node: Node) -> Iterator[Value]:
    """Every expression of the tree, in the order of the file."""
    match node:
        case Value():
            yield node
        case Group():
            for field in node.fields:
                yield from values(field.node)
        case Listing():
            for item in node.items:
                yield from values(item)
        case Repeat():
            yield node.source
            yield from values(node.each)
