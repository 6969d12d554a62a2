"""What the mappings make of their examples has no error by HL7's validator, against UK Core where it says so.

https://hl7.org/fhir/R4/validation.html ; what cannot be checked offline is listed in DECISIONS.md.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from mappings import OURS
from tests.conformance.validator import uk_core, validate

pytestmark = [pytest.mark.validator, pytest.mark.samples, pytest.mark.slow, pytest.mark.timeout(600)]

SYSTEMS = ("pds", "cpis", "ssd", "uk-core")
# the validator's best practice is a narrative, which we leave to the reader's own software
NARRATIVE = {
    "status": "generated",
    "div": '<div xmlns="http://www.w3.org/1999/xhtml">made by a mapping</div>',
}


def resources(system: str) -> list[tuple[str, dict[str, Any]]]:
    """Each resource that stands beside an example, with a name."""
    files = [f for f in (OURS / system / "examples").iterdir() if f.name.endswith(".expected.json")]
    return [
        (f"{system}-{file.name.partition('.')[0]}-{n}", resource)
        for file in sorted(files, key=lambda f: f.name)
        for n, resource in enumerate(json.loads(file.read_text(encoding="utf-8")))
    ]


def test_every_mapped_example_is_valid(tmp_path: Path) -> None:
    files = []
    for name, resource in (pair for system in SYSTEMS for pair in resources(system)):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps({"text": NARRATIVE, **resource}), encoding="utf-8")

    issues = validate(files, ig=uk_core(), seconds=500)

    wrong = {p.stem: [(i.expression, i.text) for i in found if i.is_error] for p, found in issues.items()}
    assert {name: found for name, found in wrong.items() if found} == {}
