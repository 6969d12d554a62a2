"""A hospital that speaks UK Core, asked through its connector."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.federation.ownership import owned
from mappings import Made
from tests.systems.asking import Asked, agency, of

MAYA = "N1375001"


@pytest.fixture
async def hospital(tmp_path: Path) -> AsyncIterator[Asked]:
    async with agency("northtown-general", "uk-core", tmp_path) as asked:
        yield asked


@pytest.fixture
async def maya(hospital: Asked) -> list[Made]:
    return await hospital.everything(local=MAYA)


async def test_the_hospitals_own_demographics_are_found_by_nhs_number(hospital: Asked) -> None:
    (patient,) = of(await hospital.everything(nhs_number="9990001375"), "identity")

    assert patient["id"] == MAYA
    assert patient["birthDate"] == "2022-03-14"


async def test_attendances_are_told_with_reason_and_times(maya: list[Made]) -> None:
    attended = [
        (visit["status"], visit["period"]["start"][:10], visit["reasonCode"][0]["text"])
        for visit in of(maya, "ed-attendance")
    ]

    assert attended == [
        ("in-progress", "2026-11-22", "Injury to the left arm"),
        ("finished", "2026-11-09", "Bruised ear"),
        ("finished", "2026-01-20", "Tummy bug"),
    ]


async def test_what_an_attendance_refers_to_comes_with_it(maya: list[Made]) -> None:
    held = {f"{one.made_type}/{one.key}" for one in maya}
    referred = {
        reference
        for visit in of(maya, "ed-attendance")
        for reference in (
            visit["serviceProvider"]["reference"],
            *(place["location"]["reference"] for place in visit["location"]),
            *(who["individual"]["reference"] for who in visit.get("participant", ())),
        )
    }

    assert referred <= held


async def test_the_named_nurse_has_a_bleep(maya: list[Made]) -> None:
    (team,) = of(maya, "involvement")
    (role,) = of(maya, "practitioner-role")

    assert team["participant"][0]["member"]["reference"] == "PractitionerRole/named-nurse"
    assert role["telecom"] == [{"system": "pager", "value": "960150", "use": "work"}]


async def test_a_resource_passes_unchanged_but_for_the_child(hospital: Asked) -> None:
    (record, *_) = [r for r in await hospital.records("encounter", local=MAYA) if r.kind == "encounter"]
    (visit, *_) = of(await hospital.everything(local=MAYA), "ed-attendance")

    assert visit == {**record, "subject": {"reference": "Patient/example"}}


async def test_a_record_of_another_child_is_not_this_childs(hospital: Asked) -> None:
    (record, *_) = await hospital.records("encounter", local=MAYA)
    kind = hospital.system.kinds["encounter"]

    assert owned(kind, record, {"local": frozenset({MAYA})})
    assert not owned(kind, record, {"local": frozenset({"N1375002"})})


async def test_a_measurement_keeps_its_digits(hospital: Asked) -> None:
    (weight,) = of(await hospital.everything(local="N1375003"), "measurement")

    assert str(weight["valueQuantity"]["value"]) == "3.24"


async def test_the_birth_record_may_have_another_surname(hospital: Asked) -> None:
    (patient,) = of(await hospital.everything(nhs_number="9990004110"), "identity")

    assert patient["name"][0]["family"] == "Adeyemi"


async def test_a_safeguarding_flag_is_told_from_other_flags(hospital: Asked) -> None:
    made = await hospital.everything(local="N1375007")

    (flag,) = of(made, "safeguarding-flag")
    assert flag["code"]["coding"][0]["code"] == "836881000000105"
    assert of(made, "flag") == []
