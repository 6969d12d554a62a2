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
