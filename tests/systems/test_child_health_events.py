"""Child health events: Northshire Community Health's messages, asked for and mapped.

https://developer.nhs.uk/apis/ems-beta/
"""

from pathlib import Path

import pytest

from gateway.demo.agencies import northshire_community
from tests.systems.asking import example_pair, examples, made_of
from tests.systems.whole_answer import AMARA, ELLA, JORDAN, MAYA, PRIYA, Whole, whole


async def trust(child: str, folder: Path) -> Whole:
    return await whole("northshire-community", "child-health-events", {"nhs-number": child}, folder)


@pytest.mark.parametrize("name", examples("child-health-events"))
def test_each_example_becomes_what_stands_beside_it(name: str) -> None:
    records, expected = example_pair("child-health-events", name)

    assert expected
    assert made_of("child-health-events", name, records) == expected


async def test_maya_was_not_brought_to_her_review_which_is_a_cancelled_contact(tmp_path: Path) -> None:
    reviews = (await trust(MAYA, tmp_path)).of("health-review")
    (missed,) = [r for r in reviews if r["status"] == "cancelled"]

    assert missed["period"] == {"start": "2026-10-01"}
    assert missed["type"][0]["text"] == "Review"
    assert missed["reasonCode"] == [{"text": "was not brought"}]


async def test_mayas_contact_at_four_years_was_at_home(tmp_path: Path) -> None:
    reviews = (await trust(MAYA, tmp_path)).of("health-review")
    (contact,) = [r for r in reviews if r["period"]["start"] == "2026-03-16"]

    assert contact["type"][0]["text"] == "4-year contact, seen at home"
    assert contact["class"]["code"] == "HH"


async def test_what_helps_maya_stands_in_her_words_with_who_wrote_it(tmp_path: Path) -> None:
    helps = (await trust(MAYA, tmp_path)).one("what-helps")

    assert helps["valueString"] == "Tell me before you touch me. Use signs. I want Bun, my blue rabbit."
    assert helps["effectiveDateTime"] == "2026-05-12"
    assert helps["performer"][0]["display"] == "K. Doyle"


async def test_mayas_health_visitor_is_involved_since_march_2022(tmp_path: Path) -> None:
    team = (await trust(MAYA, tmp_path)).one("involvement")

    assert team["participant"][0]["member"]["display"] == "K. Doyle"
    assert team["participant"][0]["role"][0]["text"] == "Health visitor"
    assert team["period"] == {"start": "2022-03-30"}
    assert team["telecom"][0]["value"] == "01632 960130"


async def test_a_birth_notification_tells_the_mothers_name_and_not_her_nhs_number(tmp_path: Path) -> None:
    mother = (await trust(MAYA, tmp_path)).one("related-person")

    assert mother["name"][0]["given"] == ["Tara"]
    assert "identifier" not in mother


async def test_the_mothers_part_of_a_birth_notification_makes_no_record_of_another_child(
    tmp_path: Path,
) -> None:
    answer = await trust(MAYA, tmp_path)

    assert answer.foreign == []
    assert {record["name"][0]["given"][0] for record in answer.records if record.kind == "person"} == {"Maya"}


async def test_a_screening_sent_by_mistake_and_deleted_is_not_there(tmp_path: Path) -> None:
    reviews = (await trust(AMARA, tmp_path)).of("health-review")

    assert "2026-01-19" not in {r["period"]["start"] for r in reviews}
    assert "2026-01-17" in {r["period"]["start"] for r in reviews}


async def test_a_vaccination_of_another_pupil_that_was_deleted_is_not_there(tmp_path: Path) -> None:
    vaccines = (await trust(ELLA, tmp_path)).of("immunisation")

    assert [v["vaccineCode"]["text"] for v in vaccines] == ["HPV vaccine"]


async def test_a_corrected_vaccination_stands_once_with_its_corrected_batch(tmp_path: Path) -> None:
    vaccines = (await trust(JORDAN, tmp_path)).of("immunisation")

    assert [v["lotNumber"] for v in vaccines] == ["XL4012"]


async def test_camhs_is_open_with_a_worker_and_labelled_as_mental_health(tmp_path: Path) -> None:
    answer = await trust(PRIYA, tmp_path)

    assert answer.one("health-episode")["status"] == "active"
    for fact in ("health-episode", "involvement"):
        assert [label["code"] for label in answer.one(fact)["meta"]["security"]] == ["MH"]


async def test_jordans_services_are_told_open_and_closed(tmp_path: Path) -> None:
    episodes = (await trust(JORDAN, tmp_path)).of("health-episode")

    assert {e["type"][0]["coding"][0]["display"]: e["status"] for e in episodes} == {
        "Health visiting service": "finished",
        "School nursing service": "active",
        "Child and adolescent psychiatry service": "active",
    }


async def test_measurements_keep_their_digits(tmp_path: Path) -> None:
    found = (await trust(AMARA, tmp_path)).of("measurement")

    assert {str(m["valueQuantity"]["value"]) for m in found} == {"3105", "4.62", "7.90", "44.2"}


async def test_a_child_without_messages_has_no_records(tmp_path: Path) -> None:
    assert (await trust("9990008221", tmp_path)).records == []


async def test_messages_on_several_pages_all_count(tmp_path: Path) -> None:
    answer = await trust(MAYA, tmp_path)

    assert answer.kinds()["header"] == 7 > northshire_community.PAGE
