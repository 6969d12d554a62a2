"""HL7's own FHIR validator as a function: many files, one start of Java (20 s, then under 0.1 s a file).

https://confluence.hl7.org/display/FHIR/Using+the+FHIR+Validator
It runs offline, without a terminology server: codes of SNOMED CT, LOINC and UCUM are not checked.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests import services

FILE_EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition/operationoutcome-file"


class ValidatorFailed(Exception):
    """The validator did not run to its end, so nothing is known about the files."""


@dataclass(frozen=True)
class Issue:
    severity: str  # fatal, error or warning
    code: str
    expression: str
    text: str

    @property
    def is_error(self) -> bool:
        # of a claim to a profile that is not there it only warns
        return self.severity != "warning" or "has not been checked because it is unknown" in self.text


def validate(files: list[Path], *, ig: Sequence[Path] = (), seconds: float = 300) -> dict[Path, list[Issue]]:
    """The errors and warnings of each file; an empty list is a valid resource.

    `ig` are folders of definitions, each read without its subfolders.
    """
    if not files:
        return {}
    by_name = {str(path.resolve()): path for path in files}
    issues = {
        by_name[_file_of(outcome) or next(iter(by_name))]: list(_issues(outcome["issue"]))
        for outcome in _outcomes(list(by_name), ig, seconds)
    }
    if unchecked := set(files) - issues.keys():
        raise ValidatorFailed(f"no outcome for {', '.join(sorted(map(str, unchecked)))}")
    return issues


def uk_core() -> tuple[Path, ...]:
    """UK Core's definitions among the published samples, as `ig`; goes with the marker `samples`."""
    folder = services.SAMPLES_DIR / "ukcore_r4"
    return (folder / "structuredefinitions", folder / "valuesets", folder / "codesystems")


def _outcomes(names: Iterable[str], ig: Sequence[Path], seconds: float) -> list[Mapping[str, Any]]:
    with TemporaryDirectory() as folder:
        output = Path(folder) / "outcome.json"
        definitions = [word for path in ig for word in ("-ig", str(path))]
        command = [str(services.VALIDATOR_DIR / "validate.sh"), *names, *definitions, "-output", str(output)]
        # the exit status tells whether there were errors in the files, not whether it ran
        run = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        if not output.exists():
            raise ValidatorFailed(run.stdout[-2000:] + run.stderr[-2000:])
        result = json.loads(output.read_text())
    if result["resourceType"] == "OperationOutcome":
        return [result]
    return [entry["resource"] for entry in result["entry"]]


def _file_of(outcome: Mapping[str, Any]) -> str | None:
    """Which file it speaks of; not said where there was only one."""
    extensions = outcome.get("extension", ())
    return next((each["valueString"] for each in extensions if each["url"] == FILE_EXTENSION), None)


def _issues(found: Iterable[Mapping[str, Any]]) -> Iterator[Issue]:
    for issue in found:
        if issue["severity"] != "information":
            expression = next(iter(issue.get("expression", ())), "")
            yield Issue(issue["severity"], issue["code"], expression, issue["details"]["text"])
