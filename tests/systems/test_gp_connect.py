"""GP Connect: Millbrook Surgery asked by the FHIR connector, its STU3 record mapped to R4.

https://developer.nhs.uk/apis/gpconnect-1-6-0/accessrecord_structured.html
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from connectors.base import Failure, Query, SourceError
from connectors.connect import connect
from connectors.system import Endpoint
from gateway.demo.agencies import millbrook_gp
from gateway.demo.region import facts, region
from tests.systems.asking import SYSTEMS, example_pair, examples, made_of
from tests.systems.whole_answer import ELLA, JORDAN, LEO, MAYA, PRIYA, Whole, whole


async def surgery(child: str, folder: Path) -> Whole:
    return await whole("millbrook-gp", "gp-connect", {"nhs-number": child}, folder)


@pytest.mark.parametrize("name", examples("gp-connect"))
def test_each_example_becomes_what_stands_beside_it(name: str) -> None:
    records, expected = example_pair("gp-connect", name)

    assert expected
    assert made_of("gp-connect", name, records) == expected


async def test_maya_is_registered_there_with_dr_wyn_and_the_practice_number(tmp_path: Path) -> None:
    team = (await surgery(MAYA, tmp_path)).one("involvement")

    assert team["participant"][0]["member"]["display"] == "Dr Wyn"
    assert team["participant"][0]["onBehalfOf"]["display"] == "Millbrook Surgery"
    assert team["telecom"] == [{"system": "phone", "value": "01632 960125"}]
    assert team["period"] == {"start": "2022-03-21"}


async def test_an_empty_allergy_list_says_that_none_is_recorded_not_that_there_is_none(
    tmp_path: Path,
) -> None:
    answer = await surgery(MAYA, tmp_path)
    listed = answer.one("allergy-list")

    assert listed["emptyReason"]["coding"][0]["code"] == "no-content-recorded"
    assert "entry" not in listed
    assert answer.of("allergy") == []


async def test_mayas_vaccines_have_their_names_and_days(tmp_path: Path) -> None:
    given = (await surgery(MAYA, tmp_path)).of("immunisation")

    assert {i["vaccineCode"]["text"]: i["occurrenceDateTime"] for i in given} == {
        "6-in-1": "2022-05-12",
        "MMR1": "2023-04-01",
        "4-in-1 pre-school booster": "2026-05-12",
    }


async def test_mayas_weight_keeps_its_digits(tmp_path: Path) -> None:
    weight = (await surgery(MAYA, tmp_path)).one("measurement")

    assert str(weight["valueQuantity"]["value"]) == "14.1"
    assert weight["effectiveDateTime"] == "2026-10-01"


async def test_jordans_weight_keeps_a_zero_at_its_end(tmp_path: Path) -> None:
    weight = (await surgery(JORDAN, tmp_path)).one("measurement")

    assert str(weight["valueQuantity"]["value"]) == "26.90"


async def test_a_vaccine_that_was_not_given_is_not_done_and_says_why(tmp_path: Path) -> None:
    vaccines = (await surgery(JORDAN, tmp_path)).of("immunisation")
    (not_given,) = [i for i in vaccines if i["status"] == "not-done"]

    assert not_given["statusReason"] == {"text": "Was not brought"}


async def test_a_medicine_is_told_by_the_name_in_the_resource_that_it_refers_to(tmp_path: Path) -> None:
    medicines = (await surgery(JORDAN, tmp_path)).of("medication")

    assert [m["medicationCodeableConcept"]["text"] for m in medicines] == [
        "Salbutamol 100micrograms/dose inhaler CFC free",
        "Clenil Modulite 50micrograms/dose inhaler (Chiesi Ltd)",
    ]


async def test_an_ended_allergy_is_resolved_with_day_and_reason(tmp_path: Path) -> None:
    allergy = (await surgery(ELLA, tmp_path)).one("allergy")
    end = allergy["clinicalStatus"]["extension"][0]["extension"]

    assert allergy["clinicalStatus"]["coding"][0]["code"] == "resolved"
    assert [part.get("valueDateTime") or part["valueString"] for part in end] == [
        "2021-05-19",
        "Challenge in hospital without reaction",
    ]


async def test_a_safeguarding_code_is_a_flag_and_no_problem(tmp_path: Path) -> None:
    answer = await surgery(ELLA, tmp_path)

    assert answer.one("safeguarding-flag")["code"]["coding"][0]["code"] == "836881000000105"
    assert answer.of("problem") == []


async def test_a_mental_health_problem_carries_its_label(tmp_path: Path) -> None:
    problem = (await surgery(PRIYA, tmp_path)).one("problem")

    assert [label["code"] for label in problem["meta"]["security"]] == ["MH"]


async def test_consultations_are_counted_and_not_told(tmp_path: Path) -> None:
    answer = await surgery(LEO, tmp_path)

    assert answer.one("consultation-count")["valueInteger"] == 2
    assert answer.kinds()["consultation"] == 2
    assert not any(m.resource["resourceType"] == "Encounter" for m in answer.made)


async def test_every_record_says_that_it_is_the_copy_of_saturday_evening(tmp_path: Path) -> None:
    answer = await surgery(MAYA, tmp_path)

    assert {record.as_at for record in answer.records} == {datetime(2026, 11, 21, 18, tzinfo=UTC)}


async def test_a_child_who_is_not_registered_there_has_no_records(tmp_path: Path) -> None:
    answer = await surgery("9990004188", tmp_path)

    assert answer.records == []


async def test_the_practice_refuses_a_caller_without_its_token() -> None:
    async with TestServer(millbrook_gp.application(facts("millbrook-gp"), region())) as server:
        url = millbrook_gp.ADDRESS.format(base=f"http://127.0.0.1:{server.port}")
        stranger = connect(SYSTEMS["gp-connect"], Endpoint("millbrook-gp", url, lambda: "guessed"))
        with pytest.raises(SourceError) as refused:
            [_ async for _ in stranger.fetch(Query("record", {"nhs-number": MAYA}))]
        await stranger.close()

    assert refused.value.failure is Failure.REJECTED
