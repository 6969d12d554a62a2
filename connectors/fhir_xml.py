"""FHIR resources in XML, turned into the shape that they have in JSON; values stay as they are written.

https://hl7.org/fhir/R4/xml.html and https://hl7.org/fhir/R4/json.html (the same rules in STU3)
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

from connectors.base import Failure, SourceError
from connectors.digits import Digits
from connectors.tree import add, attributes, local

FHIR = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"

_EXTENSIONS = ("extension", "modifierExtension")

Elements = Mapping[str, Mapping[str, str]]


@cache
def elements(version: str) -> Elements:
    """Of each type, the elements that are not one string (connectors/fhir_elements.py)."""
    table: Elements = json.loads((files("connectors") / f"fhir_{version}.json").read_bytes())
    return table


def resource(element: etree._Element, version: str) -> dict[str, Any]:
    """The resource that `element` is, in its JSON shape; raises SourceError (UNREADABLE).

    What the definitions do not know is kept: a single text, an object, or a list where it occurs twice.
    """
    if not element.tag.startswith(FHIR):
        raise SourceError(Failure.UNREADABLE, "XML that is not FHIR")
    return _resource(element, elements(version))


def _resource(element: etree._Element, table: Elements) -> dict[str, Any]:
    type_ = local(element.tag)
    return {"resourceType": type_, **_object(element, type_, table)}


def _object(element: etree._Element, type_: str, table: Elements) -> dict[str, Any]:
    made: dict[str, Any] = {local(name): value for name, value in attributes(element)}
    known = table.get(type_, {})
    for child in element:
        name = local(child.tag)
        described = "Extension*" if name in _EXTENSIONS else known.get(name)
        many = described is not None and described.endswith("*")
        kind = (described or "").removesuffix("*")
        if kind[:1].isupper():
            _put(made, name, _complex(child, kind, table), many)
        elif kind == "xhtml":
            made[name] = _narrative(child)
        elif "value" in child.attrib or described is not None or _only_extended(child):
            _put_primitive(made, name, child, (kind, many), table)
        else:
            _put(made, name, _unknown(child, table), many)
    return made


def _only_extended(element: etree._Element) -> bool:
    """A primitive whose value is absent and whose extension says why."""
    return len(element) > 0 and all(local(child.tag) == "extension" for child in element)


def _complex(element: etree._Element, kind: str, table: Elements) -> dict[str, Any]:
    if kind != "Resource":
        return _object(element, kind, table)
    if len(element) != 1:
        raise SourceError(Failure.UNREADABLE, "a place for one resource that does not hold one")
    return _resource(element[0], table)


def _unknown(element: etree._Element, table: Elements) -> dict[str, Any]:
    if len(element) == 1 and local(element[0].tag) in table and local(element[0].tag)[:1].isupper():
        return _resource(element[0], table)
    return _object(element, "", table)


def _put(made: dict[str, Any], name: str, value: Any, many: bool) -> None:
    if many:
        made.setdefault(name, []).append(value)
    else:
        add(made, name, value)


def _put_primitive(
    made: dict[str, Any], name: str, element: etree._Element, form: tuple[str, bool], table: Elements
) -> None:
    """Puts the value under `name` and what else it has (id, extensions) under `_name`."""
    kind, many = form
    text = element.get("value")
    value = None if text is None else _READ.get(kind, str)(text)
    rest = _rest(element, table)
    if not many:
        if value is not None:
            add(made, name, value)
        if rest:
            add(made, f"_{name}", rest)
        return
    held = made.setdefault(name, [])
    held.append(value)
    if rest or f"_{name}" in made:
        # the two lists run side by side, with null where one has nothing
        others = made.setdefault(f"_{name}", [])
        others.extend([None] * (len(held) - 1 - len(others)))
        others.append(rest or None)


def _rest(element: etree._Element, table: Elements) -> dict[str, Any]:
    rest: dict[str, Any] = {"id": element.get("id")} if "id" in element.attrib else {}
    if len(element):
        rest |= _object(element, "Element", table)
        rest.pop("value", None)
    return rest


def _boolean(text: str) -> bool | str:
    return {"true": True, "false": False}.get(text, text)


def _integer(text: str) -> int | str:
    return int(text) if text.lstrip("+-").isdigit() and text.isascii() and len(text) < 20 else text


_READ: Mapping[str, Callable[[str], Any]] = {"boolean": _boolean, "integer": _integer, "decimal": Digits}


def _narrative(element: etree._Element) -> str:
    """The XHTML of a narrative as text, in the form that JSON carries."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return text.replace(' xmlns:f="http://hl7.org/fhir"', "")
