"""Whether a resource is R4, by the official JSON schema with the rules that the standard adds in words.

https://hl7.org/fhir/R4/json.html; the schema is made by gateway/fhir/definitions. A fault names element
and rule, never a value nor the name of an unknown property: either may be content.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import jsonschema_rs
import orjson

_WORDS = {
    "additionalProperties": "has a property that R4 does not know",
    "const": "is not what it must be",
    "contains": "has no code of the required value set",
    "anyOf": "has no code of the required value set",
    "enum": "is not one of the allowed codes",
    "maxLength": "is longer than R4 allows",
    "minItems": "is an empty list",
    "not": "is given in two forms of a choice",
    "pattern": "is not written as its type is",
    "required": "lacks a required property",
    "type": "is not of the right JSON type",
}


@cache
def _validator() -> jsonschema_rs.Validator:
    text = (files("gateway.fhir") / "r4" / "schema.json").read_bytes()
    return jsonschema_rs.validator_for(orjson.loads(text), mask="[hidden]")


def faults(resource: Mapping[str, object]) -> list[str]:
    """What is not R4 about the resource; empty if nothing is. Decimals may be `Decimal`."""
    validator = _validator()
    if validator.is_valid(resource):
        return []
    return sorted({_fault(error) for error in validator.iter_errors(resource)})


def _fault(error: jsonschema_rs.ValidationError) -> str:
    return f"{_path(error.instance_path)}: {_WORDS.get(error.kind.name, 'is not as R4 says')}"


def _path(steps: Iterable[str | int]) -> str:
    """As FHIRPath writes it: name[0].given[1]; "resource" for the resource itself."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "resource"
