"""Where the records lie in a SOAP answer: "Body/FindPersonResponse/Person".

CONTRIBUTING.md, "A system file, line by line": `items`, [soap.namespaces].
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from connectors.base import Failure, SourceError
from connectors.system import Kind, System, SystemMistake
from connectors.tree import local


@dataclass(frozen=True, slots=True)
class _Name:
    """An element's name: in one namespace, or, if none is declared, in any."""

    name: str
    namespace: str | None

    def names(self, element: etree._Element) -> bool:
        if self.namespace is None:
            return local(element.tag) == self.name
        return element.tag == f"{{{self.namespace}}}{self.name}"


@dataclass(frozen=True, slots=True)
class Items:
    """All names of `place` must be there, else the answer is not the promised one; `item` may repeat."""

    place: tuple[_Name, ...]
    item: _Name

    def in_envelope(self, envelope: etree._Element) -> Iterator[etree._Element]:
        """The elements that are records, in order; raises SourceError (UNREADABLE)."""
        holders = [envelope]
        for name in self.place:
            holders = [child for holder in holders for child in holder if name.names(child)]
            if not holders:
                raise SourceError(Failure.UNREADABLE, f"an answer without '{name.name}'")
        return (child for holder in holders for child in holder if self.item.names(child))


def items_of(system: System, kind: Kind) -> Items:
    """Where the records of `kind` lie; raises SystemMistake."""
    spaces: Mapping[str, str] = system.options.get("soap", {}).get("namespaces", {})
    text = kind.request.get("items")
    if not isinstance(text, str) or not text:
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name}.items is missing")
    names = [_name(part, spaces, f"{system.id}.toml: kinds.{kind.name}.items") for part in text.split("/")]
    return Items(tuple(names[:-1]), names[-1])


def _name(part: str, spaces: Mapping[str, str], where: str) -> _Name:
    prefix, colon, name = part.rpartition(":")
    if colon and prefix not in spaces:
        raise SystemMistake(f"{where}: the prefix '{prefix}' is not in [soap.namespaces]")
    return _Name(name, spaces[prefix] if colon else None)
