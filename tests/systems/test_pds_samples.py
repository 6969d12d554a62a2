"""Every patient and relative of PDS's published samples is mapped, or is left with field and reason.

https://github.com/NHSDigital/personal-demographics-service-api ; the folder is SAMPLES_DIR/health_pds.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.records import leftover, project
from gateway.fhir.schema import faults
from mappings import Unmappable
from mappings.run import PlainContext
from tests.systems.asking import SYSTEMS, mappings_of

pytestmark = pytest.mark.samples
KINDS = {"Patient": "person", "RelatedPerson": "related_person"}

# what the samples hold besides answers: payloads that create a record have no id yet, and one file is a
# template whose dates are words
LEFT = {
    ("person", "id: no value for a required element"): 10,
    ("person", "name[].period.start: not a date"): 1,
    ("related_person", "id: no value for a required element"): 5,
}


def published(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each Patient and RelatedPerson with the kind of record that it is."""
    for file in sorted((folder / "health_pds").rglob("*.json")):
        for resource in _within(json.loads(file.read_text(encoding="utf-8"))):
            yield KINDS[resource["resourceType"]], resource


def _within(place: Any) -> Iterator[dict[str, Any]]:
    if isinstance(place, list):
        for inner in place:
            yield from _within(inner)
    elif isinstance(place, dict) and place.get("resourceType") in KINDS:
        yield place
    elif isinstance(place, dict):
        yield from _within(list(place.values()))


def outcome(kind: str, resource: dict[str, Any]) -> str:
    """ "mapped", or the field and the reason why not."""
    (mapping,) = mappings_of("pds", kind)
    try:
        made = mapping.make(project(SYSTEMS["pds"].kinds[kind], resource), PlainContext())
    except Unmappable as left:
        return f"{left.path}: {left.reason}"
    assert made is not None
    assert faults(made.resource) == []
    return "mapped"


def test_every_record_of_the_samples_is_mapped_or_left_with_field_and_reason(samples: Path) -> None:
    found = Counter((kind, outcome(kind, resource)) for kind, resource in published(samples))

    assert {what: count for what, count in found.items() if what[1] != "mapped"} == LEFT
    assert found["person", "mapped"] == 83
    assert found["related_person", "mapped"] == 6


def test_every_field_that_is_not_read_has_its_reason_in_the_system_file(samples: Path) -> None:
    unexplained: Counter[str] = Counter()
    for kind, resource in published(samples):
        if outcome(kind, resource) == "mapped":
            reasons = SYSTEMS["pds"].kinds[kind].unmapped
            left = leftover(SYSTEMS["pds"].kinds[kind], resource)
            unexplained.update(f"{kind} {path}" for path in left if not _explained(path, reasons))

    assert unexplained == {}


def _explained(path: str, reasons: Any) -> bool:
    return any(path == told or path.startswith((f"{told}.", f"{told}[")) for told in reasons)
