"""The search parameters of our types, of Resource and of DomainResource.

https://hl7.org/fhir/R4/searchparameter-registry.html
"""

import re
from pathlib import Path
from typing import NotRequired, TypedDict

import orjson

from gateway.fhir.definitions.elements import TYPES, Row


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


def search_parameters(package: Path) -> dict[str, Row]:
    """A row for each, by its id."""
    ours = {*TYPES, "Resource", "DomainResource"}
    rows: dict[str, Row] = {}
    for file in package.glob("SearchParameter-*.json"):
        parameter: SearchParameter = orjson.loads(file.read_bytes())
        base = sorted(ours.intersection(parameter.get("base", ())))
        if base and not parameter["id"].startswith("example"):
            rows[parameter["id"]] = _row(parameter, base)
    return rows


def _row(parameter: SearchParameter, base: list[str]) -> Row:
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
