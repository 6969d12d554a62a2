"""The alerts box: what may not be missed, whom to ring now, and whether it is whole."""

from dataclasses import replace
from datetime import datetime

import pytest

from gateway.federation.receipt import State
from gateway.federation.view import View
from gateway.viewer.model import page
from gateway.viewer.parts import Alerts
from tests.viewer import maya
from tests.viewer.building import LONDON, NOW, REDACTED, Made, display, line, period, resource, said


def box(*resources: Made, view: View = maya.VIEW) -> Alerts:
    return maya.shown(replace(view, resources=resources)).alerts


def plan(origin: str, start: str, end: str = "", category: str = "", **more: object) -> Made:
    kinds = [said("Child protection plan", "CPPI"), *([said(category)] if category else [])]
    fields = {"status": "active", "category": kinds, "period": period(start, end), **more}
    return resource("CarePlan", "child-protection-plan", origin, **fields)


def test_scenario_a_shows_one_plan_with_both_its_sources_and_the_night_number_first() -> None:
    found = maya.shown().alerts

    assert found.title == "Alerts - incomplete"
    assert [alert.title for alert in found.alerts] == ["Child protection plan"]
    alert = found.alerts[0]
    assert alert.lines == (
        "Category Neglect, from 02-Sep-2026 (11 weeks).",
        "Northtown Council. Lead J. Patel, since 05-Aug-2026.",
    )
    assert [mark.place for mark in alert.marks] == ["CP-IS", "Northtown Council"]
    assert alert.phones is not None
    assert (alert.phones.first_label, alert.phones.first) == ("Out of hours - use now", "01632 960111")
    assert alert.phones.second == "01632 960110"


def test_on_a_working_morning_the_office_number_is_the_one_to_use() -> None:
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)
    alert = page(maya.VIEW, maya.DR_SEN, monday, maya.PLACE).alerts.alerts[0]

    assert alert.phones is not None
    assert (alert.phones.first_label, alert.phones.first) == ("Office - use now", "01632 960110")


def test_police_information_is_not_known_with_their_number() -> None:
    note = maya.shown().alerts.notes[0]

    assert note.title == "Police information: not known - no answer"
    assert note.text == "Nothing is known either way. Try again, or phone."
    assert note.phone == "01632 960140"


def test_once_the_police_have_answered_the_alerts_are_whole() -> None:
    found = maya.shown(maya.answered()).alerts

    assert (found.title, found.tag, found.notes) == ("Alerts", "", ())


def test_who_looked_before_is_named_by_role_and_organisation_newest_first() -> None:
    assert [(seen.when, seen.who) for seen in maya.shown().alerts.seen] == [
        ("12-Nov-2026 09:14", "Health Visitor, Northshire Community Health"),
        ("09-Nov-2026 22:40", "ED Nurse, Northtown General"),
        ("03-Sep-2026", "Paediatric Liaison, Northtown General"),
    ]


def test_a_plan_that_ended_within_twelve_months_is_an_alert_and_says_so() -> None:
    found = box(plan("cp-is", "2026-01-10", "2026-05-14", author=display("Eastmere Council")))

    assert found.alerts[0].title == "Child protection plan ended 14-May-2026"
    assert found.alerts[0].lines[-2:] == ("Eastmere Council.", "Ended within the last 12 months.")


def test_a_plan_that_ended_longer_ago_is_no_alert_but_stands_among_the_plans() -> None:
    view = replace(maya.VIEW, resources=(plan("northtown-csc", "2024-01-10", "2025-05-14"),))
    shown = maya.shown(view)

    assert shown.alerts.alerts == ()
    assert [item.title for item in shown.plans.items] == ["Child protection plan"]


def test_plans_whose_categories_differ_stand_side_by_side() -> None:
    found = box(
        plan("cp-is", "2026-09-02", category="Neglect"),
        plan("northtown-csc", "2026-09-02", category="Emotional"),
    )

    assert [alert.category for alert in found.alerts] == ["Category Neglect", "Category Emotional"]


def test_alerts_are_ranked_by_kind_and_five_stand_at_first_sight() -> None:
    allergies = [
        resource("AllergyIntolerance", "allergy", "millbrook-gp", code=said(name), criticality="high")
        for name in ("penicillin", "peanut", "latex", "egg", "aspirin")
    ]
    found = box(*allergies, plan("cp-is", "2026-09-02"))

    assert [alert.kind for alert in found.alerts] == ["child-protection-plan", *["allergy"] * 4]
    assert len(found.more) == 1


def test_a_refuted_allergy_is_no_alert() -> None:
    refuted = {"coding": [{"code": "refuted"}]}
    found = box(
        resource(
            "AllergyIntolerance", "allergy", "millbrook-gp", code=said("egg"), verificationStatus=refuted
        )
    )

    assert found.alerts == ()


def test_a_child_who_is_missing_now_is_an_alert_and_one_who_came_back_is_not() -> None:
    now = resource(
        "Encounter", "missing-episode", "northtown-csc", status="in-progress", period=period("2026-11-21")
    )
    back = {**now, "id": "other", "status": "finished", "period": period("2026-10-03", "2026-10-04")}

    assert [alert.title for alert in box(now, back).alerts] == ["Missing now"]


def test_an_alert_with_something_held_back_says_whom_to_ask() -> None:
    found = box(plan("northtown-csc", "2026-09-02", security=[REDACTED]))

    assert found.alerts[0].held_back == "Some of this is held back: phone social care 01632 960111"


def test_no_plan_is_said_only_when_child_protection_information_answered_fully() -> None:
    nothing = replace(maya.CP_IS, state=State.ANSWERED_NONE, items=0)
    view = replace(maya.VIEW, lines=maya.swapped(maya.LINES, nothing), resources=())

    assert maya.shown(view).alerts.answered == "No child protection plan. CP-IS answered 02:07."


@pytest.mark.parametrize(
    "state",
    [State.TIMED_OUT, State.ERROR, State.PAUSED, State.STALE, State.ANSWERED_WITHHELD, State.NOT_ASKED],
)
def test_no_plan_is_never_said_otherwise(state: State) -> None:
    silent = replace(maya.CP_IS, state=state, items=0)
    view = replace(maya.VIEW, lines=maya.swapped(maya.LINES, silent), resources=())

    assert maya.shown(view).alerts.answered == ""


def test_another_council_that_does_not_know_the_child_leaves_the_alerts_whole() -> None:
    other = line("southwold-csc", "Southwold Vale Council", "social-care", State.IDENTITY_UNMATCHED)
    view = replace(maya.answered(), lines=(*maya.answered().lines, other))

    assert maya.shown(view).alerts.title == "Alerts"


def test_the_only_council_not_matching_leaves_them_incomplete() -> None:
    unmatched = replace(maya.CSC, state=State.IDENTITY_UNMATCHED, items=0)
    view = replace(maya.answered(), lines=maya.swapped(maya.answered().lines, unmatched))

    assert maya.shown(view).alerts.title == "Alerts - incomplete"


def test_while_the_police_are_asked_their_place_is_kept() -> None:
    shown = page(maya.waiting("northshire-police"), maya.DR_SEN, NOW, maya.PLACE).alerts

    assert shown.tag == "Still asking 1 agency"
    assert shown.notes[0].title == "Police information: still asking"
    assert shown.notes[0].phone == ""


def test_another_councils_plan_keeps_its_owner_and_the_category_that_our_council_holds() -> None:
    found = box(
        plan("cp-is", "2026-01-29", "2026-05-14", author=display("Eastmere Council")),
        plan("northtown-csc", "2026-01-29", "2026-05-14", category="Emotional abuse"),
    )

    assert found.alerts[0].lines == (
        "Category Emotional abuse, from 29-Jan-2026.",
        "Eastmere Council.",
        "Ended within the last 12 months.",
    )


def test_all_that_are_still_asked_share_one_place() -> None:
    shown = page(maya.waiting("northshire-police", "northtown-general"), maya.DR_SEN, NOW, maya.PLACE).alerts

    assert [note.title for note in shown.notes] == ["Hospital and police information: still asking"]
