"""The reader of a kind's declared fields as one generated function, since it runs for every record.

What nearly every record looks like is written out without a call; what looks otherwise goes to the readers
of declared.py, which also say what the generated code must do: a test compares the two. Only field names of
system files enter the code, as string literals. (design/performance.md: 300 records a request.)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.declared import Node, Reader, element_reader, reader
from connectors.digits import Digits

_PLAIN = frozenset({str, int, float, bool, Digits})


def _frequent(node: Node) -> str:
    """The condition under which a value has the form that it nearly always has; empty if it has many."""
    if node.whole or (node.many and not node.below):
        return ""
    if node.below:
        return "is list" if node.many else "is dict"
    return "in PLAIN"


@dataclass
class _Writer:
    """The code as it grows, and the readers that it calls by name."""

    readers: dict[str, Reader] = field(default_factory=dict)

    def named(self, read: Reader) -> str:
        name = f"read{len(self.readers)}"
        self.readers[name] = read
        return name

    def object(self, node: Node, depth: int) -> Iterator[str]:
        """Fills `kept<depth>` from the object `raw<depth>`."""
        for name, below in node.below.items():
            value = f"raw{depth + 1}"
            yield f"{value} = raw{depth}.get({name!r})"
            yield from self._field(below, depth, f"kept{depth}[{name!r}]")

    def _field(self, node: Node, depth: int, place: str) -> Iterator[str]:
        """Puts what is declared at `node` of `raw<depth + 1>` into its place."""
        value, otherwise, frequent = f"raw{depth + 1}", "if", _frequent(node)
        if frequent:
            otherwise = "elif"
            yield f"if {value}.__class__ {frequent}:"
            yield from _indented(self._kept(node, depth + 1, place))
        read = self.named(reader(node))
        yield f"{otherwise} {value} is not None and ({value} := {read}({value})) is not None:"
        yield f"    {place} = {value}"

    def _kept(self, node: Node, depth: int, place: str) -> Iterator[str]:
        if not node.below:
            yield f"{place} = raw{depth}"
            return
        yield from self._list(node, depth) if node.many else self._single(node, depth)
        yield f"if kept{depth}:"
        yield f"    {place} = kept{depth}"

    def _single(self, node: Node, depth: int) -> Iterator[str]:
        yield f"kept{depth} = {{}}"
        yield from self.object(node, depth)

    def _list(self, node: Node, depth: int) -> Iterator[str]:
        one, kept = f"raw{depth + 1}", f"kept{depth + 1}"
        yield f"kept{depth} = []"
        yield f"for {one} in raw{depth}:"
        yield f"    if {one}.__class__ is dict:"
        yield f"        {kept} = {{}}"
        yield from _indented(_indented(self.object(node, depth + 1)))
        yield f"        if {kept}:"
        yield f"            kept{depth}.append({kept})"
        yield f"    elif ({one} := {self.named(element_reader(node))}({one})) is not None:"
        yield f"        kept{depth}.append({one})"


def generated(root: Node) -> Callable[[Any], dict[str, Any]]:
    """The function that keeps what is declared below `root` of a raw record."""
    writer = _Writer()
    lines = ["def keep(raw0):", "    kept0 = {}", *_indented(writer.object(root, 0)), "    return kept0"]
    space: dict[str, Any] = {"PLAIN": _PLAIN, **writer.readers}
    exec("\n".join(lines), space)
    keep: Callable[[Any], dict[str, Any]] = space["keep"]
    return keep


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
