"""The tables that ship are those that the official artefacts give."""

from pathlib import Path

import orjson
import pytest

from gateway.fhir.definitions.__main__ import PACKAGE, ROOT, main

TABLES = [
    "mappings/r4/elements.json",
    "mappings/r4/valuesets.json",
    "gateway/fhir/r4/search-parameters.json",
    "gateway/fhir/r4/schema.json",
]


@pytest.mark.skipif(not PACKAGE.exists(), reason="the official artefacts are not installed (npm ci)")
def test_the_tables_are_what_make_definitions_writes(tmp_path: Path) -> None:
    main(tmp_path)

    for table in TABLES:
        assert (tmp_path / table).read_bytes() == (ROOT / table).read_bytes(), (
            f"run make definitions: {table}"
        )


def table(path: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = orjson.loads((ROOT / path).read_bytes())
    return found


def test_an_element_has_its_cardinality_types_targets_and_binding() -> None:
    rows = table("mappings/r4/elements.json")

    assert rows["Observation.status"] == {
        "min": 1,
        "types": ["code"],
        "binding": "required",
        "valueSet": "http://hl7.org/fhir/ValueSet/observation-status",
        "summary": True,
        "modifier": True,
    }
    assert rows["Encounter.episodeOfCare"]["targets"] == ["EpisodeOfCare"]
    assert rows["Patient.id"]["types"] == ["string"]
    assert rows["Observation.component.referenceRange"]["content"] == "Observation.referenceRange"


def test_a_value_set_lists_its_codes_by_system() -> None:
    assert table("mappings/r4/valuesets.json")["http://hl7.org/fhir/ValueSet/administrative-gender"] == {
        "http://hl7.org/fhir/administrative-gender": ["female", "male", "other", "unknown"]
    }


def test_every_required_value_set_has_codes_but_the_open_ones() -> None:
    rows, sets = table("mappings/r4/elements.json"), table("mappings/r4/valuesets.json")
    needed = {r["valueSet"] for r in rows.values() if r.get("binding") == "required" and "valueSet" in r}

    assert {str(url).rsplit("/", 1)[1] for url in needed - set(sets)} == {"currencies", "mimetypes"}
    assert all(codes for codes in sets.values())


def test_a_search_parameter_speaks_only_of_our_types() -> None:
    patient = table("gateway/fhir/r4/search-parameters.json")["clinical-patient"]

    assert patient["target"] == ["Group", "Patient"]
    assert "VisionPrescription" not in str(patient)
    assert "Observation.subject" in str(patient["expression"])
