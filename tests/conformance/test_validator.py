"""The referee itself, asked about one file; that it finds faults and knows UK Core is in test_everything."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.validator import Issue, validate

pytestmark = [pytest.mark.validator, pytest.mark.slow, pytest.mark.timeout(300)]

PATIENT = {
    "resourceType": "Patient",
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">A made-up child</div>'},
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
    "birthDate": "2014-05-01",
}


def write(path: Path, **changes: Any) -> Path:
    path.write_text(json.dumps(PATIENT | changes))
    return path


def errors(issues: list[Issue]) -> list[str]:
    return [issue.expression for issue in issues if issue.is_error]


def test_one_file_alone_is_named(tmp_path: Path) -> None:
    wrong_code = write(tmp_path / "wrong-code.json", gender="girl")

    issues = validate([wrong_code])

    assert errors(issues[wrong_code]) == ["Patient.gender"]
