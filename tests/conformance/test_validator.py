"""The referee itself: HL7's validator finds planted faults, and knows UK Core."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.validator import Issue, uk_core, validate

pytestmark = [pytest.mark.validator, pytest.mark.samples, pytest.mark.slow, pytest.mark.timeout(300)]

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


def test_planted_faults_are_found_and_sound_resources_pass(tmp_path: Path, samples: Path) -> None:
    sound = write(tmp_path / "sound.json")
    wrong_code = write(tmp_path / "wrong-code.json", gender="girl")
    impossible_date = write(tmp_path / "impossible-date.json", birthDate="2014-02-30")
    profiled = samples / "ukcore_r4/examples/UKCore-Patient-RichardSmith-Example.xml"

    issues = validate([sound, wrong_code, impossible_date, profiled], ig=uk_core())

    assert {path.stem: errors(found) for path, found in issues.items()} == {
        "sound": [],
        "wrong-code": ["Patient.gender"],
        "impossible-date": ["Patient.birthDate"],
        "UKCore-Patient-RichardSmith-Example": [],
    }


def test_one_file_alone_is_named(tmp_path: Path) -> None:
    wrong_code = write(tmp_path / "wrong-code.json", gender="girl")

    issues = validate([wrong_code])

    assert errors(issues[wrong_code]) == ["Patient.gender"]
