"""Every element of our types and of the datatypes that they use, from the StructureDefinitions.

https://hl7.org/fhir/R4/structuredefinition.html
"""

from pathlib import Path
from typing import NotRequired, TypedDict

import orjson

TYPES = (
    "AllergyIntolerance", "Appointment", "AuditEvent", "Binary", "Bundle", "CapabilityStatement", "CarePlan",
    "CareTeam", "Communication", "Composition", "Condition", "Consent", "DiagnosticReport",
    "DocumentReference", "Encounter", "EpisodeOfCare", "Flag", "Group", "HealthcareService", "Immunization",
    "List", "Location", "Medication", "MedicationRequest", "MedicationStatement", "Observation",
    "OperationOutcome", "Organization", "Parameters", "Patient", "Practitioner", "PractitionerRole",
    "Procedure", "Provenance", "QuestionnaireResponse", "RelatedPerson", "ServiceRequest", "Task",
)  # fmt: skip

Row = dict[str, int | str | bool | list[str]]


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


def elements(package: Path) -> dict[str, Row]:
    """A row for each element, by path."""
    rows: dict[str, Row] = {}
    waiting, seen = [*TYPES, "Extension", "Element"], set[str]()
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
    binding = element.get("binding")
    row: Row = {
        "min": element["min"],
        "max": element["max"],
        "types": [_type_code(t) for t in types],
        "content": element.get("contentReference", "").removeprefix("#"),
        "targets": sorted({p.rsplit("/", 1)[1] for t in types for p in t.get("targetProfile", ())}),
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
