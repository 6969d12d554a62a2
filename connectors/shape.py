"""The declared fields of a kind, compiled to a function that keeps them and drops all else.

CONTRIBUTING.md, "The connector contract", sentence 2: only declared fields leave a connector.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.paths import each, steps
from connectors.tree import TEXT

Reader = Callable[[Any], Any]


@dataclass(slots=True)
class _Node:
    """What is declared at one place: a value of its own (`type`), more below it, or both."""

    many: bool = False
    type: str = ""
    below: "dict[str, _Node]" = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return self.type == "any"


@dataclass(frozen=True, slots=True)
class Shape:
    """`keep` gives the declared part of a raw record, `count` adds the leaf paths of the rest."""

    keep: Callable[[Any], dict[str, Any]]
    count: Callable[[Any, Counter[str]], None]


def shape_of(fields: Mapping[str, str]) -> Shape:
    """The shape that `fields` (path to type) declares; {"": "any"} is the whole record."""
    root = _tree(fields)
    if root.whole:
        return Shape(_keep_whole, lambda raw, counts: None)
    keep = _object_reader(root)
    return Shape(lambda raw: keep(raw) or {}, lambda raw, counts: _count(root, raw, "", counts))


def _keep_whole(raw: Any) -> dict[str, Any]:
    return dict(raw)


def _tree(fields: Mapping[str, str]) -> _Node:
    root = _Node()
    for path, type_ in fields.items():
        node = root
        for step in steps(path):
            node = node.below.setdefault(step.name, _Node())
            node.many = node.many or step.many
        node.type = type_
    return root


def _object_reader(node: _Node) -> Reader:
    readers = tuple((name, _reader(below)) for name, below in node.below.items())

    def read_object(raw: Any) -> dict[str, Any] | None:
        kept = {}
        for name, read in readers:
            value = raw.get(name)
            if value is not None and (read is None or (value := read(value)) is not None):
                kept[name] = value
        return kept or None

    return read_object


def _reader(node: _Node) -> Reader | None:
    """How to read a value at `node`; None if it is taken as it is."""
    if node.whole:
        return each if node.many else None
    read_one = _element_reader(node)
    return _list_reader(read_one) if node.many else _single_reader(read_one)


def _element_reader(node: _Node) -> Reader:
    if not node.below:
        return _scalar
    read_object = _object_reader(node)
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


def _nothing(_: Any) -> None:
    return None


def _count(node: _Node, value: Any, path: str, counts: Counter[str]) -> None:
    """Adds the leaves of `value` that `node` does not declare; they are named by their path."""
    if value is None or node.whole:
        return
    if isinstance(value, list):
        for element in value:
            _count(node, element, f"{path}[]", counts)
    elif isinstance(value, dict):
        for name, inner in value.items():
            below = node if name == TEXT and not node.below else node.below.get(name, _UNDECLARED)
            _count(below, inner, f"{path}.{name}" if path else name, counts)
    elif not node.type:
        counts[path] += 1


_UNDECLARED = _Node()
