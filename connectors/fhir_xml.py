"""FHIR resources in XML, turned into the shape that they have in JSON; values stay as they are written.

https://hl7.org/fhir/R4/xml.html and https://hl7.org/fhir/R4/json.html (the same rules in STU3)
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

from connectors.base import Failure, SourceError
from connectors.digits import Digits
from connectors.tree import add, attributes, local

FHIR = "{http://hl7.org/fhir}"
XHTML = "{http://www.w3.org/1999/xhtml}"

Elements = Mapping[str, Mapping[str, str]]


def _boolean(text: str) -> bool | str:
    return {"true": True, "false": False}.get(text, text)


def _integer(text: str) -> int | str:
    return int(text) if text.lstrip("+-").isdigit() and text.isascii() and len(text) < 20 else text


_READ: Mapping[str, Callable[[str], Any]] = {"boolean": _boolean, "integer": _integer, "decimal": Digits}


@dataclass(frozen=True, slots=True)
class _Form:
    """The form of one element: the name of its type ("" if it is one string), and whether it is a list.

    `simple` is one value of a primitive type; `complex` has elements of its own.
    """

    type: str = ""
    many: bool = False
    known: bool = True
    read: Callable[[str], Any] = str
    simple: bool = True
    complex: bool = False


# what the definitions do not name is one string, or a form of its own
_OTHER = _Form(known=False)
_EVERYWHERE = {
    name: _Form("Extension", True, simple=False, complex=True) for name in ("extension", "modifierExtension")
}
_Forms = Mapping[str, Mapping[str, _Form]]


@cache
def elements(version: str) -> Elements:
    """Of each type, the elements that are not one string (connectors/fhir_elements.py)."""
    table: Elements = json.loads((files("connectors") / f"fhir_{version}.json").read_bytes())
    return table


@cache
def _forms(version: str) -> _Forms:
    return {
        type_: {**_EVERYWHERE, **{name: _form(text) for name, text in described.items()}}
        for type_, described in elements(version).items()
    }


def _form(text: str) -> _Form:
    type_, many = text.removesuffix("*"), text.endswith("*")
    complex_ = type_[:1].isupper()
    simple = not (many or complex_ or type_ == "xhtml")
    return _Form(type_, many, True, _READ.get(type_, str), simple, complex_)


def resource(element: etree._Element, version: str) -> dict[str, Any]:
    """The resource that `element` is, in its JSON shape; raises SourceError (UNREADABLE).

    What the definitions do not know is kept: a single text, an object, or a list where it occurs twice.
    """
    if not element.tag.startswith(FHIR):
        raise SourceError(Failure.UNREADABLE, "XML that is not FHIR")
    return _resource(element, _forms(version))


def _resource(element: etree._Element, forms: _Forms) -> dict[str, Any]:
    type_ = local(element.tag)
    return {"resourceType": type_, **_object(element, type_, forms)}


def _object(element: etree._Element, type_: str, forms: _Forms) -> dict[str, Any]:
    made: dict[str, Any] = {local(name): value for name, value in attributes(element)}
    known = forms.get(type_, _EVERYWHERE)
    for child in element:
        name = local(child.tag)
        form = known.get(name, _OTHER)
        text = child.get("value")
        if form.simple and text is not None and not len(child) and len(child.keys()) == 1:
            # nearly every element is such a one
            add(made, name, form.read(text))
        else:
            _put(made, name, child, form, forms)
    return made


def _put(made: dict[str, Any], name: str, child: etree._Element, form: _Form, forms: _Forms) -> None:
    if form.complex:
        value: Any = _complex(child, form.type, forms)
    elif form.type == "xhtml":
        value = _narrative(child)
    elif form.known or "value" in child.attrib or _only_extended(child):
        _put_primitive(made, name, child, form, forms)
        return
    else:
        value = _unknown(child, forms)
    if form.many:
        made.setdefault(name, []).append(value)
    else:
        add(made, name, value)


def _only_extended(element: etree._Element) -> bool:
    """A primitive whose value is absent and whose extension says why."""
    return len(element) > 0 and all(local(child.tag) == "extension" for child in element)


def _complex(element: etree._Element, kind: str, forms: _Forms) -> dict[str, Any]:
    if kind != "Resource":
        return _object(element, kind, forms)
    if len(element) != 1:
        raise SourceError(Failure.UNREADABLE, "a place for one resource that does not hold one")
    return _resource(element[0], forms)


def _unknown(element: etree._Element, forms: _Forms) -> dict[str, Any]:
    if len(element) == 1 and local(element[0].tag) in forms:
        return _resource(element[0], forms)
    return _object(element, "", forms)


def _put_primitive(
    made: dict[str, Any], name: str, child: etree._Element, form: _Form, forms: _Forms
) -> None:
    """Puts the value under `name` and what else it has (id, extensions) under `_name`."""
    text = child.get("value")
    value = None if text is None else form.read(text)
    rest = _rest(child, forms)
    if not form.many:
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


def _rest(element: etree._Element, forms: _Forms) -> dict[str, Any]:
    rest: dict[str, Any] = {"id": element.get("id")} if "id" in element.attrib else {}
    if len(element):
        rest |= _object(element, "Element", forms)
        rest.pop("value", None)
    return rest


def _narrative(element: etree._Element) -> str:
    """The XHTML of a narrative as text, in the form that JSON carries."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return text.replace(' xmlns:f="http://hl7.org/fhir"', "")
