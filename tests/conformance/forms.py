"""The forms in which what a mapping makes may leave: whole, masked as each rule says, without its place.

https://hl7.org/fhir/R4/extension-data-absent-reason.html
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from auth.decision import Outcome, Ruling
from auth.policy.items import NARRATIVE
from auth.policy.rules import read_rules
from gateway.federation.labels import CONFIDENTIALITY
from gateway.federation.location import Whereabouts, without_location
from gateway.federation.masking import masked

MAPPINGS = Path(__file__).parents[2] / "mappings"
Resource = Mapping[str, Any]


def examples() -> dict[str, Resource]:
    """Every resource that stands beside an example of a mapping, with what the gateway adds to each."""
    return {
        f"{file.parent.parent.name}-{file.name.partition('.')[0]}-{number}": finished(resource)
        for file in sorted(MAPPINGS.glob("*/examples/*.expected.json"))
        for number, resource in enumerate(json.loads(file.read_text(encoding="utf-8")))
    }


def finished(resource: dict[str, Any]) -> Resource:
    """With an id and a confidentiality, as the gateway gives them."""
    meta = resource.get("meta", {})
    labels = meta.get("security", [])
    if not any(label["system"] == CONFIDENTIALITY for label in labels):
        labels = [{"system": CONFIDENTIALITY, "code": "R", "display": "restricted"}, *labels]
    return {"id": "example", **resource, "meta": {**meta, "security": labels}}


def forms(resource: Resource) -> Iterator[tuple[str, Resource]]:
    """The resource in every form, each with a name; nothing where nothing is left."""
    for name, ruling in _rulings().items():
        for where in Whereabouts:
            left = without_location(masked(resource, ruling) if ruling else resource, where)
            if left is not None:
                yield f"{name}-{where.value}", left


def _rulings() -> dict[str, Ruling | None]:
    rows = [row for row in read_rules({}).rows if row.masks]
    everything = frozenset().union(NARRATIVE, *(row.masks for row in rows))
    return {
        "whole": None,
        "fact": Ruling(Outcome.MASK, fact_only=True),
        "sealed": Ruling(Outcome.MASK, sealed=True),
        "narrative": Ruling(Outcome.MASK, masks=NARRATIVE),
        **{row.id: Ruling(Outcome.MASK, masks=row.masks) for row in rows},
        "all-masks": Ruling(Outcome.MASK, masks=everything),
    }
