"""What is R4 and what is not: https://hl7.org/fhir/R4/json.html."""

from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.fhir.definitions.__main__ import PACKAGE
from gateway.fhir.definitions.elements import TYPES
from gateway.fhir.schema import faults

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
OBSERVATION: dict[str, Any] = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"text": "Weight"},
    "subject": {"reference": "Patient/1"},
    "valueQuantity": {"value": Decimal("14.10"), "unit": "kg"},
}


def condition(**elements: Any) -> dict[str, Any]:
    return {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, **elements}


def test_a_right_resource_has_no_fault_and_may_hold_decimals() -> None:
    assert faults(OBSERVATION) == []


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({}, "resource: lacks a required property"),
        ({"resourceType": "Patiant"}, "resourceType: is not one of the allowed codes"),
        ({**OBSERVATION, "Jane Doe": 1}, "resource: has a property that R4 does not know"),
        ({**OBSERVATION, "status": "finale"}, "status: is not one of the allowed codes"),
        ({**OBSERVATION, "code": None}, "code: is not of the right JSON type"),
        ({**OBSERVATION, "code": []}, "code: is not of the right JSON type"),
        ({**OBSERVATION, "category": []}, "category: is an empty list"),
        ({**OBSERVATION, "valueString": "x"}, "resource: is given in two forms of a choice"),
        ({**OBSERVATION, "issued": "today"}, "issued: is not written as its type is"),
        ({**OBSERVATION, "code": {"text": ""}}, "code.text: is not written as its type is"),
        ({**OBSERVATION, "id": "x" * 65}, "id: is not written as its type is"),
        (
            {**OBSERVATION, "valueQuantity": {"value": "14.10"}},
            "valueQuantity.value: is not of the right JSON type",
        ),
        (
            {"resourceType": "Patient", "telecom": [{"value": "1"}, {"system": "fone"}]},
            "telecom[1].system: is not one of the allowed codes",
        ),
        (
            {"resourceType": "Patient", "contained": [{"resourceType": "Patient", "gender": "femal"}]},
            "contained[0].gender: is not one of the allowed codes",
        ),
        (condition(clinicalStatus={"text": "active"}), "clinicalStatus: lacks a required property"),
        (
            condition(clinicalStatus={"coding": [{"system": CLINICAL, "code": "actve"}]}),
            "clinicalStatus.coding: has no code of the required value set",
        ),
        (
            condition(clinicalStatus={"coding": [{"system": "urn:x", "code": "active"}]}),
            "clinicalStatus.coding: has no code of the required value set",
        ),
    ],
)
def test_a_fault_names_its_element_and_rule(resource: dict[str, Any], expected: str) -> None:
    assert faults(resource) == [expected]


def test_one_code_of_a_required_value_set_is_enough() -> None:
    codings = [
        {"system": "http://snomed.info/sct", "code": "55561003"},
        {"system": CLINICAL, "code": "active"},
    ]

    assert faults(condition(clinicalStatus={"coding": codings})) == []


def test_a_text_has_at_most_a_mebibyte_of_letters() -> None:
    longest = "A" * 1024 * 1024

    assert faults({**OBSERVATION, "code": {"text": longest}}) == []
    assert faults({**OBSERVATION, "code": {"text": longest + "A"}}) == ["code.text: is longer than R4 allows"]


# "zz" begins the name of no element
@given(st.text(st.characters(categories=["Lu", "Ll"]), min_size=6).map("zz".__add__), st.text(min_size=6))
def test_no_fault_quotes_a_value_or_an_unknown_name(name: str, value: str) -> None:
    resource = {**OBSERVATION, name: value, "status": value, "code": {"text": {name: value}}, "issued": value}

    for fault in faults(resource):
        assert name not in fault.replace("resource", "")
        assert value not in fault


# what the published examples themselves have wrong, or contain of other types
_OTHER_TYPES = "resourceType: is not one of the allowed codes"
_WRONG = {"DiagnosticReport-gingival-mass.json"}


@pytest.mark.skipif(not PACKAGE.exists(), reason="the official examples are not installed (npm ci)")
def test_the_official_examples_have_no_faults() -> None:
    wrong: dict[str, list[str]] = {}
    for file in sorted(PACKAGE.glob("*.json")):
        if file.name.split("-")[0] in TYPES and file.name not in _WRONG:
            found = [f for f in faults(orjson.loads(file.read_bytes())) if not f.endswith(_OTHER_TYPES)]
            wrong |= {file.name: found} if found else {}

    assert wrong == {}
