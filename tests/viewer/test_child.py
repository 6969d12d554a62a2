"""The banner, the child's words, family, topics and what is held back."""

from dataclasses import replace
from typing import Any

from gateway.federation.location import NOT_CHECKED
from gateway.federation.receipt import Notice, State
from gateway.viewer.parts import Fig
from tests.viewer import maya
from tests.viewer.building import REDACTED, line, period, resource, said, to


def patient(**changes: Any) -> dict[str, Any]:
    return {**maya.PATIENT, **changes}


def test_the_banner_gives_name_born_gender_and_number_in_this_order() -> None:
    banner = maya.shown().banner

    assert banner.name == "OAKLEY, Maya (Miss)"
    assert banner.figures == (
        Fig("Born", "14-Mar-2022 (4y)"),
        Fig("Gender", "Female"),
        Fig("NHS No.", "999 000 1375"),
    )
    assert banner.chips == ("Child protection plan",)


def test_the_second_line_tells_how_to_speak_with_the_child() -> None:
    assert maya.shown().banner.more == (
        Fig("Known as", "May"),
        Fig("Speaks", "English and BSL"),
        Fig("Interpreter", "not needed"),
        Fig("Parental responsibility", "Tara Oakley (mother)"),
    )


def test_what_is_not_known_of_the_child_says_not_known() -> None:
    bare = {"resourceType": "Patient", "id": "x", "gender": "unknown"}
    banner = maya.shown(replace(maya.VIEW, patient=bare)).banner

    assert banner.name == "Name not known"
    assert [fig.value for fig in banner.figures] == ["Not known", "Not known", "Not known"]


def test_a_child_who_has_died_has_the_day_and_the_age_at_death() -> None:
    noah = patient(birthDate="2026-06-20", deceasedDateTime="2026-11-20T04:30:00+00:00", gender="male")
    banner = maya.shown(replace(maya.VIEW, patient=noah)).banner

    assert banner.died
    assert banner.figures[:3] == (
        Fig("Born", "20-Jun-2026"),
        Fig("Died", "20-Nov-2026"),
        Fig("Age at Death", "5m"),
    )


def test_an_identity_service_that_did_not_answer_is_said_beside_the_name() -> None:
    down = replace(maya.PDS, state=State.TIMED_OUT, seconds=1.0, items=0)
    view = replace(maya.VIEW, lines=maya.swapped(maya.LINES, down))

    assert maya.shown(view).banner.warnings == (
        "Identity not confirmed. Personal Demographics Service: no answer after 1 second.",
    )


def test_a_withheld_location_shows_a_reason_and_no_address_anywhere() -> None:
    reason = "Location withheld. Ask social care."
    shown = maya.shown(replace(maya.VIEW, location_withheld=reason))

    assert shown.banner.withheld == "Location withheld"
    assert (shown.held_back[0].what, shown.held_back[0].why) == ("Where the child lives", reason)
    assert shown.family.figures == ()
    assert not any("lives" in one.what for one in shown.family.differences)


def test_the_childs_words_are_hers_with_who_heard_them_and_when() -> None:
    voice = maya.shown().voice

    assert voice.title == "Maya in her words"
    assert voice.said[0].text == "I like it at Nana’s. She does my hair. I don’t like the shouting."
    assert (voice.said[0].how, voice.said[0].recorded) == ("said to J. Patel, at nursery", "28-Oct-2026")
    assert voice.helps[0].text.startswith("Tell me before you touch me.")


def test_where_nobody_has_shared_the_childs_words_the_panel_says_to_ask_her() -> None:
    view = replace(maya.VIEW, resources=())

    assert [note.text for note in maya.shown(view).voice.notes] == [
        "Maya’s own words have not been shared here yet. Ask Maya."
    ]


def test_sources_that_differ_on_where_she_lives_stand_side_by_side() -> None:
    (difference,) = maya.shown().family.differences

    assert difference.what == "Where Maya lives"
    assert difference.values == (
        ("Personal Demographics Service says", "14 Elm Road, NS1 4QE"),
        ("Millbrook Surgery says", "2 Ash Close, NS1 6BT"),
    )


def test_surnames_that_differ_are_both_shown() -> None:
    birth = resource(
        "Patient", "identity", "northtown-general", name=[{"family": "Adeyemi", "given": ["Maya"]}]
    )
    found = maya.shown(replace(maya.VIEW, resources=(birth,))).family.differences

    assert [(one.what, one.values) for one in found] == [
        (
            "Surname",
            (("Personal Demographics Service says", "Oakley"), ("Northtown General says", "Adeyemi")),
        )
    ]


def test_names_that_differ_only_in_their_letters_do_not_differ() -> None:
    loud = resource(
        "Patient", "identity", "northtown-general", name=[{"family": "OAKLEY", "given": ["MAYA"]}]
    )

    assert maya.shown(replace(maya.VIEW, resources=(loud,))).family.differences == ()


def test_a_code_without_words_says_what_kind_of_thing_it_is() -> None:
    bare = resource("Condition", "problem", "northtown-general", code={"coding": [{"code": "195967001"}]})
    masked = resource(
        "Immunization", "immunisation", "millbrook-gp", vaccineCode={"coding": [{"code": "unknown"}]}
    )
    shown = maya.shown(replace(maya.VIEW, resources=(bare, masked)))

    assert {item.title for item in shown.health.items} == {"Problem, code 195967001", "Immunisation: given"}


def test_the_family_says_who_holds_responsibility_and_who_lives_with_her() -> None:
    told = [
        (one.name, one.relationship, one.lives_with, one.responsibility)
        for one in maya.shown().family.relatives
    ]

    assert told == [("Tara Oakley", "Mother", "Yes", True), ("Jean Oakley", "Grandmother", "No", False)]


def test_a_masked_fact_keeps_its_label_and_says_whom_to_ask() -> None:
    factor = maya.shown().family.items[0]

    assert factor.title == "Parent/carer factor recorded"
    assert factor.held_back == "Some of this is held back: phone social care 01632 960111"


def test_what_you_cannot_see_says_why_and_whom_to_ask() -> None:
    told = [(one.what, one.contact, one.phone) for one in maya.shown().held_back]

    assert told == [
        ("Adult details about a carer", "phone social care 01632 960111", ""),
        ("Police information", "Northshire Police", "01632 960140"),
        ("Little Acorns Nursery and Northtown Homes", "Ask the family, or social care.", ""),
    ]


def test_the_sections_list_shows_an_unknown_section_without_scrolling() -> None:
    rail = {row.title: row.text for row in maya.shown().rail}

    assert rail["Police"] == "not known"
    assert rail["Education"] == "not connected"
    assert rail["Who’s involved"] == "4"
    assert rail["Timeline"] == "latest 09-Nov"


def test_the_next_conference_and_the_lead_stand_with_the_plans() -> None:
    review = resource(
        "Encounter", "child-protection-review", "northtown-csc", status="planned",
        type=[said("Child protection review conference")], period=period("2026-11-25"),
    )  # fmt: skip
    figures = maya.shown(replace(maya.VIEW, resources=(*maya.RESOURCES, review))).plans.figures

    assert figures == (
        Fig("Next", "Child protection review conference, 25-Nov-2026, in 3 days"),
        Fig("Lead", "J. Patel, Northtown Council, 01632 960112"),
    )


def test_an_entry_made_in_error_says_so() -> None:
    wrong = resource(
        "Observation", "measurement", "millbrook-gp", status="entered-in-error", code=said("Weight")
    )

    assert maya.shown(replace(maya.VIEW, resources=(wrong,))).health.items[0].tags == (
        "Entered in error - do not use",
    )


def test_a_fact_without_a_known_kind_is_shown_and_not_dropped() -> None:
    odd = resource("Observation", "something-new", "millbrook-gp", code=said("A new thing"))
    shown = maya.shown(replace(maya.VIEW, resources=(odd,)))

    assert [(topic.title, topic.items[0].title) for topic in shown.topics if topic.items] == [
        ("Other information", "A new thing")
    ]


def test_a_purpose_that_does_not_cover_an_agency_says_not_asked() -> None:
    unasked = replace(maya.HOUSING, state=State.NOT_ASKED)
    shown = maya.shown(replace(maya.VIEW, lines=maya.swapped(maya.LINES, unasked)))
    housing = next(topic for topic in shown.topics if topic.id == "housing")

    assert [(note.kind, note.text, note.more) for note in housing.notes] == [
        ("not-asked", "Not asked.", "Your reason does not cover asking Northtown Homes.")
    ]


def test_an_older_copy_has_an_amber_tag_with_its_date() -> None:
    stale = replace(maya.GP, state=State.STALE)
    weight = next(
        i
        for i in maya.shown(replace(maya.VIEW, lines=maya.swapped(maya.LINES, stale))).health.items
        if i.title == "Weight"
    )

    assert weight.marks[0].stale == "Copy from Sat 21-Nov 18:00"


def test_a_masked_label_alone_is_still_a_row() -> None:
    bare = resource("Encounter", "domestic-abuse-incident", "northshire-police", security=[REDACTED])
    police = replace(maya.POLICE, state=State.ANSWERED_DATA, items=1)
    view = replace(maya.VIEW, lines=maya.swapped(maya.LINES, police), resources=(bare,))
    topic = next(topic for topic in maya.shown(view).topics if topic.id == "police")

    assert [(item.title, item.held_back) for item in topic.items] == [
        (
            "Domestic abuse incident, child present",
            "Some of this is held back: ask Northshire Police, 01632 960140",
        )
    ]


def test_a_restricted_address_takes_the_name_of_the_surgery_with_it() -> None:
    shown = maya.shown(replace(maya.VIEW, location_withheld="Location withheld. Ask social care."))
    lines = [said for said in shown.status.said if said.label == "GP"]

    assert [(said.name, said.phone) for said in lines] == [("GP practice", "")]
    assert all(mark.place != "Millbrook Surgery" for item in shown.health.items for mark in item.marks)


def test_an_address_that_could_only_not_be_checked_leaves_the_surgery_named() -> None:
    shown = maya.shown(replace(maya.VIEW, location_withheld=NOT_CHECKED))

    assert shown.banner.withheld == "Location not shown"
    assert any(said.name == "Millbrook Surgery" for said in shown.status.said)


def test_a_comment_stands_with_the_visit_that_it_is_about() -> None:
    visit = resource(
        "Encounter",
        "health-review",
        "northshire-community",
        type=[said("2-year review")],
        period=period("2024-04-22"),
    )
    comment = resource(
        "Observation",
        "clinical-finding",
        "northshire-community",
        encounter=to(visit),
        code=said("Comment of a professional", "professional-comment"),
        valueString="Speech: referred.",
    )
    shown = maya.shown(replace(maya.VIEW, resources=(visit, comment)))

    assert [(item.title, item.detail) for item in shown.health.items] == [
        ("2-year review", ("Speech: referred.",))
    ]


def test_a_comment_of_another_source_or_with_something_held_back_stands_alone() -> None:
    visit = resource("Encounter", "health-review", "northshire-community", type=[said("Review")])
    code = said("Comment of a professional", "professional-comment")
    other = resource("Observation", "clinical-finding", "millbrook-gp", encounter=to(visit), code=code)
    masked = resource(
        "Observation",
        "clinical-finding",
        "northshire-community",
        encounter=to(visit),
        code=code,
        security=[REDACTED],
    )

    assert len(maya.shown(replace(maya.VIEW, resources=(visit, other, masked))).health.items) == 3


def test_the_same_relative_of_two_sources_is_one_row_with_both_marks() -> None:
    mother = resource(
        "RelatedPerson",
        "related-person",
        "pds",
        relationship=[said("mother")],
        name=[{"prefix": ["Ms"], "given": ["Tara"], "family": "OAKLEY"}],
    )
    (tara, _) = maya.shown(replace(maya.VIEW, resources=(mother, *maya.RELATIVES))).family.relatives

    assert (tara.name, tara.lives_with, tara.responsibility) == ("Tara Oakley", "Yes", True)
    assert [mark.source for mark in tara.marks] == ["pds", "northtown-csc"]


def test_what_sources_state_differently_of_a_relative_is_both_shown() -> None:
    here, there = maya.RELATIVES[1], {**maya.RELATIVES[1], "id": "other"}
    there["relationship"] = [said("Grandmother"), {"coding": [{"code": "lives-with-child"}]}]
    (jean,) = maya.shown(replace(maya.VIEW, resources=(here, there))).family.relatives

    assert jean.lives_with == "No, Yes"


def test_a_fact_of_which_only_the_kind_is_left_says_what_its_notice_says() -> None:
    notice = Notice(
        what="Northtown Council: family held back in part",
        why="Parent or carer factor recorded. Phone social care.",
        contact="01632 960111",
        source="northtown-csc",
    )
    bare = resource(
        "Observation", "assessment-factor", "northtown-csc", code={"extension": []}, security=[REDACTED]
    )
    shown = maya.shown(replace(maya.VIEW, resources=(bare,), notices=(notice,)))

    assert [(item.title, item.held_back) for item in shown.family.items] == [
        ("Assessment factor", "Parent or carer factor recorded. Phone social care. 01632 960111")
    ]


def test_another_council_that_does_not_match_the_child_leaves_no_section_unknown() -> None:
    other = line(
        "southwold-csc",
        "Southwold Vale Council",
        "social-care",
        State.IDENTITY_UNMATCHED,
        sections=("plans", "family"),
    )
    shown = maya.shown(replace(maya.VIEW, lines=(*maya.LINES, other)))

    assert shown.plans.notes == ()
    assert any(one.contact == "Southwold Vale Council" for one in shown.held_back)


def test_a_section_whose_agency_answered_is_not_called_not_connected() -> None:
    nothing = replace(maya.POLICE, state=State.ANSWERED_NONE, items=0)
    youth = line("northtown-yjs", "Northtown Youth Justice", "youth-justice", State.NOT_CONNECTED)
    view = replace(maya.VIEW, lines=(*maya.swapped(maya.LINES, nothing), youth))

    assert {row.title: row.text for row in maya.shown(view).rail}["Police"] == "no entry"
