"""Child Protection Information Sharing, asked through its connector."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.systems.asking import Asked, agency, of


@pytest.fixture
async def cpis(tmp_path: Path) -> AsyncIterator[Asked]:
    async with agency("cp-is", "cpis", tmp_path) as asked:
        yield asked


async def test_a_plan_has_the_code_of_cp_is_first_and_snomeds_second(cpis: Asked) -> None:
    (plan,) = of(await cpis.everything(nhs_number="9990001375"), "child-protection-plan")

    codes = [(c["system"], c["code"]) for c in plan["category"][0]["coding"]]
    assert codes == [
        ("https://fhir.nhs.uk/R4/CodeSystem/CPIS-ObservationType", "CPPI"),
        ("http://snomed.info/sct", "342191000000101"),
    ]
    assert (plan["status"], plan["period"]) == ("active", {"start": "2026-09-02"})


async def test_the_council_that_answers_for_the_plan_comes_with_both_numbers(cpis: Asked) -> None:
    made = await cpis.everything(nhs_number="9990001375")

    (council,) = of(made, "organization")
    (plan,) = of(made, "child-protection-plan")
    numbers = {c["purpose"]["text"]: c["telecom"][0]["value"] for c in council["contact"]}
    assert numbers == {"Out of hours": "01632 960111", "Office hours": "01632 960110"}
    assert council["name"] == "Northtown Council"
    assert plan["author"]["reference"] == next(
        f"Organization/{one.key}" for one in made if one.fact == "organization"
    )


async def test_previous_viewers_are_told_with_time_role_and_organisation(cpis: Asked) -> None:
    made = await cpis.everything(nhs_number="9990001375")

    roles = {f"PractitionerRole/{one.key}": one.resource for one in made if one.fact == "practitioner-role"}
    seen = []
    for event in of(made, "previous-viewer"):
        role = roles[event["agent"][0]["who"]["reference"]]
        seen.append((event["recorded"], role["code"][0]["text"], role["organization"]["display"]))
    assert seen == [
        ("2026-11-12T09:14:00+00:00", "Health Visitor", "Northshire Community Health"),
        ("2026-11-09T22:40:00+00:00", "ED Nurse", "Northtown General Hospital"),
        ("2026-09-03T11:05:00+01:00", "Paediatric Liaison", "Northtown General Hospital"),
    ]


async def test_a_plan_that_ended_within_a_year_is_completed(cpis: Asked) -> None:
    (plan,) = of(await cpis.everything(nhs_number="9990004110"), "child-protection-plan")

    assert (plan["status"], plan["period"]["end"]) == ("completed", "2026-05-14")


async def test_a_child_without_a_plan_has_none(cpis: Asked) -> None:
    made = await cpis.everything(nhs_number="9990002746")

    assert {one.fact for one in made} == {"previous-viewer", "practitioner-role"}


async def test_every_kind_states_its_owner_by_nhs_number(cpis: Asked) -> None:
    for kind in ("plan", "previous_viewer"):
        assert set(cpis.system.kinds[kind].owner) == {"nhs-number"}


async def test_whether_the_look_was_planned_is_told(cpis: Asked) -> None:
    assert all(c.pushdown == {"unscheduled"} for c in cpis.connector.capabilities.values())
