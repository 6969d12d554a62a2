"""The declared fields of a kind: what is kept of a raw record, and what is counted as left over.

CONTRIBUTING.md, "The connector contract", sentence 2: only declared fields leave a connector.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.declared import Node, tree_of
from connectors.shape_code import generated
from connectors.tree import TEXT


@dataclass(frozen=True, slots=True)
class Shape:
    """`keep` gives the declared part of a raw record, `count` adds the leaf paths of the rest."""

    keep: Callable[[Any], dict[str, Any]]
    count: Callable[[Any, Counter[str]], None]


def shape_of(fields: Mapping[str, str]) -> Shape:
    """The shape that `fields` (path to type) declares; {"": "any"} is the whole record."""
    root = tree_of(fields)
    if root.whole:
        return Shape(_keep_whole, lambda raw, counts: None)
    return Shape(generated(root), lambda raw, counts: _count(root, raw, "", counts))


def _keep_whole(raw: Any) -> dict[str, Any]:
    return dict(raw)


def _count(node: Node, value: Any, path: str, counts: Counter[str]) -> None:
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


_UNDECLARED = Node()
