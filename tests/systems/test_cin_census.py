"""The children in need census: Southwold Vale's nightly file read by the XML connector, and mapped.

https://www.gov.uk/guidance/children-in-need-census
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.systems.asking import agency, example_pair, examples, made_of
from tests.systems.whole_answer import Whole, whole

JORDANS_UPN, LEOS_UPN = "A901210121014", "F903210524007"


async def council(upn: str, folder: Path) -> Whole:
    return await whole("southwold-csc", "cin-census", {"upn": upn}, folder)


@pytest.mark.parametrize("name", examples("cin-census"))
def test_each_example_becomes_what_stands_beside_it(name: str) -> None:
    records, expected = example_pair("cin-census", name)

    assert expected
    assert made_of("cin-census", name, records) == expected


async def test_jordan_is_found_by_the_upn_that_the_school_lends(tmp_path: Path) -> None:
    patient = (await council(JORDANS_UPN, tmp_path)).one("identity")

    assert patient["birthDate"] == "2017-06-02"
    assert patient["gender"] == "male"
    assert "name" not in patient


async def test_jordans_open_episode_of_need_is_active_and_the_closed_one_finished(tmp_path: Path) -> None:
    episodes = (await council(JORDANS_UPN, tmp_path)).of("cin-episode")

    assert {e["period"]["start"]: e["status"] for e in episodes} == {
        "2026-10-05": "active",
        "2025-12-01": "finished",
    }


async def test_a_referral_about_which_nothing_was_done_is_a_referral_and_no_episode(tmp_path: Path) -> None:
    answer = await council(JORDANS_UPN, tmp_path)

    assert "2024-06-12" in {r["authoredOn"] for r in answer.of("referral")}
    assert answer.one("social-care-outcome")["businessStatus"] == {"text": "No further action"}


async def test_a_referral_by_a_neighbour_is_labelled_and_one_by_the_school_is_not(tmp_path: Path) -> None:
    referrals = (await council(JORDANS_UPN, tmp_path)).of("referral")
    labels = {r["authoredOn"]: [s["code"] for s in r["meta"].get("security", ())] for r in referrals}

    assert labels["2024-06-12"] == ["referrer-identity"]
    assert labels["2026-10-05"] == []


async def test_factors_about_a_parent_are_told_apart_from_those_about_the_child(tmp_path: Path) -> None:
    factors = (await council(JORDANS_UPN, tmp_path)).of("assessment-factor")
    found = {
        f["code"]["coding"][0]["code"]: (
            [c["valueCodeableConcept"]["coding"][0]["code"] for c in f["component"]],
            [s["code"] for s in f["meta"]["security"]],
        )
        for f in factors
    }

    assert found == {
        "assessment-factor-child": (["4A"], ["MH"]),
        "assessment-factor-family": (["3B", "4B"], ["third-party"]),
    }


async def test_leos_ended_plan_has_its_category_and_its_reviews(tmp_path: Path) -> None:
    answer = await council(LEOS_UPN, tmp_path)
    plan = answer.one("child-protection-plan")

    assert plan["status"] == "completed"
    assert plan["category"][1]["coding"][0]["code"] == "NEG"
    assert plan["period"] == {"start": "2023-03-21", "end": "2023-12-12"}
    assert [r["period"]["start"] for r in answer.of("child-protection-review")] == [
        "2023-06-13",
        "2023-12-12",
    ]
    assert answer.one("initial-conference")["period"] == {"start": "2023-03-21"}
    assert answer.one("section-47")["status"] == "finished"


async def test_a_census_disability_is_an_observation_and_no_diagnosis(tmp_path: Path) -> None:
    answer = await council(LEOS_UPN, tmp_path)

    assert answer.one("disability")["valueCodeableConcept"]["coding"][0]["code"] == "COMM"
    assert not any(made.resource["resourceType"] == "Condition" for made in answer.made)


async def test_the_file_says_itself_of_what_time_it_is(tmp_path: Path) -> None:
    answer = await council(JORDANS_UPN, tmp_path)

    assert {record.as_at for record in answer.records} == {datetime(2026, 11, 22, 1, 15, tzinfo=UTC)}


async def test_a_child_whom_the_council_does_not_know_has_no_records(tmp_path: Path) -> None:
    assert (await council("A000000000000", tmp_path)).records == []


async def test_every_record_is_the_childs_own(tmp_path: Path) -> None:
    async with agency("southwold-csc", "cin-census", tmp_path) as asked:
        records = await asked.records("person", upn=LEOS_UPN)

    assert {r.get("child", "SV004812") for r in records} == {"SV004812"}
