"""FHIR's XML, written from its JSON shape: attributes for primitives, `_name` for their extensions.

https://hl7.org/fhir/STU3/xml.html
"""

from typing import Any

from lxml import etree

from gateway.demo.agencies._fhir import Resource

_FHIR = "http://hl7.org/fhir"


def xml(resource: Resource) -> bytes:
    """The resource as a document."""
    return etree.tostring(_resource(resource), xml_declaration=True, encoding="UTF-8")


def _resource(resource: Resource) -> etree._Element:
    element = etree.Element(f"{{{_FHIR}}}{resource['resourceType']}", nsmap={None: _FHIR})  # type: ignore[dict-item]  # the stubs forget the default namespace
    _fill(element, {name: value for name, value in resource.items() if name != "resourceType"})
    return element


def _fill(element: etree._Element, content: Resource) -> None:
    for name, value in content.items():
        if name == "url" and element.tag.endswith("}extension"):
            element.set("url", str(value))
        elif not name.startswith("_"):
            for one in value if isinstance(value, list) else [value]:
                _add(element, name, one, content.get(f"_{name}"))


def _add(parent: etree._Element, name: str, value: Any, more: Resource | None) -> None:
    element = etree.SubElement(parent, f"{{{_FHIR}}}{name}")
    if isinstance(value, dict):
        if "resourceType" in value:
            element.append(_resource(value))
        else:
            _fill(element, value)
        return
    element.set("value", str(value).lower() if isinstance(value, bool) else str(value))
    if more:
        _fill(element, more)
