"""The declared fields of a kind as a tree, and readers that keep just those of a raw value.

CONTRIBUTING.md, "A system file, line by line": field paths.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.paths import each, steps
from connectors.tree import TEXT

Reader = Callable[[Any], Any]


@dataclass(slots=True)
class Node:
    """What is declared at one place: a value of its own (`type`), more below it, or both."""

    many: bool = False
    type: str = ""
    below: "dict[str, Node]" = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return self.type == "any"


def tree_of(fields: Mapping[str, str]) -> Node:
    """The tree that `fields` (path to type) declare."""
    root = Node()
    for path, type_ in fields.items():
        node = root
        for step in steps(path):
            node = node.below.setdefault(step.name, Node())
            node.many = node.many or step.many
        node.type = type_
    return root


def object_reader(node: Node) -> Reader:
    """Keeps what is declared below `node` of an object; None if nothing of it is there."""
    readers = tuple((name, reader(below)) for name, below in node.below.items())

    def read_object(raw: Any) -> dict[str, Any] | None:
        kept = {}
        for name, read in readers:
            value = raw.get(name)
            if value is not None and (value := read(value)) is not None:
                kept[name] = value
        return kept or None

    return read_object


def reader(node: Node) -> Reader:
    """Keeps what is declared at `node` of a value of any form."""
    if node.whole:
        return each if node.many else _as_it_is
    read_one = element_reader(node)
    return _list_reader(read_one) if node.many else _single_reader(read_one)


def element_reader(node: Node) -> Reader:
    """Keeps what is declared at `node` of one element, if it is no list."""
    if not node.below:
        return _scalar
    read_object = object_reader(node)
    stray = _scalar if node.type else _nothing

    def read_element(value: Any) -> Any:
        # both "a" and "a.@unit" may be declared: then a text alone is still a value
        return read_object(value) if isinstance(value, dict) else stray(value)

    return read_element


def _list_reader(read_one: Reader) -> Reader:
    def read_list(value: Any) -> list[Any] | None:
        read = [read_one(element) for element in each(value)]
        return [element for element in read if element is not None] or None

    return read_list


def _single_reader(read_one: Reader) -> Reader:
    read_list = _list_reader(read_one)

    def read_single(value: Any) -> Any:
        if not isinstance(value, list):
            return read_one(value)
        read = read_list(value)
        # a list where one was declared: several stay a list, so that the mapping fails aloud
        return read[0] if read and len(read) == 1 else read

    return read_single


def _scalar(value: Any) -> Any:
    # an object where a plain value was declared would bring undeclared fields with it: only an XML
    # element's own text is the declared value
    if isinstance(value, dict):
        return value.get(TEXT)
    return None if isinstance(value, list) else value


def _as_it_is(value: Any) -> Any:
    return value


def _nothing(_: Any) -> None:
    return None
