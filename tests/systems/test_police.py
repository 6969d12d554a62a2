"""The police exchange: Northshire Police asked by the SOAP connector, and mapped.

The messages are described in connectors/systems/police.toml.
"""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from connectors.base import Failure, Query, SourceError
from connectors.connect import connect
from connectors.system import Endpoint
from gateway.demo.agencies import northshire_police
from gateway.demo.region import facts, region
from tests.systems.asking import SYSTEMS, agency, example_pair, examples, made_of
from tests.systems.whole_answer import ELLA, JORDAN, MAYA, PRIYA, Whole, whole


async def force(child: str, folder: Path) -> Whole:
    return await whole("northshire-police", "police", {"nhs-number": child}, folder)


@pytest.mark.parametrize("name", examples("police"))
def test_each_example_becomes_what_stands_beside_it(name: str) -> None:
    records, expected = example_pair("police", name)

    assert expected
    assert made_of("police", name, records) == expected


async def test_maya_was_present_at_an_incident_on_the_eighteenth(tmp_path: Path) -> None:
    incident = (await force(MAYA, tmp_path)).one("domestic-abuse-incident")

    assert incident["period"] == {"start": "2026-11-18T21:40:00+00:00"}
    assert incident["type"][0]["text"] == "Domestic abuse incident, child present"
    assert [label["code"] for label in incident["meta"]["security"]] == ["SDV"]


async def test_no_other_adult_stands_in_an_incident_outside_its_narrative(tmp_path: Path) -> None:
    incident = (await force(MAYA, tmp_path)).one("domestic-abuse-incident")
    narrative = incident.pop("text")

    assert "Denholm" in narrative["div"]
    assert not any(word in str(incident) for word in ("Denholm", "DENHOLM", "Tara", "TARA", "Elm Road"))


async def test_an_incident_without_the_child_is_not_told(tmp_path: Path) -> None:
    answer = await force(JORDAN, tmp_path)

    assert answer.one("domestic-abuse-incident")["period"]["start"].startswith("2026-11-20")
    assert answer.kinds()["domestic_abuse_incident"] == 2


async def test_a_return_interview_that_nobody_recorded_makes_nothing(tmp_path: Path) -> None:
    answer = await force(ELLA, tmp_path)

    assert len(answer.of("missing-episode")) == 3
    assert {t["businessStatus"]["text"]: t["status"] for t in answer.of("return-interview")} == {
        "Held": "completed",
        "Offered": "requested",
    }


async def test_a_declined_interview_is_not_an_absent_one(tmp_path: Path) -> None:
    task = (await force(PRIYA, tmp_path)).one("return-interview")

    assert (task["status"], task["businessStatus"]["text"]) == ("rejected", "Offered and declined")


async def test_the_hour_that_october_doubles_is_noted(tmp_path: Path) -> None:
    answer = await force(ELLA, tmp_path)
    (doubled,) = [m for m in answer.made if m.key == "NP0095971-M2"]

    assert doubled.resource["period"] == {
        "start": "2026-10-25T00:30:00+01:00",
        "end": "2026-10-25T01:30:00+01:00",
    }
    assert [name for name, _ in doubled.notes] == ["FoundAt"]


async def test_a_sensitive_risk_is_labelled_and_a_risk_that_is_not_there_makes_no_flag(
    tmp_path: Path,
) -> None:
    flag = (await force(ELLA, tmp_path)).one("exploitation-risk")

    assert flag["code"]["text"] == "Risk of criminal exploitation"
    assert [label["code"] for label in flag["meta"]["security"]] == ["police-sensitive"]


async def test_police_protection_has_its_times(tmp_path: Path) -> None:
    protection = (await force(ELLA, tmp_path)).one("police-protection")

    assert protection["period"] == {
        "start": "2026-10-04T02:45:00+01:00",
        "end": "2026-10-04T14:00:00+01:00",
    }


async def test_a_child_whom_the_force_does_not_know_has_no_records(tmp_path: Path) -> None:
    assert (await force("9990004110", tmp_path)).records == []


async def test_a_reference_that_the_force_does_not_know_is_absence_and_no_failure(tmp_path: Path) -> None:
    async with agency("northshire-police", "police", tmp_path) as asked:
        assert await asked.records("events", local="NP9999999") == []


async def test_the_force_refuses_a_caller_with_a_wrong_password() -> None:
    async with TestServer(northshire_police.application(facts("northshire-police"), region())) as server:
        url = northshire_police.ADDRESS.format(base=f"http://127.0.0.1:{server.port}")
        options = northshire_police.OPTIONS
        stranger = connect(
            SYSTEMS["police"], Endpoint("northshire-police", url, lambda: "no", options=options)
        )
        with pytest.raises(SourceError) as refused:
            [_ async for _ in stranger.fetch(Query("person", {"nhs-number": MAYA}))]
        await stranger.close()

    assert refused.value.failure is Failure.REJECTED


def test_a_record_whose_handling_nobody_knows_is_handled_as_sensitive() -> None:
    record = {
        "person": "NP1",
        "Reference": "NP1-PP1",
        "StartedAt": "2026-10-04T02:45:00",
        "Handling": "AMBER",
    }

    (made,) = made_of("police", "police-protection", [record])

    assert [label["code"] for label in made["meta"]["security"]] == ["police-sensitive"]
