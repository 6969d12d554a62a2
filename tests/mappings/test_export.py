"""Code files as FHIR: https://hl7.org/fhir/R4/conceptmap.html."""

from pathlib import Path

from mappings.code_files import read_codes
from mappings.codes import Codes
from mappings.export import code_system, concept_map
from tests.mappings.riverside import CODES

ABUSE = "https://wholechild.example/fhir/CodeSystem/cs-abuse"


def codes(folder: Path) -> Codes:
    file = folder / "codes.yaml"
    file.write_text(CODES, encoding="utf-8")
    found, mistakes = read_codes([("codes.yaml", file)])
    assert mistakes == []
    return found


def test_a_map_with_a_fixed_code_says_so(tmp_path: Path) -> None:
    assert concept_map(codes(tmp_path).maps["sex"])["group"] == [
        {
            "target": "http://hl7.org/fhir/administrative-gender",
            "element": [
                {"code": "M", "target": [{"code": "male", "equivalence": "equivalent"}]},
                {"code": "F", "target": [{"code": "female", "equivalence": "equivalent"}]},
            ],
            "unmapped": {"mode": "fixed", "code": "unknown"},
        }
    ]


def test_a_map_to_two_systems_has_two_groups(tmp_path: Path) -> None:
    groups = concept_map(codes(tmp_path).maps["category"])["group"]

    assert [(g["target"], [e["code"] for e in g["element"]]) for g in groups] == [
        ("http://snomed.info/sct", ["BOTH"]),
        (ABUSE, ["NEG", "BOTH"]),
    ]


def test_a_code_system_of_ours_is_complete(tmp_path: Path) -> None:
    made = code_system(codes(tmp_path).systems["cs-abuse"])

    assert (made["url"], made["name"], made["content"]) == (ABUSE, "CsAbuse", "complete")
    assert made["concept"] == [
        {"code": "neglect", "display": "Neglect"},
        {"code": "physical", "display": "Physical abuse"},
    ]
