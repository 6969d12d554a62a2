"""The chronology: newest first, with ages, gaps computed, marks numbered, nothing lost by grouping."""

from dataclasses import replace

from gateway.viewer.chart import Timeline
from gateway.viewer.lanes import LEFT, WIDTH
from tests.viewer import maya
from tests.viewer.building import Made, period, resource, said


def timeline(*resources: Made) -> Timeline:
    return maya.shown(replace(maya.VIEW, resources=resources)).timeline


def visit(origin: str, day: str, title: str = "Contact", **more: object) -> Made:
    fields = {"status": "finished", "type": [said(title)], "period": period(day), **more}
    return resource("Encounter", "encounter", origin, **fields)


def test_scenario_a_is_told_newest_first_with_its_gap() -> None:
    rows = [row for row in maya.shown().timeline.rows if row.months == 12]

    assert [(row.item.date, row.item.title) if row.item else row.text for row in rows[:9]] == [
        ("09-Nov-2026", "ED attendance: bruised ear"),
        ("28-Oct-2026", "The child’s words"),
        ("28-Oct-2026", "Maya spoke with her social worker"),
        ("01-Oct-2026", "Review: was not brought"),
        ("02-Sep-2026", "Child protection plan starts"),
        ("05-Aug-2026", "Referral to social care, from nursery (2B)"),
        "No events recorded 13-May to 04-Aug-2026 (11 weeks) by the agencies that answered",
        ("12-May-2026", "4-in-1 pre-school booster: given"),
        ("16-Mar-2026", "4-year contact"),
    ]


def test_every_row_has_its_age() -> None:
    ages = [row.item.age for row in maya.shown().timeline.rows if row.item]

    assert ages[:4] == ["4y 7m", "4y 7m", "4y 7m", "4y 6m"]


def test_marks_are_numbered_from_the_first_event_on() -> None:
    numbers = [row.number for row in maya.shown().timeline.rows if row.item]

    assert numbers == list(range(len(numbers), 0, -1))


def test_shapes_say_hospital_safeguarding_and_what_did_not_happen() -> None:
    shapes = {row.item.title: row.shape for row in maya.shown().timeline.rows if row.item}

    assert shapes["ED attendance: bruised ear"] == "square"
    assert shapes["Child protection plan starts"] == "diamond"
    assert shapes["Review: was not brought"] == "hollow"
    assert shapes["4-in-1 pre-school booster: given"] == "circle"


def test_a_plan_stands_twice_when_it_has_ended() -> None:
    ended = resource(
        "CarePlan", "cin-plan", "northtown-csc", status="completed", period=period("2026-03-01", "2026-04-01")
    )

    assert [row.item.title for row in timeline(ended).rows if row.item] == [
        "Child in need plan ends",
        "Child in need plan starts",
    ]


def test_the_same_event_of_two_sources_is_one_row_with_both_marks() -> None:
    rows = timeline(visit("northtown-general", "2026-10-01"), visit("millbrook-gp", "2026-10-01")).rows
    events = [row.item for row in rows if row.item]

    assert len(events) == 1
    assert [mark.source for mark in events[0].marks] == ["northtown-general", "millbrook-gp"]


def test_two_alike_events_of_one_source_stay_two() -> None:
    rows = timeline(visit("northtown-general", "2026-10-01"), visit("northtown-general", "2026-10-01")).rows

    assert len([row for row in rows if row.item]) == 2


def test_events_that_say_different_things_are_never_merged() -> None:
    here = visit("northtown-general", "2026-10-01", note=[{"text": "Left arm"}])
    there = visit("millbrook-gp", "2026-10-01", note=[{"text": "Right arm"}])

    assert len([row for row in timeline(here, there).rows if row.item]) == 2


def test_what_is_still_to_come_is_no_event() -> None:
    assert timeline(visit("northtown-general", "2026-12-03")).rows == ()


def test_an_agency_that_did_not_answer_has_its_own_row() -> None:
    assert [note.text for note in maya.shown().timeline.notes] == [
        "Police events: not known. Northshire Police did not answer."
    ]


def test_events_older_than_a_year_stand_in_the_longer_windows() -> None:
    rows = timeline(
        visit("millbrook-gp", "2026-01-05"),
        visit("millbrook-gp", "2025-03-01"),
        visit("millbrook-gp", "2023-01-01"),
    ).rows

    assert [row.months for row in rows if row.item] == [12, 24, 0]


def test_the_chart_draws_every_event_of_the_year_inside_its_frame() -> None:
    shown = maya.shown()
    chart = shown.timeline.chart

    assert chart is not None
    events = [row.number for row in shown.timeline.rows if row.item and row.months == 12]
    assert sorted(dot.number for dot in chart.dots) == sorted(events)
    assert all(LEFT <= dot.x <= WIDTH for dot in chart.dots)
    assert [lane.label for lane in chart.lanes] == [
        "Social care",
        "Hospital",
        "GP",
        "Community health",
        "Police",
    ]


def test_the_lane_of_a_silent_agency_is_hatched_and_says_that_it_is_not_empty() -> None:
    chart = maya.shown().timeline.chart

    assert chart is not None
    assert [bar.text for bar in chart.bars if bar.look == "unknown"] == [
        "Not known - Northshire Police did not answer. This lane is not empty."
    ]


def test_episodes_of_one_agency_at_one_time_stand_above_each_other() -> None:
    need = resource(
        "EpisodeOfCare", "cin-episode", "northtown-csc", status="active", period=period("2026-08-05")
    )
    plan = resource(
        "CarePlan", "child-protection-plan", "northtown-csc", status="active", period=period("2026-09-02")
    )
    later = resource(
        "CarePlan", "cin-plan", "northtown-csc", status="active", period=period("2026-02-01", "2026-03-01")
    )
    chart = timeline(need, plan, later).chart

    assert chart is not None
    heights = {bar.text: bar.y for bar in chart.bars if bar.look.startswith("band")}
    assert heights["Child protection plan"] > heights["Child in need"]
    assert len(set(heights.values())) == 2
