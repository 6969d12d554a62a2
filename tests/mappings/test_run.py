"""What a run tells about records that did not become FHIR, and the pages made from mappings."""

import json
import tomllib
from pathlib import Path

from mappings import Mapping_, compile_all
from mappings.run import Left, run, unread_fields
from mappings.table import page, shared
from tests.mappings.riverside import compiled

EXAMPLES = Path(__file__).parent / "examples"
SYSTEM = tomllib.loads((EXAMPLES / "systems" / "riverside.toml").read_text(encoding="utf-8"))
KIND = SYSTEM["kinds"]["person"]


def mappings() -> dict[str, Mapping_]:
    fields = {name: kind["fields"] for name, kind in SYSTEM["kinds"].items()}
    found = compile_all([EXAMPLES / "mappings"], {"riverside": fields})
    return {m.name: m for m in found}


def test_a_run_counts_every_record_and_gives_the_reason_of_each_that_was_left() -> None:
    records = json.loads((EXAMPLES / "mappings/riverside/examples/person.json").read_text(encoding="utf-8"))

    outcome = run([mappings()["riverside/person"]], records, KIND["fields"], KIND["unmapped"])

    assert [made.key for made in outcome.made] == ["P-1"]
    assert outcome.left == (Left("riverside/person", 2, "dob", "not a date that exists"),)
    assert outcome.noted == ()
    assert outcome.unread == {"religion": "not asked for by anyone yet"}


def test_a_run_tells_what_had_to_be_decided_and_which_codes_are_unknown() -> None:
    record = {"person_id": "1", "nhs_no": "1", "sex": "?"}

    outcome = run([mappings()["riverside/person"]], [record])

    assert outcome.noted == (
        Left("riverside/person", 1, "nhs_no", "not an NHS number: it has not ten digits"),
    )
    assert outcome.codes == {("riverside-sex", "?"): 1}


def test_an_outcome_prints_without_content() -> None:
    outcome = run([mappings()["riverside/person"]], [{"person_id": "1", "surname": "Okafor", "sex": "odd"}])

    assert "Okafor" not in repr(outcome)
    assert "odd" not in repr(outcome)


def test_what_is_shared_lists_each_field_with_its_element() -> None:
    rows = [(row.field, row.element) for row in shared([mappings()["riverside/measurement"]])]

    assert rows == [
        ("id", "key"),
        ("cancelled", "only"),
        ("taken", "Observation.effectiveDateTime"),
        ("nurse_id", "Observation.performer.reference"),
        ("nurse_name", "Observation.performer.display"),
        ("kg", "Observation.valueQuantity.value"),
    ]


def test_the_page_of_a_system_says_what_becomes_fhir_and_why_the_rest_does_not() -> None:
    text = page(SYSTEM, mappings().values())

    assert "| `dob` | `Patient.birthDate` | `= dob \\| uk-date` |" in text
    assert "| `religion` | not asked for by anyone yet |" in text


def test_a_field_of_a_list_is_read_only_where_it_is_named(tmp_path: Path) -> None:
    elements = """
    resourceType: Patient
    telecom: {for: phones | where type MOB, each: {value: = no}}
    name: [{given: "= others[] | where kind x | get name"}]
    """
    names = ["id", "phones[].no", "phones[].type", "phones[].rank"]
    names += ["others[].kind", "others[].name", "others[].age", "home"]
    mapping = compiled(tmp_path, elements, fields=dict.fromkeys(names, "text"))

    assert unread_fields([mapping], names, {}) == {"phones[].rank": "", "others[].age": "", "home": ""}


def test_the_childs_own_reference_reads_no_field(tmp_path: Path) -> None:
    elements = "resourceType: Patient\nlink: [{other: = . | subject, type: seealso}]"
    mapping = compiled(tmp_path, elements, fields={"id": "text", "x": "text"})

    assert unread_fields([mapping], ["id", "x"], {}) == {"x": ""}
