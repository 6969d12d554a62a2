"""Whose record it is, and which identifiers it supplies: read from a system file's own lines."""

from typing import Any

import pytest

from connectors.system import Kind
from gateway.federation.ownership import holds, owned, supplied

NHS = "https://fhir.nhs.uk/Id/nhs-number"


def kind(owner: dict[str, str] | None = None, identifiers: dict[str, Any] | None = None) -> Kind:
    return Kind("record", {}, {}, {"identifiers": identifiers or {}}, owner=owner or {})


def is_owned(record: dict[str, Any], owner: dict[str, str], **known: str) -> bool:
    names = {name.replace("_", "-"): frozenset({value}) for name, value in known.items()}
    return owned(kind(owner), record, names)


@pytest.mark.parametrize("record", [
    {"subject": {"reference": "Patient/12"}},
    {"subject": {"reference": "https://fhir.example/r4/Patient/12"}},
    {"subject": {"reference": "Patient/12/_history/3"}},
    {"subject": {"reference": "urn:uuid:12"}},
    {"subject": {"reference": "12"}},
    {"subject": [{"reference": "Patient/12"}, {"reference": "Patient/12"}]},
])  # fmt: skip
def test_a_reference_to_the_child_is_the_childs(record: dict[str, Any]) -> None:
    assert is_owned(record, {"local": "subject.reference"}, local="12")


@pytest.mark.parametrize("record", [
    {},
    {"subject": {}},
    {"subject": {"reference": ""}},
    {"subject": {"reference": None}},
    {"subject": {"reference": "Patient/13"}},
    {"subject": {"reference": "Patient/112"}},
    {"subject": {"reference": "Group/12"}},
    {"subject": {"reference": "Patient/12/_history/12/"}},
    {"subject": {"reference": "Patient/13/_history/12"}},
    {"subject": {"reference": "Patient/13?x=Patient/12"}},
    {"subject": {"display": "Patient/12"}},
])  # fmt: skip
def test_any_other_reference_is_not(record: dict[str, Any]) -> None:
    assert not is_owned(record, {"local": "subject.reference"}, local="12")


def test_every_value_that_a_list_states_must_be_the_childs() -> None:
    owner = {"nhs-number": "entity[].what.identifier.value"}
    both = {"entity": [{"what": {"identifier": {"value": n}}} for n in ("9990001375", "9990002746")]}

    assert not is_owned(both, owner, nhs_number="9990001375")
    assert is_owned({"entity": both["entity"][:1]}, owner, nhs_number="9990001375")


def test_every_owner_that_a_record_states_must_be_the_child() -> None:
    owner = {"nhs-number": "nhs", "local": "id"}

    assert is_owned({"nhs": "999 000 1375", "id": "12"}, owner, nhs_number="9990001375", local="12")
    assert not is_owned({"nhs": "9990001375", "id": "13"}, owner, nhs_number="9990001375", local="12")
    assert not is_owned({"nhs": "9990002746", "id": "12"}, owner, nhs_number="9990001375", local="12")


def test_an_owner_by_a_number_that_is_not_known_neither_proves_nor_disproves() -> None:
    owner = {"nhs-number": "nhs", "local": "id"}

    assert is_owned({"nhs": "9990001375", "id": "12"}, owner, nhs_number="9990001375")
    assert not is_owned({"id": "12"}, owner, nhs_number="9990001375")


def test_a_number_with_a_slash_is_compared_whole() -> None:
    assert is_owned({"id": "2019/12"}, {"local": "id"}, local="2019/12")
    assert not is_owned({"id": "2018/12"}, {"local": "id"}, local="2019/12")
    assert not is_owned({"id": "2018/12"}, {"local": "id"}, local="12")


def test_an_empty_number_is_nobodys() -> None:
    assert not is_owned({"id": ""}, {"local": "id"}, local="")
    assert not is_owned({"id": " "}, {"local": "id"}, local=" ")


def test_a_record_that_need_not_state_its_owner_is_taken() -> None:
    assert is_owned({"anything": 1}, {})


def test_a_number_is_supplied_only_from_the_element_that_says_it_is_one() -> None:
    """A FHIR Patient lists many identifiers; the first is not the NHS number."""
    rule = {"field": "identifier[].value", "where": {"identifier[].system": [NHS]}}
    record = {
        "identifier": [
            {"system": "https://hospital.example/Id", "value": "H1"},
            {"system": NHS, "value": "999 000 1375"},
            {"system": NHS},
        ]
    }

    assert supplied(kind(identifiers={"nhs-number": rule}), record) == {"nhs-number": "9990001375"}
    assert supplied(kind(identifiers={"nhs-number": rule}), {"identifier": record["identifier"][:1]}) == {}


def test_a_number_that_is_no_longer_valid_is_not_supplied() -> None:
    rule = {"field": "value", "where": {"type": ["Unique Pupil Number"]}, "without": ["valid_to"]}
    row = {"value": "A1", "type": "Unique Pupil Number"}

    assert supplied(kind(identifiers={"upn": rule}), row) == {"upn": "A1"}
    assert supplied(kind(identifiers={"upn": rule}), {**row, "valid_to": None}) == {"upn": "A1"}
    assert supplied(kind(identifiers={"upn": rule}), {**row, "valid_to": "2020-01-01"}) == {}
    assert supplied(kind(identifiers={"upn": rule}), {**row, "type": "Former UPN"}) == {}


def test_validity_inside_a_list_is_judged_element_by_element() -> None:
    rule = {"field": "ids[].value", "where": {"ids[].type": ["upn"]}, "without": ["ids[].ended"]}
    record = {"ids": [{"type": "upn", "value": "old", "ended": "x"}, {"type": "upn", "value": "new"}]}

    assert supplied(kind(identifiers={"upn": rule}), record) == {"upn": "new"}


def test_a_condition_outside_the_list_is_judged_on_the_whole_record() -> None:
    rule = {
        "field": "ids[].value",
        "where": {"active": ["true"], "ids[].type": ["upn"]},
        "without": ["merged"],
    }
    record = {"active": "true", "ids": [{"type": "upn", "value": "A1"}]}

    assert supplied(kind(identifiers={"upn": rule}), record) == {"upn": "A1"}
    assert supplied(kind(identifiers={"upn": rule}), {**record, "active": "false"}) == {}
    assert supplied(kind(identifiers={"upn": rule}), {**record, "merged": "yes"}) == {}


@pytest.mark.parametrize("value", [None, "", "  ", {"a": 1}, []])
def test_nothing_is_supplied_where_nothing_is_said(value: object) -> None:
    assert supplied(kind(identifiers={"local": "id"}), {"id": value}) == {}


def test_a_condition_holds_when_any_of_its_texts_is_there() -> None:
    record = {"status": ["draft", "active"], "end": None}

    assert holds({"status[]": ["active", "on-hold"]}, ("end",), record)
    assert not holds({"status[]": ["revoked"]}, (), record)
    assert not holds({}, ("status[]",), record)
