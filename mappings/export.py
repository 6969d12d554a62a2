"""ConceptMaps and our CodeSystems as FHIR resources, for people who use FHIR tools.

https://hl7.org/fhir/R4/conceptmap.html and https://hl7.org/fhir/R4/codesystem.html
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from mappings.codes import BASE, CodeSystem, Coding, ConceptMap


def concept_map(found: ConceptMap) -> dict[str, Any]:
    """A ConceptMap; codes that mean nothing, or only a text, are unmatched there."""
    made = {
        "resourceType": "ConceptMap",
        "id": found.name,
        "url": f"{BASE}/ConceptMap/{found.name}",
        "name": _name(found.name),
        "title": found.title,
        "status": "active",
        "group": [_group(found, system, pairs) for system, pairs in _by_system(found)],
    }
    return {k: v for k, v in made.items() if v}


def _by_system(found: ConceptMap) -> Iterator[tuple[str, list[tuple[str, Coding]]]]:
    """The pairs of codes, one group for each target system."""
    pairs = [(code, coding) for code, target in found.codes.items() for coding in target.codings]
    ordered = sorted(pairs, key=lambda pair: pair[1].system)
    for system, group in groupby(ordered, key=lambda pair: pair[1].system):
        yield system, list(group)


def _group(found: ConceptMap, system: str, pairs: list[tuple[str, Coding]]) -> dict[str, Any]:
    made: dict[str, Any] = {"source": found.source} if found.source else {}
    made |= {"target": system, "element": [_element(code, coding) for code, coding in pairs]}
    if isinstance(found.unmapped, Coding):
        fixed = {"mode": "fixed", "code": found.unmapped.code, "display": found.unmapped.display}
        made["unmapped"] = {k: v for k, v in fixed.items() if v}
    return made


def _element(code: str, coding: Coding) -> dict[str, Any]:
    target = {"code": coding.code, "display": coding.display, "equivalence": coding.equivalence}
    return {"code": code, "target": [{k: v for k, v in target.items() if v}]}


def code_system(found: CodeSystem) -> dict[str, Any]:
    """A CodeSystem with all its codes."""
    return {
        "resourceType": "CodeSystem",
        "id": found.name,
        "url": found.url,
        "name": _name(found.name),
        "title": found.title,
        "status": "active",
        "content": "complete",
        "concept": [{"code": code, "display": display} for code, display in found.codes.items()],
    }


def _name(text: str) -> str:
    """A name that a machine may use: cp-category becomes CpCategory."""
    return "".join(part.capitalize() for part in text.split("-"))
