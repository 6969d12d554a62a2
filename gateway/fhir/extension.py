"""One extension of ours as a StructureDefinition.

https://hl7.org/fhir/R4/extensibility.html#exinline
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an extension that has parts."""

    type: str
    says: str
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension with a value of `type`, or with parts; `on` is the element where it may stand."""

    name: str
    on: str
    says: str
    type: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)


def structure_definition(extension: Extension, base: str) -> dict[str, Any]:
    """The definition that a validator reads."""
    url = f"{base}/StructureDefinition/{extension.name}"
    inside = _parts(extension.parts) if extension.parts else [_none("Extension.extension")]
    value = _none("Extension.value[x]") if extension.parts else _value("Extension", extension.type)
    return {
        "resourceType": "StructureDefinition",
        "id": extension.name,
        "url": url,
        "name": extension.name.title().replace("-", ""),
        "title": extension.name.replace("-", " ").capitalize(),
        "status": "active",
        "description": f"{extension.says}.",
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": extension.on}],
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": [_top(extension), *inside, _url("Extension", url), value]},
    }


def _top(extension: Extension) -> Element:
    told = f"{extension.says}."
    return {"id": "Extension", "path": "Extension", "short": extension.says, "definition": told}


def _parts(parts: Mapping[str, Part]) -> list[Element]:
    """The extensions inside, each by its url; closed, so that an unknown part is a fault."""
    by_url = {"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"}
    here = "Extension.extension"
    least = sum(part.required for part in parts.values())
    all_of_them: Element = {"id": here, "path": here, "slicing": by_url, "min": least}
    return [all_of_them, *(element for name, part in parts.items() for element in _part(name, part))]


def _part(name: str, part: Part) -> list[Element]:
    here = f"Extension.extension:{name}"
    top: Element = {"id": here, "path": "Extension.extension", "sliceName": name, "short": part.says}
    top |= {"min": int(part.required), "max": "*" if part.many else "1"}
    return [top, _none(f"{here}.extension"), _url(here, name), _value(here, part.type)]


def _none(place: str) -> Element:
    return {"id": place, "path": _path(place), "max": "0"}


def _url(place: str, url: str) -> Element:
    return {"id": f"{place}.url", "path": f"{_path(place)}.url", "fixedUri": url}


def _value(place: str, code: str) -> Element:
    return {"id": f"{place}.value[x]", "path": f"{_path(place)}.value[x]", "min": 1, "type": [{"code": code}]}


def _path(place: str) -> str:
    """An element's path: its id without the name of a slice."""
    return ".".join(step.partition(":")[0] for step in place.split("."))
