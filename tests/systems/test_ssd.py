"""The Standard Safeguarding Dataset, asked through its connector."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.federation.ownership import holds, supplied
from mappings import Made
from tests.systems.asking import Asked, agency, of

MAYA = "1010001"
ELLA = "1010005"


@pytest.fixture
async def ssd(tmp_path: Path) -> AsyncIterator[Asked]:
    async with agency("northtown-csc", "ssd", tmp_path) as asked:
        yield asked


@pytest.fixture
async def maya(ssd: Asked) -> list[Made]:
    return await ssd.everything(local=MAYA)


async def test_a_child_is_found_by_nhs_number_and_lends_the_councils_own(ssd: Asked) -> None:
    (person,) = await ssd.records("person", nhs_number="9990001375")

    assert supplied(ssd.system.kinds["person"], person) == {"nhs-number": "9990001375", "local": MAYA}


async def test_the_upn_is_lent_from_the_linked_identifiers_and_other_numbers_are_not(ssd: Asked) -> None:
    records = await ssd.records("linked_identifier", local=ELLA)

    kind = ssd.system.kinds["linked_identifier"]
    assert [supplied(kind, record) for record in records] == [{"upn": "T901440322031"}, {}]


async def test_the_plan_has_its_category_from_the_second_of_september(maya: list[Made]) -> None:
    (plan,) = of(maya, "child-protection-plan")

    assert plan["category"][1]["coding"][0]["display"] == "Neglect"
    assert (plan["status"], plan["period"]) == ("active", {"start": "2026-09-02"})


async def test_the_lead_practitioner_is_known_since_august_with_a_telephone(maya: list[Made]) -> None:
    (involvement,) = of(maya, "involvement")
    (role,) = of(maya, "practitioner-role")

    (participant,) = involvement["participant"]
    assert participant["role"][0]["coding"][0]["code"] == "lead-practitioner"
    assert participant["member"]["display"] == "J. Patel"
    assert involvement["period"] == {"start": "2026-08-05"}
    assert role["practitioner"]["reference"] == participant["member"]["reference"]
    assert role["telecom"][0]["value"] == "01632 960112"


async def test_the_referral_by_the_nursery_says_its_source_and_names_nobody(maya: list[Made]) -> None:
    (referral,) = of(maya, "referral")

    assert referral["authoredOn"] == "2026-08-05"
    assert referral["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] == "2B"
    assert referral["requester"] == {"display": "Education service"}
    assert "security" not in referral["meta"]


async def test_a_referral_by_a_member_of_the_public_is_labelled(ssd: Asked) -> None:
    made = await ssd.everything(local=ELLA)

    for fact in ("referral", "social-care-contact"):
        (resource,) = of(made, fact)
        assert [label["code"] for label in resource["meta"]["security"]] == ["referrer-identity"]


async def test_the_childs_words_come_with_day_and_hearer(maya: list[Made]) -> None:
    (words,) = of(maya, "voice-of-child")

    assert words["valueString"] == "I like it at Nana's. She does my hair. I don't like the shouting."
    assert (words["effectiveDateTime"], words["performer"]) == ("2026-10-28", [{"display": "J. Patel"}])


async def test_what_an_assessment_found_about_an_adult_is_labelled_and_apart(maya: list[Made]) -> None:
    found = {
        factor["code"]["coding"][0]["code"]: [
            part["valueCodeableConcept"]["coding"][0]["code"] for part in factor["component"]
        ]
        for factor in of(maya, "assessment-factor")
    }
    labels = [factor["meta"].get("security", []) for factor in of(maya, "assessment-factor")]

    assert found == {"assessment-factor-child": ["16A"], "assessment-factor-family": ["1B"]}
    assert sorted(label["code"] for group in labels for label in group) == ["third-party"]


async def test_a_question_that_the_child_did_not_answer_is_not_a_no(ssd: Asked) -> None:
    (survey,) = of(await ssd.everything(local=ELLA), "child-survey")

    answers = {part["code"]["coding"][0]["code"]: part["valueBoolean"] for part in survey["component"]}
    assert answers == {"worries-explained": True, "agrees-with-worker": False, "plan-is-clear": True}


async def test_no_word_of_an_adoption_leaves_without_its_label(ssd: Asked) -> None:
    made = await ssd.everything(local="1010004")

    for one in made:
        text = repr(one.resource).lower()
        labels = {label["code"] for label in one.resource.get("meta", {}).get("security", ())}
        assert "adopt" not in text or "adoption-link" in labels


async def test_records_of_different_tables_never_share_an_id(ssd: Asked) -> None:
    made = [one for local in (MAYA, ELLA) for one in await ssd.everything(local=local)]

    facts: dict[tuple[str, str], set[str]] = {}
    for one in made:
        facts.setdefault((one.made_type, one.key), set()).add(one.fact)
    assert all(len(found) == 1 for found in facts.values())


async def test_the_lead_is_evidence_of_a_relationship_for_the_worker_alone(ssd: Asked) -> None:
    (involvement,) = await ssd.records("involvement", local=MAYA)
    (lead, _) = ssd.system.options["relationship"]

    assert holds(lead["where"], lead["without"], involvement)
    assert involvement["ssd_professionals"]["prof_staff_id"] == "NTW-0412"


async def test_a_source_without_tables_of_its_own_offers_only_the_dataset(tmp_path: Path) -> None:
    async with agency("northtown-csc", "ssd", tmp_path, local_tables=[]) as asked:
        assert not {"child_words", "relative", "worker_contact"} & asked.connector.capabilities.keys()
        assert await asked.records("cp_plan", local=MAYA)
