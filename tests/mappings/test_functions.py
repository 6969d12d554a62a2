"""Each function of mappings by its examples: form of the value, expression, record, and what comes out."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mappings import Unmappable
from mappings.functions import FUNCTIONS
from mappings.run import PlainContext
from tests.mappings.riverside import compiled

BLOCKS = [{"k": "a", "v": "1"}, {"k": "b", "v": "2"}, {"k": "a", "v": "3"}]
ABUSE = "https://wholechild.example/fhir/CodeSystem/cs-abuse"
NOT_TEXT = {"a": 1, "b": {"c": ["x", "y"]}}

# (value[x] of an extension, or a list of strings; expression; the record; the value)
EXAMPLES: list[tuple[str, str, dict[str, Any], Any]] = [
    ("list", "middle | words", {"middle": " Rose  Ann "}, ["Rose", "Ann"]),
    ("list", "middle | split ;", {"middle": "a; ;b"}, ["a", "b"]),
    ("String", "tags | join ', '", {"tags": ["a", "", "b"]}, "a, b"),
    ("String", "tags | join", {"tags": ["a", "b"]}, "a b"),
    ("String", "tags | first", {"tags": ["a", "b"]}, "a"),
    ("String", "tags | last", {"tags": ["a", "b"]}, "b"),
    ("list", "middle | words | rest", {"middle": "a b c"}, ["b", "c"]),
    ("list", "middle | words | rest", {"middle": "a"}, None),
    ("list", "tags | unique", {"tags": ["a", "b", "a"]}, ["a", "b"]),
    ("Integer", "phones | count", {"phones": [{}, {"no": "1"}]}, 1),
    ("Integer", "phones | count", {}, 0),
    ("list", "other | where k a | get v", {"other": BLOCKS}, ["1", "3"]),
    ("list", "other | where k a b | get v", {"other": BLOCKS}, ["1", "2", "3"]),
    ("list", "other | where k c | get v", {"other": BLOCKS}, None),
    ("list", "other | where-not k a | get v", {"other": BLOCKS}, ["2"]),
    ("String", "phones | where type MOB | first | get no", {"phones": [{"type": "MOB", "no": "1"}]}, "1"),
    ("list", "other | get b.c[]", {"other": NOT_TEXT}, ["x", "y"]),
    ("list", "home | values town street", {"home": {"street": "s", "town": "t"}}, ["t", "s"]),
    ("list", "home | values town street", {"home": {"street": "s"}}, ["s"]),
    ("String", "surname | or forename middle", {"middle": "M"}, "M"),
    ("String", "surname | or forename", {"surname": "S", "forename": "F"}, "S"),
    ("list", "surname | with forename tags", {"surname": "S", "tags": ["a", "b"]}, ["S", "a", "b"]),
    ("list", "surname | with forename", {"forename": "F"}, ["F"]),
    ("String", "surname | else unknown", {}, "unknown"),
    ("Boolean", "sex | equals M", {"sex": "M"}, True),
    ("Boolean", "sex | equals M", {}, False),
    ("Boolean", "sex | not-equals M", {}, True),
    ("Boolean", "sex | not-equals M", {"sex": "M"}, False),
    ("Boolean", "sex | differs-from surname", {"sex": "M", "surname": "X"}, True),
    ("Boolean", "sex | differs-from surname", {"sex": "M", "surname": "M"}, False),
    ("Boolean", "sex | differs-from surname", {"sex": "M"}, False),
    ("Boolean", "sex | one-of M F", {"sex": "F"}, True),
    ("Boolean", "tags | one-of M F", {"tags": ["X", "F"]}, True),
    ("Boolean", "sex | not-one-of M F", {"sex": "F"}, False),
    ("Boolean", "sex | not-one-of M F", {}, True),
    ("Boolean", "sex | present", {"sex": "F"}, True),
    ("Boolean", "sex | absent", {"sex": "F"}, False),
    ("Boolean", "sex | absent", {"sex": " "}, True),
    ("Boolean", "surname | contains ka", {"surname": "Okafor"}, True),
    ("Boolean", "surname | starts-with ka", {"surname": "Okafor"}, False),
    ("Boolean", "age | at-least 18", {"age": 18}, True),
    ("Boolean", "kg | at-least 3.5", {"kg": "3.49"}, False),
    ("Boolean", "age | at-most 17", {"age": "18"}, False),
    ("Boolean", "sex | yes-no", {"sex": "yes"}, True),
    ("Boolean", "sex | yes-no", {"sex": 0}, False),
    ("Boolean", "active | not", {"active": True}, False),
    ("String", "active | then on off", {"active": False}, "off"),
    ("String", "active | then on", {"active": False}, None),
    ("String", "active | then on off", {}, None),
    ("String", "sex | absent-then open closed", {}, "open"),
    ("String", "sex | absent-then open closed", {"sex": "x"}, "closed"),
    ("String", "sex | present-then open", {}, None),
    ("String", "sex | equals-then M man other", {"sex": "M"}, "man"),
    ("String", "sex | equals-then M man other", {}, "other"),
    ("String", "sex | keep M F", {"sex": "X"}, None),
    ("String", "sex | keep M F", {"sex": "F"}, "F"),
    ("String", "sex | drop NULL '#N/A'", {"sex": "#N/A"}, None),
    ("String", "sex | drop NULL", {"sex": "F"}, "F"),
    ("String", "id | prefix urn:x:", {}, "urn:x:1"),
    ("String", "id | suffix '/x'", {}, "1/x"),
    ("Uri", "surname | uri-prefix https://x/", {"surname": "a b/c"}, "https://x/a%20b%2Fc"),
    ("String", "surname | upper", {"surname": "o'hara"}, "O'HARA"),
    ("String", "surname | lower", {"surname": "O'HARA"}, "o'hara"),
    ("String", "surname | capitals", {"surname": "MARY-ANN o'hara"}, "Mary-Ann O'hara"),
    ("String", "surname | slice 1 3", {"surname": "abcd"}, "bc"),
    ("String", "surname | slice 9", {"surname": "abcd"}, None),
    ("String", "surname | before )", {"surname": "b) Female"}, "b"),
    ("String", "surname | before )", {"surname": "Female"}, "Female"),
    ("String", "surname | after )", {"surname": "b) Female"}, "Female"),
    ("String", "surname | after )", {"surname": "Female"}, None),
    ("String", "surname | replace _ ' '", {"surname": "a_b"}, "a b"),
    ("String", "surname | remove ( )", {"surname": "(a)"}, "a"),
    ("String", "surname | digits", {"surname": "0163-2 a"}, "01632"),
    ("String", "surname | postcode", {"surname": "zz991ab"}, "ZZ99 1AB"),
    ("String", "surname | postcode", {"surname": "abroad"}, "abroad"),
    ("String", "surname | format '{} (name)'", {"surname": "A"}, "A (name)"),
    ("String", "surname | with forename | format '{}, {}'", {"surname": "A", "forename": "B"}, "A, B"),
    ("Decimal", "surname | number", {"surname": "007.10"}, Decimal("7.10")),
    ("Decimal", "surname | decimal", {"surname": "-1.50"}, Decimal("-1.50")),
    ("Integer", "surname | integer", {"surname": "007"}, 7),
    ("Decimal", "age | percent-of kg", {"age": 1, "kg": "3"}, Decimal("33.3")),
    ("Decimal", "age | percent-of kg", {"age": 1, "kg": "0"}, None),
    ("Date", "surname | date", {"surname": "2022-03-05 00:00:00"}, "2022-03-05"),
    ("Date", "surname | uk-date", {"surname": "5/3/2022"}, "2022-03-05"),
    ("Date", "surname | compact-date", {"surname": "20220305"}, "2022-03-05"),
    ("DateTime", "surname | datetime", {"surname": "2022-06-05T10:00"}, "2022-06-05T10:00:00+01:00"),
    ("DateTime", "surname | uk-datetime", {"surname": "05/03/2022 10:00"}, "2022-03-05T10:00:00+00:00"),
    ("DateTime", "surname | compact-datetime", {"surname": "202203051000"}, "2022-03-05T10:00:00+00:00"),
    ("Instant", "surname | instant", {"surname": "2022-03-05T10:00:00Z"}, "2022-03-05T10:00:00+00:00"),
    ("Time", "surname | time", {"surname": "9:05"}, "09:05:00"),
    ("String", "nhs_no | nhs-number", {"nhs_no": "999 000-1375"}, "9990001375"),
    ("String", "surname | upn", {"surname": "a80120000400 1"}, "A801200004001"),
    ("Code", "sex | code sex", {"sex": "M"}, "male"),
    ("Code", "sex | code sex", {"sex": "?"}, "unknown"),
    ("String", "sex | display category", {"sex": "NEG"}, "Neglect"),
    ("Boolean", "sex | in-map sex", {"sex": "?"}, False),
    ("String", "sex | known sex", {"sex": "?"}, None),
    ("String", "sex | known sex", {"sex": "M"}, "M"),
    ("Reference", "nurse_id | ref Practitioner", {"nurse_id": "7"}, {"reference": "Practitioner/7"}),
    ("Reference", "nurse_id | ref", {"nurse_id": "Flag/7"}, {"reference": "Flag/7"}),
    ("Reference", ". | subject", {}, {"reference": "Patient/example"}),
    ("String", "json | json a.b", {"json": '{"a": {"b": "x"}}'}, "x"),
    ("Decimal", "json | json a", {"json": '{"a": 1.50}'}, Decimal("1.50")),
    ("list", "json | json", {"json": '["x", "y"]'}, ["x", "y"]),
    ("list", "json | json | flags", {"json": '{"A": "Y", "B": "N", "C": "", "D": true}'}, ["A", "D"]),
    ("String", "json | try json a", {"json": "{"}, None),
    ("Code", "sex | known sex | code sex", {"sex": "M"}, "male"),
    ("Code", "sex | known sex | code sex", {"sex": "X"}, None),
    (
        "String",
        "surname | xhtml",
        {"surname": "a < b"},
        '<div xmlns="http://www.w3.org/1999/xhtml">a &lt; b</div>',
    ),
]


def result(folder: Path, form: str, expression: str, record: dict[str, Any]) -> Any:
    """What the expression gives, as the value of an extension or as a list of given names."""
    element = f'name: [{{given: "= {expression}"}}]'
    if form != "list":
        element = f'extension: [{{url: urn:x, value{form}: "= {expression}"}}]'
    made = compiled(folder, f"resourceType: Patient\n{element}").make({"id": "1", **record}, PlainContext())
    assert made is not None
    if form == "list":
        return made.resource.get("name", [{}])[0].get("given")
    return made.resource.get("extension", [{}])[0].get(f"value{form}")


@pytest.mark.parametrize(("form", "expression", "record", "value"), EXAMPLES)
def test_a_function_gives_what_its_example_says(
    tmp_path: Path, form: str, expression: str, record: dict[str, Any], value: Any
) -> None:
    assert result(tmp_path, form, expression, record) == value


def test_every_function_has_an_example_and_a_meaning() -> None:
    shown = {part.split()[0] for _, e, _, _ in EXAMPLES for part in e.split("|")[1:]}

    assert set(FUNCTIONS) - shown == set()
    assert [f.name for f in FUNCTIONS.values() if f.meaning[-1:] not in (".", "?")] == []


@pytest.mark.parametrize(
    ("form", "expression", "record"),
    [
        ("Boolean", "sex | yes-no", {"sex": "perhaps"}),
        ("Decimal", "surname | number", {"surname": "1,000"}),
        ("Decimal", "surname | number", {"surname": "NaN"}),
        ("Decimal", "active | number", {"active": True}),
        ("Integer", "surname | integer", {"surname": "2147483648"}),
        ("String", "surname | with forename | format '{}'", {"surname": "a", "forename": "b"}),
        ("String", "json | json a", {"json": "{"}),
        ("Reference", "nurse_id | ref Practitioner", {"nurse_id": "Flag/7"}),
        ("Reference", "nurse_id | ref", {"nurse_id": "7"}),
        ("String", "other | upper", {"other": {"a": 1}}),
        ("String", "other", {"other": ["a", "b"]}),
        ("list", "json | json | flags", {"json": "[1]"}),
        ("Instant", "surname | instant", {"surname": "2022-03-05"}),
    ],
)
def test_a_function_refuses_what_it_cannot_read(
    tmp_path: Path, form: str, expression: str, record: dict[str, Any]
) -> None:
    with pytest.raises(Unmappable):
        result(tmp_path, form, expression, record)


@pytest.mark.parametrize(
    ("code", "concept"),
    [
        ("NEG", {"coding": [{"system": ABUSE, "code": "neglect", "display": "Neglect"}]}),
        ("UNK", {"text": "Not known"}),
        ("odd", {"text": "odd"}),
        ("HUSH", None),
    ],
)
def test_a_code_becomes_a_concept_by_the_rule_of_its_map(tmp_path: Path, code: str, concept: Any) -> None:
    assert result(tmp_path, "CodeableConcept", "sex | code category", {"sex": code}) == concept


def test_a_concept_takes_all_codings_of_its_code_and_its_text(tmp_path: Path) -> None:
    made = result(tmp_path, "CodeableConcept", "sex | code category", {"sex": "BOTH"})

    assert [c["code"] for c in made["coding"]] == ["neglect", "1"]
    assert made["text"] == "Neglect and harm"
    assert result(tmp_path, "Coding", "sex | code category", {"sex": "BOTH"})["code"] == "neglect"


def test_a_code_that_its_map_does_not_know_is_counted_and_refused_under_the_rule_error(
    tmp_path: Path,
) -> None:
    mapping = compiled(tmp_path, "resourceType: Patient\ngender: = sex | code strict")
    context = PlainContext()

    with pytest.raises(Unmappable, match="sex: a code that 'strict' does not know"):
        mapping.make({"id": "1", "sex": "?"}, context)

    assert context.codes == {("strict", "?"): 1}
