"""Every kind of mistake in a mapping is found at start and says file, line, element and nearest name."""

from pathlib import Path

import pytest

from mappings import MappingMistakes, compile_all, compile_file
from mappings.check import all_mistakes
from tests.mappings.riverside import CODES, FIELDS, mistakes, patient_mistakes, write

CORPUS = (Path(__file__).parent / "mistakes.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]


@pytest.mark.parametrize("entry", CORPUS)
def test_a_mistake_names_its_place_and_the_nearest_name(tmp_path: Path, entry: str) -> None:
    elements, message = entry.split("\n--> ")

    assert patient_mistakes(tmp_path, elements) == [f"riverside/thing.yaml:{message}"]


def test_text_may_say_true_or_false_so_that_it_fits_a_boolean(tmp_path: Path) -> None:
    assert patient_mistakes(tmp_path, "active: = sex") == []


CONDITION = "resourceType: Condition\n"


def test_a_literal_coding_outside_a_required_value_set_is_found(tmp_path: Path) -> None:
    system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    element = f"clinicalStatus: {{coding: [{{system: {system}, code: actve}}]}}"

    assert mistakes(tmp_path, CONDITION + element, fact="problem") == [
        "riverside/thing.yaml:7 Condition.clinicalStatus: 'actve' is not in"
        " http://hl7.org/fhir/ValueSet/condition-clinical; nearest 'active'"
    ]


def test_a_concept_map_that_gives_a_code_outside_a_required_value_set_is_found(tmp_path: Path) -> None:
    assert mistakes(tmp_path, CONDITION + "clinicalStatus: = sex | code strict", fact="problem") == [
        f"riverside/thing.yaml:7 Condition.clinicalStatus: 'strict' gives '{code}', which is not in"
        " http://hl7.org/fhir/ValueSet/condition-clinical" + nearest
        for code, nearest in (("female", ""), ("male", ""))
    ]


def test_the_subject_is_not_for_mappings_to_set(tmp_path: Path) -> None:
    assert mistakes(tmp_path, CONDITION + "subject: = id | ref Patient", fact="problem") == [
        "riverside/thing.yaml:7 subject: is set by the gateway, not by a mapping"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "system: riverside",
            "system: riversde",
            "1 system: there is no system 'riversde'; nearest 'riverside'",
        ),
        ("kind: thing", "kind: think", "2 kind: 'riverside' has no kind 'think'; nearest 'thing'"),
        ("fact: identity", "fact: identiy", "3 fact: there is no fact 'identiy'; nearest 'identity'"),
        ("fact: identity", "fact: problem", "6 resourceType: the fact is a Condition, and this is 'Patient'"),
        ("key: = id", "key: = id\nonly: [sex]", "5 only: is an expression that starts with '='"),
        ("key: = id", "key: = idd", "4 key: 'idd' is not a declared field; nearest 'id'"),
        ("key: = id", "key: id", "4 key: is an expression that starts with '='"),
        ("key: = id\n", "", "1 key: is missing"),
        ("key: = id", "key: = id\nonly_if: x", "5 only_if: is not a line of a mapping; nearest 'only'"),
        ("active: true", "active: [true", "8: is not YAML: did not find expected ',' or ']'"),
    ],
)
def test_a_mistake_outside_the_template_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    write(tmp_path, "resourceType: Patient\nactive: true")
    file = tmp_path / "riverside" / "thing.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    with pytest.raises(MappingMistakes) as raised:
        compile_all([tmp_path], {"riverside": {"thing": FIELDS}})

    assert f"riverside/thing.yaml:{message}" in str(raised.value).splitlines()


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    found = patient_mistakes(tmp_path, "gender: femal\nbirthDate: = dbo\nname: [{familie: x}]")

    assert [message.split(":")[1].split()[0] for message in found] == ["7", "8", "9"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "unmapped: error",
            "unmapped: ignore",
            "strict: unmapped is 'error', 'text-only' or a fixed {code: ...}",
        ),
        ("NEG: neglect", "NEG: neglct", "category: 'NEG': 'neglct' is not in cs-abuse; nearest 'neglect'"),
        ("    title: Sex, strictly\n", "", "strict: the line 'title' is missing"),
        ("    codes: {M: male, F: female}\n  strict", "  strict", "sex: has no codes"),
        ("cs-abuse\n    unmapped", "cs-abus\n    unmapped", "is not one of our code systems; nearest"),
        ("{code: neglect, text", "{code: neglect, equivalence: same, text", "'same' is not an equivalence"),
        (
            "    target: http://hl7.org/fhir/administrative-gender\n    unmapped: error",
            "    unmapped: error",
            "strict: 'M' has no system",
        ),
        ("codes: {neglect: Neglect, physical: Physical abuse}", "", "cs-abuse: the line 'codes' is missing"),
        ("  strict:\n", "  other: x\n  strict:\n", "other: is not a block"),
        (
            "    unmapped: text-only",
            "    unmapped: text-only\n    same-as: cs-abus",
            "category: there is no code system 'cs-abus'; nearest 'cs-abuse'",
        ),
        ("unmapped: error", "unmappt: error", "strict: 'unmappt' is not a line of it; nearest 'unmapped'"),
        ("codes: {M: male, F: female}", "codes: {M: male, M: female}", "M: the key is given twice"),
        ("maps:", "mps:", "mps: is neither 'maps' nor 'systems'; nearest 'maps'"),
        (
            "system: http://snomed.info/sct, ",
            "sytem: http://snomed.info/sct, ",
            "'sytem' is not a line of it",
        ),
    ],
)
def test_a_mistake_in_a_code_file_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    codes = CODES.replace(old, new)

    found = patient_mistakes(tmp_path, "active: true", codes=codes)

    assert any(message in line for line in found)
    assert all(line.startswith("codes/riverside.yaml:") for line in found)


def test_the_right_files_have_no_mistakes(tmp_path: Path) -> None:
    assert patient_mistakes(tmp_path, "gender: = sex | code sex") == []


def test_a_record_that_passes_unchanged_passes_no_function(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "= . | first") == [
        "riverside/thing.yaml:5 resource: a record that passes unchanged passes no function"
    ]


def test_one_file_is_checked_with_the_codes_of_its_folders(tmp_path: Path) -> None:
    write(tmp_path, "resourceType: Patient\ngender: = sex | code sexx")
    file = tmp_path / "riverside" / "thing.yaml"

    with pytest.raises(MappingMistakes, match=r"thing.yaml:7 Patient\.gender: there is no ConceptMap 'sexx'"):
        compile_file(file, {"riverside": {"thing": FIELDS}}, [tmp_path])


def test_a_code_map_given_twice_is_a_mistake_of_the_second_file(tmp_path: Path) -> None:
    write(tmp_path, "resourceType: Patient\nactive: true")
    (tmp_path / "codes" / "zzz.yaml").write_text(CODES, encoding="utf-8")

    found = [str(m) for m in all_mistakes([tmp_path], {"riverside": {"thing": FIELDS}})]

    assert "codes/zzz.yaml:3 sex: the name is given twice" in found
    assert all(line.startswith("codes/zzz.yaml:") for line in found)
