"""The terminal says the same as the page, under the same rules."""

from gateway.viewer import text
from tests.viewer import maya


def test_the_terminal_tells_scenario_a() -> None:
    shown = text.render(maya.shown())

    assert shown.startswith("OAKLEY, Maya (Miss)  Born 14-Mar-2022 (4y)  Gender Female  NHS No. 999 000 1375")
    for line in (
        "4 of 5 agencies answered at 02:07. Northshire Police: no answer after 6 seconds.",
        "Nothing is known either way.",
        "ALERTS - INCOMPLETE  (1 agency not known)",
        "Out of hours - use now 01632 960111. Office, in working hours 01632 960110",
        "Police information: not known - no answer",
        "“I like it at Nana’s. She does my hair. I don’t like the shouting.”",
        "J. Patel (lead), Social worker, Northtown Council",
        "No allergies recorded by Millbrook Surgery as at 21-Nov 18:00",
        "Not known - Northshire Police did not answer.",
    ):
        assert " ".join(line.split()) in " ".join(shown.split())


def test_no_line_is_wider_than_asked_for_and_no_number_is_broken() -> None:
    shown = text.render(maya.shown(), width=80)

    assert max(map(len, shown.splitlines())) <= 80
    for number in ("01632 960111", "01632 960140", "999 000 1375"):
        assert any(number in line for line in shown.splitlines())


def test_nothing_is_known_either_way_stands_on_one_line() -> None:
    for width in range(60, 110, 7):
        assert "othing is known either way" in text.render(maya.shown(), width).replace("\n  ", "\n")


def test_each_source_is_told_as_it_answers_and_once() -> None:
    first = maya.shown(maya.waiting("northshire-police", "millbrook-gp"))
    later = maya.shown(maya.waiting("northshire-police"))

    assert [said.name for said in text.newly(first, later)] == ["Millbrook Surgery"]
    assert text.newly(later, later) == ()
    assert text.arrived(text.newly(first, later)[0]) == "+ Millbrook Surgery: Answered, 3 items."
    assert len(text.newly(None, later)) == len(later.sources) - 1


def test_a_source_that_did_not_answer_is_told_with_its_number() -> None:
    told = text.arrived(text.newly(maya.shown(maya.waiting("northshire-police")), maya.shown())[0])

    assert (
        told
        == "? Northshire Police: No answer after 6 seconds. Nothing is known either way. Phone 01632 960140."
    )
