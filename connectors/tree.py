"""An XML element as nested plain values, so that field paths walk XML and JSON alike.

Names are local names. An attribute is "@name"; the text of an element that has attributes or elements
too is "#text"; an element that occurs twice is a list; an empty one vanishes.
https://www.w3.org/TR/xml-infoset/
"""

from typing import Any

from lxml import etree

from connectors.base import Failure, SourceError

TEXT = "#text"

_MOST_ATTRIBUTES = 256
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


def tree(element: etree._Element) -> dict[str, Any]:
    """The attributes and elements of `element` by name."""
    found: dict[str, Any] = {}
    for name, value in attributes(element):
        # xsi:type and xsi:schemaLocation speak about the document, not about the child
        if not name.startswith(_INSTANCE):
            found[f"@{local(name)}"] = value
    for child in element:
        value = _value(child)
        if value is not None:
            add(found, local(child.tag), value)
    text = _own_text(element)
    if text:
        found[TEXT] = text
    return found


def attributes(element: etree._Element) -> list[tuple[str, str]]:
    """The attributes of `element`; raises SourceError (UNREADABLE) for more than any format has."""
    # lxml looks each one up from the first: 100,000 of them would take a minute
    if len(element.attrib) > _MOST_ATTRIBUTES:
        raise SourceError(Failure.UNREADABLE, "an element with too many attributes")
    return [(str(name), str(value)) for name, value in element.items()]


def local(name: str) -> str:
    """`name` without its namespace."""
    return name.rpartition("}")[2]


def add(found: dict[str, Any], name: str, value: Any) -> None:
    """Puts `value` under `name`; the second one under a name makes it a list."""
    held = found.get(name)
    if held is None:
        found[name] = value
    elif isinstance(held, list):
        held.append(value)
    else:
        found[name] = [held, value]


def _value(element: etree._Element) -> Any:
    if len(element) == 0 and not element.attrib:
        return (element.text or "").strip() or None
    found = tree(element)
    return found[TEXT] if found.keys() == {TEXT} else found or None


def _own_text(element: etree._Element) -> str:
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    return " ".join(piece.strip() for piece in pieces if piece.strip())
