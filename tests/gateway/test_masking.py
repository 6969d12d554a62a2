"""What a ruling masks is gone, what is left is R4, and the source's own answer is not changed."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.decision import Item, Outcome, Ruling
from auth.policy.items import NARRATIVE
from auth.policy.rules import read_rules
from gateway.federation.filter import show
from gateway.federation.location import Whereabouts
from gateway.federation.masking import masked
from gateway.fhir.schema import faults
from tests.gateway.resources import ACT, CONFIDENTIALITY, PERMIT, WHAT, WHERE, WHY, entry, resources

EVERY = resources()
TYPES = [resource["resourceType"] for resource in EVERY]
FACT = Ruling(Outcome.MASK, ("S-06",), "Held back.", fact_only=True)
SEALED = Ruling(Outcome.MASK, ("S-03",), "Held back.", sealed=True)
SUMMARY = Ruling(Outcome.MASK, ("R-plans",), masks=NARRATIVE)
ROWS = {row.id: row for row in read_rules({}).rows}
Json = dict[str, Any]


def by_type(name: str) -> Json:
    return next(resource for resource in EVERY if resource["resourceType"] == name)


@pytest.mark.parametrize("resource", EVERY, ids=TYPES)
def test_a_fact_says_what_happened_and_when_and_never_who_else_where_or_why(resource: Json) -> None:
    left = json.dumps({k: v for k, v in masked(resource, FACT).items() if k not in ("agent", "source")})

    assert WHERE not in left
    assert WHY not in left


@pytest.mark.parametrize("resource", EVERY, ids=TYPES)
def test_a_sealed_record_says_neither_what_it_was_nor_anything_of_the_canaries(resource: Json) -> None:
    left = masked(resource, SEALED)

    assert "CANARY" not in json.dumps(left)
    assert not left.keys() & {"text", "extension", "contained", "identifier", "note", "category", "type"} - {
        "type" if resource["resourceType"] == "AuditEvent" else ""
    }


@pytest.mark.parametrize("resource", EVERY, ids=TYPES)
def test_a_sealed_record_does_not_say_why_it_is_sealed(resource: Json) -> None:
    labels = {label["code"]: label["system"] for label in masked(resource, SEALED)["meta"]["security"]}

    assert labels == {"R": CONFIDENTIALITY}
    assert {label["code"] for label in masked(resource, FACT)["meta"]["security"]} == {"R", "SDV"}


@pytest.mark.parametrize(
    "ruling", [FACT, SEALED, SUMMARY, *(Ruling(Outcome.MASK, masks=r.masks) for r in ROWS.values())]
)
@pytest.mark.parametrize("resource", EVERY, ids=TYPES)
def test_what_is_left_is_r4_still_and_nothing_of_the_original_has_changed(
    resource: Json, ruling: Ruling
) -> None:
    before = copy.deepcopy(resource)

    left = masked(resource, ruling)

    assert resource == before
    assert faults(left) == []
    for name in ("resourceType", "id", "subject", "patient", "for"):
        assert left.get(name) == resource.get(name)


@pytest.mark.parametrize("resource", EVERY, ids=TYPES)
@pytest.mark.parametrize("ruling", [FACT, SEALED])
def test_what_is_left_claims_no_profile(resource: Json, ruling: Ruling) -> None:
    assert "profile" not in masked(resource, ruling)["meta"]


@pytest.mark.parametrize("resource", EVERY, ids=TYPES)
def test_a_summary_has_no_narrative(resource: Json) -> None:
    left = masked(resource, SUMMARY)

    assert not left.keys() & {
        "text",
        "note",
        "description",
        "conclusion",
        "valueString",
        "patientInstruction",
    }
    for element in ("component", "reaction", "dosage", "activity", "reasonCode"):
        inner = json.dumps(left.get(element, []))
        assert f'"valueString": "{WHERE} {WHY}"' not in inner
        assert '"note"' not in inner


def test_a_date_and_the_code_of_a_fact_stay() -> None:
    left = masked(by_type("Encounter"), FACT)

    assert left["period"] == {"start": "2026-11-18"}
    assert left["type"] == [{"coding": by_type("Encounter")["type"][0]["coding"]}]
    assert left["class"]["code"] == "EMER"
    assert masked(by_type("Encounter"), SEALED)["period"] == {"start": "2026-11-18"}


@pytest.mark.parametrize(("resource_type", "element"), [
    ("Observation", "code"), ("Flag", "code"), ("DiagnosticReport", "code"), ("Immunization", "vaccineCode"),
    ("MedicationStatement", "medicationCodeableConcept"), ("Encounter", "class"), ("AuditEvent", "type"),
])  # fmt: skip
def test_what_r4_requires_and_a_seal_takes_is_said_to_be_masked(resource_type: str, element: str) -> None:
    left = masked(by_type(resource_type), SEALED)

    assert [e["valueCode"] for e in left[element]["extension"]] == ["masked"]


def test_a_text_without_codes_goes_from_a_fact() -> None:
    worded = {**by_type("Encounter"), "type": [{"text": WHY}, {"text": WHY, "coding": [{"code": "a"}]}]}

    assert masked(worded, FACT)["type"] == [{"coding": [{"code": "a"}]}]


@pytest.mark.parametrize("row", ["S-01", "S-02"])
@pytest.mark.parametrize("resource_type", ["Location", "Encounter", "Organization"])
def test_the_place_of_a_placement_or_refuge_is_gone(row: str, resource_type: str) -> None:
    resource = {
        k: v for k, v in by_type(resource_type).items() if k not in ("contained", "extension", "participant")
    }
    left = masked(resource, Ruling(Outcome.MASK, masks=ROWS[row].masks))

    places = {"location", "serviceProvider", "address", "telecom", "name", "alias", "identifier"}
    assert WHERE not in json.dumps({k: v for k, v in left.items() if k in places})


def test_a_masks_path_for_one_type_leaves_the_name_of_the_child() -> None:
    assert masked(by_type("Patient"), Ruling(Outcome.MASK, masks=ROWS["S-02"].masks))["name"]


@pytest.mark.parametrize(("path", "left"), [
    ("a", {"b": [{"c": 1, "d": {"e": 2}}, {"c": 3}]}),
    ("b[].c", {"a": 1, "b": [{"d": {"e": 2}}]}),
    ("b[].d", {"a": 1, "b": [{"c": 1}, {"c": 3}]}),
    ("b[].d.e", {"a": 1, "b": [{"c": 1, "d": {}}, {"c": 3}]}),
    ("b", {"a": 1}),
    ("nowhere", {"a": 1, "b": [{"c": 1, "d": {"e": 2}}, {"c": 3}]}),
    ("a.b.c", {"b": [{"c": 1, "d": {"e": 2}}, {"c": 3}]}),
    ("Observation.a", {"b": [{"c": 1, "d": {"e": 2}}, {"c": 3}]}),
    ("Patient.a", {"a": 1, "b": [{"c": 1, "d": {"e": 2}}, {"c": 3}]}),
])  # fmt: skip
def test_a_path_removes_what_it_leads_to_and_nothing_else(path: str, left: Json) -> None:
    resource = {"resourceType": "Observation", "code": {}, "a": 1, "b": [{"c": 1, "d": {"e": 2}}, {"c": 3}]}

    found = masked(resource, Ruling(Outcome.MASK, masks=frozenset({path})))

    assert {k: v for k, v in found.items() if k in "ab"} == _without_empty(left)


def _without_empty(left: Json) -> Json:
    """An object that lost all it had goes too."""
    if "b" not in left:
        return left
    return {**left, "b": [{k: v for k, v in one.items() if v != {}} for one in left["b"]]}


rulings = st.sampled_from(
    [PERMIT, FACT, SEALED, SUMMARY, *(Ruling(outcome, ("X",), "Held back.") for outcome in Outcome)]
)


@given(st.sampled_from(EVERY), rulings, st.sampled_from(Whereabouts))
@settings(max_examples=400, deadline=None)
def test_only_what_is_permitted_or_masked_is_shown_and_silence_leaves_nothing(
    resource: Json, ruling: Ruling, where: Whereabouts
) -> None:
    before = copy.deepcopy(resource)

    shown = show([entry(resource)], lambda _: ruling, where)

    assert resource == before
    if ruling.outcome not in (Outcome.PERMIT, Outcome.MASK):
        assert (shown.resources, shown.masked, shown.rules) == ([], [], {})
    assert bool(shown.held_back) is (ruling.outcome not in (Outcome.PERMIT, Outcome.MASK, Outcome.SILENT))
    for one in shown.resources:
        taken = {k: v for k, v in one.items() if k != "meta"} != {
            k: v for k, v in resource.items() if k != "meta"
        }
        codes = [label["code"] for label in one["meta"]["security"]]
        assert ("REDACTED" in codes) is (taken or ruling in (FACT, SEALED))
        assert WHY not in json.dumps(one) or ruling in (PERMIT, SUMMARY) or ruling.outcome is Outcome.PERMIT
        assert shown.rules == {resource["id"]: ruling.rules}


@pytest.mark.parametrize("resource", EVERY, ids=TYPES)
def test_a_mask_that_does_not_say_what_it_hides_hides_everything(resource: Json) -> None:
    assert masked(resource, Ruling(Outcome.MASK)) == masked(resource, SEALED)


def test_each_entry_is_ruled_on_by_what_it_is_alone() -> None:
    asked: list[Item] = []

    def ruling_on(item: Item) -> Ruling:
        asked.append(item)
        return PERMIT if item.type == "Encounter" else Ruling(Outcome.SILENT)

    shown = show([entry(r, "SDV") for r in EVERY], ruling_on, Whereabouts.OPEN)

    assert [item.type for item in asked] == TYPES
    assert {item.labels for item in asked} == {frozenset({"SDV"})}
    assert shown.resources == [by_type("Encounter")]


def test_the_label_that_says_why_is_kept_where_only_elements_are_masked() -> None:
    left = masked(by_type("Encounter"), Ruling(Outcome.MASK, masks=frozenset({"location"})))

    assert {(label["system"], label["code"]) for label in left["meta"]["security"]} == {
        (CONFIDENTIALITY, "R"), (ACT, "SDV"),
    }  # fmt: skip
    assert WHAT in json.dumps(left["type"])
