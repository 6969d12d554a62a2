"""The source strip: who is counted, what the sentence says, and what each cell says.

The counting rule is that of scenario A, part 2.
"""

from dataclasses import replace

import pytest

from gateway.federation.receipt import Line, State
from gateway.viewer.status import status
from gateway.viewer.strip import Status
from tests.viewer import maya
from tests.viewer.building import NOW, SATURDAY, line


def strip(*lines: Line, finished: bool = True) -> Status:
    return status(replace(maya.VIEW, lines=lines, finished=finished), NOW)


def test_scenario_a_says_four_of_five_and_that_nothing_is_known_of_the_police() -> None:
    assert maya.shown().status.sentence == (
        "4 of 5 agencies answered at 02:07. Northshire Police: no answer after 6 seconds. "
        "Nothing is known either way."
    )


def test_once_the_police_answer_five_of_five_have_and_nothing_more_is_said() -> None:
    assert maya.shown(maya.answered()).status.sentence == "5 of 5 agencies answered at 02:07."


def test_two_sources_of_one_agency_count_once() -> None:
    assert strip(maya.CP_IS, maya.CSC).counted == "1 of 1 agency answered at 02:07."


def test_an_agency_with_one_source_failed_has_not_answered() -> None:
    failed = replace(maya.CP_IS, state=State.TIMED_OUT, seconds=4.0, items=0)

    assert strip(failed, maya.CSC).sentence == (
        "0 of 1 agency answered at 02:07. CP-IS: no answer after 4 seconds. Nothing is known either way."
    )


@pytest.mark.parametrize(
    "state", [State.NOT_ASKED, State.NOT_CONNECTED, State.IDENTITY_UNMATCHED, State.ANSWERED_NONE]
)
def test_agencies_that_were_not_asked_or_do_not_know_the_child_are_not_counted(state: State) -> None:
    other = line("hill-road", "Hill Road Primary", "school", state)

    assert strip(maya.GP, other).counted == "1 of 1 agency answered at 02:07."


def test_the_identity_service_is_no_agency() -> None:
    assert strip(maya.PDS, maya.GP).counted == "1 of 1 agency answered at 02:07."


def test_while_agencies_are_asked_the_sentence_says_who_and_claims_no_time() -> None:
    page = maya.shown(maya.waiting("northshire-police", "northshire-community"))

    assert page.status.sentence == (
        "3 of 5 agencies have answered. Still asking community health and the police."
    )


FAILURES = [
    (replace(maya.POLICE, state=State.ERROR, reference="4711"), "the answer could not be read (error 4711)"),
    (replace(maya.POLICE, state=State.PAUSED), "this agency has paused sharing"),
    (replace(maya.POLICE, items=9), "answered in part: 9 items, then no more"),
    (replace(maya.POLICE, since=SATURDAY), "not asked again since 18:00, when it did not answer"),
]


@pytest.mark.parametrize(("failed", "says"), FAILURES)
def test_each_failure_is_named_in_the_sentence(failed: Line, says: str) -> None:
    found = strip(maya.GP, failed)

    assert found.bad == f"Northshire Police: {says}."
    assert "Nothing is known either way." in found.tail
    assert found.look == "unknown"


def test_an_older_copy_counts_as_an_answer_and_says_how_old_it_is() -> None:
    stale = replace(maya.GP, state=State.STALE)

    assert strip(stale).sentence == (
        "1 of 1 agency answered at 02:07. Millbrook Surgery: answered with an older copy (21-Nov 18:00). "
        "Anything newer than that is not known."
    )


def test_when_no_agency_could_be_asked_nothing_is_known() -> None:
    assert strip(maya.NURSERY).sentence == (
        "No agency could be asked about this child. Nothing is known either way."
    )


CELLS = [
    (maya.GP, "3 items, as at Sat 18:00", "ok"),
    (replace(maya.GP, items=0, state=State.ANSWERED_NONE), "Answered, as at Sat 18:00", "ok"),
    (replace(maya.GP, state=State.ANSWERED_WITHHELD), "3 items, some held back", "held-back"),
    (replace(maya.GP, state=State.NOT_ASKED), "Not asked", "off"),
    (maya.NURSERY, "Not connected", "off"),
    (replace(maya.GP, state=State.STALE), "Copy from 21-Nov 18:00", "stale"),
    (replace(maya.GP, state=State.PAUSED), "Sharing paused", "paused"),
    (replace(maya.GP, state=State.IDENTITY_UNMATCHED), "Could not match", "unknown"),
    (maya.POLICE, "No answer after 6 s", "unknown"),
    (replace(maya.POLICE, state=State.ERROR), "Could not be read", "unknown"),
    (replace(maya.POLICE, items=9), "In part: 9 items", "unknown"),
    (replace(maya.POLICE, pending=True), "Asking now", "asking"),
]


@pytest.mark.parametrize(("one", "text", "look"), CELLS)
def test_each_state_has_its_own_words_and_look(one: Line, text: str, look: str) -> None:
    cell = strip(one).cells[0]

    assert (cell.text, cell.look) == (text, look)


def test_cells_keep_their_place_and_number_while_answers_come() -> None:
    before = maya.shown(maya.waiting("northshire-police", "northtown-csc", "cp-is")).status.cells
    after = maya.shown(maya.answered()).status.cells

    assert [cell.key for cell in before] == [cell.key for cell in after]


def test_agencies_never_asked_share_one_cell_when_there_are_many() -> None:
    absent = [line(f"a{n}", f"Council {n}", "social-care", State.NOT_CONNECTED) for n in range(5)]
    found = strip(*maya.LINES[:7], *absent)

    assert found.cells[-1].label == "5 more agencies"
    assert len(found.cells) == 6


def test_two_agencies_of_one_kind_go_by_their_names() -> None:
    other = line("southwold-csc", "Southwold Vale Council", "social-care", State.IDENTITY_UNMATCHED)

    assert [cell.label for cell in strip(maya.CSC, other).cells] == [
        "Northtown Council",
        "Southwold Vale Council",
    ]


def test_the_only_hospital_not_matching_the_child_is_said_though_not_counted() -> None:
    unmatched = replace(maya.HOSPITAL, state=State.IDENTITY_UNMATCHED, items=0)

    assert strip(maya.GP, unmatched).sentence == (
        "1 of 1 agency answered at 02:07. Northtown General: could not match this child in their system. "
        "Nothing is known either way."
    )


def test_another_hospital_not_matching_the_child_is_left_to_the_list() -> None:
    other = line("eastmere-general", "Eastmere General", "hospital", State.IDENTITY_UNMATCHED)

    assert strip(maya.HOSPITAL, other).sentence == "1 of 1 agency answered at 02:07."
