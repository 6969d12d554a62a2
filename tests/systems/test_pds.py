"""The Personal Demographics Service, asked through its connector."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.systems.asking import Asked, agency, of

STATUS = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland"


@pytest.fixture
async def pds(tmp_path: Path) -> AsyncIterator[Asked]:
    async with agency("pds", "pds", tmp_path) as asked:
        yield asked


async def test_a_child_is_one_patient_with_a_verified_number_in_the_list_for_england(pds: Asked) -> None:
    made = await pds.everything(nhs_number="9990001375")

    (patient,) = of(made, "identity")
    (number,) = patient["identifier"]
    assert number["value"] == "9990001375"
    (coding,) = number["extension"][0]["valueCodeableConcept"]["coding"]
    assert coding == {"system": STATUS, "code": "01", "display": "Number present and verified"}
    assert [name["use"] for name in patient["name"]] == ["usual", "nickname"]
    assert (patient["gender"], patient["birthDate"]) == ("female", "2022-03-14")
    assert [said["language"]["coding"][0]["code"] for said in patient["communication"]] == ["en", "bfi"]


async def test_a_parent_is_a_related_person_of_the_child(pds: Asked) -> None:
    made = await pds.everything(nhs_number="9990001375")

    (mother,) = of(made, "related-person")
    assert mother["relationship"][0]["coding"][0]["code"] == "MTH"
    assert mother["patient"] == {"reference": "Patient/example"}


async def test_a_sensitive_record_is_restricted_and_says_nothing_of_where_the_child_is(pds: Asked) -> None:
    made = await pds.everything(nhs_number="9990002746")

    (patient,) = of(made, "identity")
    assert [label["code"] for label in patient["meta"]["security"]] == ["R"]
    assert not {"address", "telecom", "generalPractitioner"} & patient.keys()
    assert of(made, "related-person") == []


async def test_a_death_is_told_with_its_time_and_how_it_is_known(pds: Asked) -> None:
    (patient,) = of(await pds.everything(nhs_number="9990012334"), "identity")

    assert patient["deceasedDateTime"] == "2026-11-20T04:30:00+00:00"
    status = patient["extension"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]
    assert status["code"] == "1"


@pytest.mark.parametrize("number", ["9990008221", "9990099990"])
async def test_an_invalidated_number_is_as_unknown_as_one_that_nobody_has(pds: Asked, number: str) -> None:
    assert await pds.records("person", nhs_number=number) == []


async def test_adoptive_parents_are_the_childs_parents_and_nothing_more(pds: Asked) -> None:
    made = await pds.everything(nhs_number="9990006857")

    codes = {
        coding["code"]
        for relative in of(made, "related-person")
        for concept in relative["relationship"]
        for coding in concept["coding"]
    }
    assert codes == {"MTH", "FTH", "Guardian"}
