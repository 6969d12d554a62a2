"""Our extensions, code systems and ConceptMaps as FHIR; `gateway docs` writes them to openapi/definitions.

https://hl7.org/fhir/R4/defining-extensions.html
"""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from gateway.fhir.extension import Extension, Part, structure_definition
from gateway.model import read_model
from gateway.viewer.purposes import PURPOSES
from mappings.code_files import read_codes
from mappings.codes import BASE, Codes, CodeSystem
from mappings.export import code_system, concept_map

Definition = dict[str, Any]


def definitions() -> Iterator[Definition]:
    """Everything that is ours and stands in what leaves the gateway, or explains it."""
    ours = _data()
    yield from (structure_definition(extension, BASE) for extension in _extensions(ours["extensions"]))
    codes = _codes()
    systems = [s for s in codes.systems.values() if s.ours] + _systems(ours["systems"])
    yield from (code_system(system) for system in systems)
    yield from (concept_map(found) for found in codes.maps.values())


def _data() -> dict[str, Any]:
    return tomllib.loads((files("gateway.fhir") / "published.toml").read_text(encoding="utf-8"))


def _extensions(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[Extension]:
    for name, table in tables.items():
        parts = {part: Part(**told) for part, told in table.get("parts", {}).items()}
        yield Extension(name, table["on"], table["says"], table.get("type", ""), parts)


def _codes() -> Codes:
    folder = files("mappings") / "codes"
    named = sorted((f.name, f) for f in folder.iterdir() if f.name.endswith(".yaml"))
    return read_codes(named)[0]


def _systems(tables: Mapping[str, Mapping[str, Any]]) -> list[CodeSystem]:
    """The code systems that no mapping writes: the receipt's, the audit's, facts and purposes."""
    facts = {fact.code: fact.label for fact in read_model().facts.values()}
    purposes = {purpose.code: purpose.name for purpose in PURPOSES.values()}
    told = [_system(name, table["title"], table["codes"]) for name, table in tables.items()]
    return [
        *told,
        _system("fact", "Kinds of fact", facts),
        _system("cs-sharing-purpose", "Purposes for which a record may be asked for", purposes),
    ]


def _system(name: str, title: str, codes: Mapping[str, str]) -> CodeSystem:
    return CodeSystem(name, title, f"{BASE}/CodeSystem/{name}", codes)
