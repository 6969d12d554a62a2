"""Raw answers become Records: only declared fields, split into the kinds inside them."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from connectors.base import Failure, SourceError
from connectors.digits import Digits
from connectors.records import capabilities, inside, itself, leftover, parts, plain, project
from connectors.system import Kind, System, SystemMistake
from tests.contract.counterpart import system_from


def kind(fields: dict[str, str]) -> Kind:
    return Kind("note", fields, {}, {})


NESTED = kind({"a": "text", "b.c": "date", "d[].e": "text", "f[]": "text", "g": "any", "h[].i[].j": "text"})


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({"a": "x", "z": "secret"}, {"a": "x"}),
        ({"b": {"c": "2020-01-01", "z": "secret"}}, {"b": {"c": "2020-01-01"}}),
        ({"d": [{"e": "1", "z": "secret"}, {"z": "secret"}, {"e": "2"}]}, {"d": [{"e": "1"}, {"e": "2"}]}),
        ({"f": ["x", None, "y"]}, {"f": ["x", "y"]}),
        ({"g": {"deep": [{"er": 1}]}}, {"g": {"deep": [{"er": 1}]}}),
        ({"h": [{"i": [{"j": "1"}, {"z": 2}]}]}, {"h": [{"i": [{"j": "1"}]}]}),
        ({"a": None, "b": {}, "d": [], "f": None}, {}),
        ({"a": False, "f": [0, ""]}, {"a": False, "f": [0, ""]}),
    ],
)
def test_only_declared_fields_are_kept_and_empty_things_vanish(
    raw: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert project(NESTED, raw) == kept


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({"d": {"e": "1"}, "f": "x"}, {"d": [{"e": "1"}], "f": ["x"]}),
        ({"a": ["x"], "b": [{"c": "d"}]}, {"a": "x", "b": {"c": "d"}}),
        ({"a": ["x", "y"]}, {"a": ["x", "y"]}),
    ],
)
def test_one_where_a_list_is_declared_and_a_list_where_one_is_are_understood(
    raw: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert project(NESTED, raw) == kept


def test_an_object_where_a_plain_value_is_declared_brings_nothing_undeclared() -> None:
    assert project(NESTED, {"a": {"secret": 1}, "f": [{"secret": 1}], "b": "secret"}) == {}


def test_the_text_of_an_xml_element_with_attributes_is_its_value() -> None:
    assert project(NESTED, {"a": {"#text": "x", "@unit": "secret"}}) == {"a": "x"}


def test_a_kind_may_declare_the_whole_record() -> None:
    whole = kind({"": "any"})
    raw = {"resourceType": "Patient", "name": [{"given": ["A", None]}]}

    assert project(whole, raw) == raw
    assert leftover(whole, raw) == {}


def test_undeclared_leaves_are_counted_by_their_path() -> None:
    raw = {
        "a": 1,
        "b": {"c": 2, "x": 3},
        "d": [{"e": 1, "q": 2}, {"q": 3}],
        "n": {"m": [{"o": 1}, {"o": None}]},
    }

    assert leftover(NESTED, raw) == {"b.x": 1, "d[].q": 2, "n.m[].o": 1}


def test_what_is_kept_and_what_is_left_over_are_together_the_whole() -> None:
    raw = {"a": {"#text": "x", "@unit": "u"}, "b": "stray", "f": [{"z": 1}]}

    assert leftover(NESTED, raw) == {"a.@unit": 1, "b": 1, "f[].z": 1}


@pytest.mark.parametrize(
    ("value", "as_plain"),
    [
        (date(2020, 2, 29), "2020-02-29"),
        (datetime(2020, 2, 29, 1, 2, 3), "2020-02-29T01:02:03"),
        (Decimal("14.10"), "14.10"),
        (Decimal("1E+2"), "100"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (True, True),
        (7, 7),
        (None, None),
    ],
)
def test_values_are_plain(value: object, as_plain: object) -> None:
    assert plain(value) == as_plain


def test_decimals_stay_decimals_to_those_who_ask() -> None:
    assert isinstance(plain(Decimal("14.10")), Digits)


SCHOOL = """
id = "school"
title = "School"
transport = "json_api"
[kinds.pupil]
path = "/pupils"
person_keys = {upn = "upn", nhs-number = "nhs"}
[kinds.pupil.fields]
id = "text"
[kinds.term]
part_of = "pupil"
path = "years[].terms[]"
where = {"state.code" = "closed"}
carry = {pupil = "id", year = "years[].name", first = "years[0].name"}
[kinds.term.fields]
pupil = "text"
year = "text"
first = "text"
absences = "integer"
[kinds.mark]
part_of = "term"
path = "marks[]"
carry = {term = "name"}
fields = {term = "text", code = "text"}
"""
PUPIL = {
    "id": "p",
    "years": [
        {
            "name": "2024",
            "terms": [{"name": "t1", "state": {"code": "closed"}, "absences": 1, "marks": [{"code": "/"}]}],
        },
        {
            "name": "2025",
            "terms": [
                {"name": "t2", "state": {"code": "closed"}, "absences": 2, "marks": {"code": "N"}},
                {"name": "t3", "state": {"code": "open"}, "absences": 3, "marks": [{"code": "X"}]},
            ],
        },
    ],
}


def school(folder: Path, text: str = SCHOOL) -> System:
    return system_from(folder, text)


def test_one_answer_gives_the_records_of_a_kind_and_of_all_kinds_inside_it(tmp_path: Path) -> None:
    records = [(record.kind, dict(record)) for record in parts(school(tmp_path), "pupil", PUPIL)]

    assert records == [
        ("pupil", {"id": "p"}),
        ("term", {"absences": 1, "pupil": "p", "year": "2024", "first": "2024"}),
        ("mark", {"code": "/", "term": "t1"}),
        ("term", {"absences": 2, "pupil": "p", "year": "2025", "first": "2024"}),
        ("mark", {"code": "N", "term": "t2"}),
    ]


def test_the_whole_and_what_is_inside_it_can_be_had_apart(tmp_path: Path) -> None:
    system = school(tmp_path)
    own = itself(system, "pupil", PUPIL)

    assert own is not None and (own.kind, dict(own)) == ("pupil", {"id": "p"})
    assert [record.kind for record in inside(system, "pupil", PUPIL)] == ["term", "mark", "term", "mark"]


def test_parts_are_asked_for_as_the_whole_that_they_are_in(tmp_path: Path) -> None:
    offered = capabilities(school(tmp_path))

    assert {name: offer.asked_as for name, offer in offered.items()} == {
        "pupil": "pupil",
        "term": "pupil",
        "mark": "pupil",
    }
    assert offered["mark"].person_keys == {"upn", "nhs-number"}


def test_a_kind_without_fields_is_only_an_envelope(tmp_path: Path) -> None:
    system = school(tmp_path, SCHOOL.replace('[kinds.pupil.fields]\nid = "text"\n', ""))

    assert set(capabilities(system)) == {"term", "mark"}
    assert [record.kind for record in parts(system, "pupil", PUPIL)] == ["term", "mark", "term", "mark"]


@pytest.mark.parametrize("raw", [{"years": ["x"]}, {"years": [{"terms": ["x"]}]}, "x", ["x"]])
def test_a_part_that_is_no_object_is_unreadable_and_not_nothing(tmp_path: Path, raw: Any) -> None:
    with pytest.raises(SourceError) as caught:
        list(parts(school(tmp_path), "pupil", raw))

    assert caught.value.failure is Failure.UNREADABLE


def test_a_carried_field_must_be_declared(tmp_path: Path) -> None:
    with pytest.raises(SystemMistake, match=r"kinds\.mark\.carry\.term"):
        list(parts(school(tmp_path, SCHOOL.replace('{term = "text", code', "{code")), "pupil", PUPIL))
