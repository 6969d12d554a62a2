"""Words and numbers: nothing from a source can move a cursor, turn text round, or break a line."""

import pytest

from gateway.viewer.elements import at, concept, each, text_at, words
from gateway.viewer.words import clean, dial, joined, nhs_number, sentences, telephone


def test_an_nhs_number_stands_in_threes_and_a_four() -> None:
    assert nhs_number("9990001375") == "999 000 1375"
    assert nhs_number("999 000 1375") == "999 000 1375"
    assert nhs_number("not a number") == "not a number"


@pytest.mark.parametrize(
    ("written", "read", "dialled"),
    [
        ("01632960111", "01632 960111", "01632960111"),
        ("+44 1632 960111", "01632 960111", "01632960111"),
        ("(01632) 960-111", "01632 960111", "01632960111"),
        ("960150", "960150", ""),
        ("ext. 12", "ext. 12", ""),
        ("javascript:alert(1)", "javascript:alert(1)", ""),
    ],
)
def test_a_telephone_is_grouped_and_only_a_real_one_can_be_dialled(
    written: str, read: str, dialled: str
) -> None:
    assert telephone(written) == read
    assert dial(read) == dialled


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u2066", "\x1b[31m", "\x07", "\u200f", "\ufeff", "\x9b", "\ud800"]
)
def test_a_control_or_direction_character_is_replaced_by_a_visible_mark(sign: str) -> None:
    shown = clean(f"Ma{sign}ya")

    assert "\ufffd" in shown
    assert sign[0] not in shown


def test_several_things_are_joined_as_one_says_them() -> None:
    assert joined([]) == ""
    assert joined(["a"]) == "a"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert sentences(["Discharged home", "She slept.", " "]) == "Discharged home. She slept."


WRONG_SHAPES: list[object] = [
    None,
    7,
    "text",
    [],
    {},
    [None],
    {"coding": "x"},
    {"coding": [7]},
    {"text": {"a": 1}},
    [[]],
]


@pytest.mark.parametrize("wrong", WRONG_SHAPES)
def test_an_element_of_the_wrong_shape_reads_as_missing(wrong: object) -> None:
    holder = {"code": wrong, "period": wrong, "name": wrong}

    assert concept(wrong) == "" or isinstance(concept(wrong), str)
    assert isinstance(text_at(holder, "code.coding.code"), str)
    assert at(holder, "period.start.x") is None
    assert isinstance(each(holder, "name.given"), tuple)
    assert isinstance(words(holder, "name.given"), tuple)
