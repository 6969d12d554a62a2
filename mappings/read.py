"""Mapping files and code files as text with line numbers: every scalar is text, no key stands twice.

https://yaml.org/spec/1.1/ (the syntax only: no types, no tags, no merge keys)
"""

from importlib.resources.abc import Traversable

import yaml

from mappings.mistakes import Mistakes

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one where it was built


class Text(str):
    """A scalar, and the line where it stands."""

    __slots__ = ("line",)
    line: int


class Items(list["Node"]):
    """A list, and the line where it begins."""

    __slots__ = ("line",)
    line: int


class Block(dict[Text, "Node"]):
    """A block of keys, and the line where it begins."""

    __slots__ = ("line",)
    line: int

    def line_of(self, key: str) -> int:
        return next((k.line for k in self if k == key), self.line)


Node = Text | Items | Block


def read(file: Traversable, mistakes: Mistakes) -> Block | None:
    """The file's block; None, with the mistakes noted, if it is not one."""
    try:
        node = yaml.compose(file.read_bytes(), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        mistakes.add(mark.line + 1 if mark else 1, "", f"is not YAML: {error.problem or error.context}")
        return None
    except yaml.YAMLError:
        mistakes.add(1, "", "is not YAML: it holds characters that are not allowed")
        return None
    if not isinstance(node, yaml.MappingNode):
        mistakes.add(1, "", "is not a block of keys")
        return None
    return _block(node, mistakes)


def _node(node: yaml.Node, mistakes: Mistakes) -> Node:
    if isinstance(node, yaml.MappingNode):
        return _block(node, mistakes)
    if isinstance(node, yaml.SequenceNode):
        items = Items(_node(item, mistakes) for item in node.value)
        items.line = _line(node)
        return items
    return _text(node)


def _block(node: yaml.MappingNode, mistakes: Mistakes) -> Block:
    block = Block()
    block.line = _line(node)
    for key_node, value_node in node.value:
        key = _text(key_node)
        if key in block:
            mistakes.add(key.line, key, "the key is given twice")
        block[key] = _node(value_node, mistakes)
    return block


def _text(node: yaml.Node) -> Text:
    text = Text(node.value if isinstance(node, yaml.ScalarNode) else "")
    text.line = _line(node)
    return text


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
