"""A school's system: Hill Road Primary asked by the JSON connector, and mapped.

The interface is described in connectors/systems/school-mis.toml.
"""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from connectors.base import Failure, Query, SourceError
from connectors.connect import connect
from connectors.system import Endpoint
from gateway.demo.agencies import hill_road_school
from gateway.demo.region import facts, region
from tests.systems.asking import SYSTEMS, agency, example_pair, examples, made_of
from tests.systems.whole_answer import JORDAN, LEO, Whole, whole

JORDANS_UPN = "A901210121014"


async def school(folder: Path, **person: str) -> Whole:
    named = {name.replace("_", "-"): value for name, value in person.items()}
    return await whole("hill-road-school", "school-mis", named, folder)


@pytest.mark.parametrize("name", examples("school-mis"))
def test_each_example_becomes_what_stands_beside_it(name: str) -> None:
    records, expected = example_pair("school-mis", name)

    assert expected
    assert made_of("school-mis", name, records) == expected


async def test_jordans_attendance_this_term_stands_beside_the_schools_average(tmp_path: Path) -> None:
    terms = (await school(tmp_path, nhs_number=JORDAN)).of("attendance")
    (this,) = [t for t in terms if t["effectivePeriod"]["start"] == "2026-09-03"]
    parts = {c["code"]["text"]: c for c in this["component"]}

    assert (str(this["valueQuantity"]["value"]), this["valueQuantity"]["unit"]) == ("71.2", "%")
    assert str(parts["School average"]["valueQuantity"]["value"]) == "95.0"
    assert parts["Sessions attended"]["valueInteger"] == 84


async def test_attendance_comes_from_every_page(tmp_path: Path) -> None:
    terms = (await school(tmp_path, nhs_number=JORDAN)).of("attendance")

    assert len(terms) == 4


async def test_what_the_school_has_not_recorded_is_no_zero(tmp_path: Path) -> None:
    (term,) = (await school(tmp_path, nhs_number=LEO)).of("attendance")

    assert "Unauthorised absence" not in {c["code"]["text"] for c in term["component"]}


async def test_a_pupil_is_found_by_upn_as_well_and_lends_it_to_others(tmp_path: Path) -> None:
    by_upn = await school(tmp_path, upn=JORDANS_UPN)
    patient = by_upn.one("identity")

    assert {i["value"] for i in patient["identifier"]} == {JORDAN, JORDANS_UPN}
    assert len(by_upn.of("attendance")) == 4


async def test_jordan_has_sen_support_for_social_emotional_and_mental_health(tmp_path: Path) -> None:
    answer = await school(tmp_path, nhs_number=JORDAN)
    primary = answer.of("sen-need")[0]

    assert answer.one("sen-provision")["title"] == "SEN support"
    assert primary["code"]["coding"][0]["code"] == "sen-need-primary"
    assert primary["valueCodeableConcept"]["coding"][0]["code"] == "SEMH"


async def test_the_safeguarding_lead_can_be_rung(tmp_path: Path) -> None:
    answer = await school(tmp_path, nhs_number=JORDAN)
    team = answer.one("involvement")

    assert team["participant"][0]["member"]["display"] == "B. Hillier"
    assert team["participant"][0]["role"][0]["text"] == "Designated safeguarding lead"
    assert team["telecom"][0]["value"] == "01632 960146"


async def test_a_suspension_gives_the_census_reasons(tmp_path: Path) -> None:
    suspension = (await school(tmp_path, nhs_number=JORDAN)).one("suspension")

    assert suspension["type"][0]["text"] == "Suspension from school"
    assert [r["coding"][0]["code"] for r in suspension["reasonCode"]] == ["DB", "VA"]


async def test_a_child_who_is_no_pupil_has_no_records(tmp_path: Path) -> None:
    assert (await school(tmp_path, nhs_number="9990001375")).records == []


async def test_a_number_that_the_school_does_not_know_is_a_failure_and_no_empty_list(
    tmp_path: Path,
) -> None:
    async with agency("hill-road-school", "school-mis", tmp_path) as asked:
        with pytest.raises(SourceError):
            await asked.records("attendance", local="9999")


async def test_the_school_refuses_a_caller_without_its_key() -> None:
    async with TestServer(hill_road_school.application(facts("hill-road-school"), region())) as server:
        url = hill_road_school.ADDRESS.format(base=f"http://127.0.0.1:{server.port}")
        stranger = connect(SYSTEMS["school-mis"], Endpoint("hill-road-school", url, lambda: "guessed"))
        with pytest.raises(SourceError) as refused:
            [_ async for _ in stranger.fetch(Query("person", {"upn": JORDANS_UPN}))]
        await stranger.close()

    assert refused.value.failure is Failure.REJECTED
