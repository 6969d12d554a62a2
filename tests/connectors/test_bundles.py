"""References followed inside a Bundle, and messages that replace or delete earlier ones."""

from pathlib import Path
from typing import Any

import pytest

from connectors.bundles import linked, settled
from connectors.records import inside
from connectors.system import System, SystemMistake, read_system

_SYSTEM = """
id = "x"
title = "X"
transport = "fhir"
[kinds.answer]
path = "Bundle"
[kinds.answer.latest]
same = ["event", "focus[].reference"]
newest = "at"
gone = {"what" = "delete"}
[kinds.team]
part_of = "answer"
path = "entry[].resource"
where = {resourceType = "CareTeam"}
FOLLOW
[kinds.team.fields]
"" = "any"
"""
_FOLLOW = 'follow = {"participant[].person" = "participant[].member.reference", boss = "lead.reference"}'


def system(folder: Path, follow: str = _FOLLOW) -> System:
    file = folder / "x.toml"
    file.write_text(_SYSTEM.replace("FOLLOW", follow), encoding="utf-8")
    return read_system(file)


def bundle() -> dict[str, Any]:
    team = {
        "resourceType": "CareTeam",
        "participant": [{"member": {"reference": "urn:uuid:a"}}, {"member": {"reference": "urn:uuid:none"}}],
        "lead": {"reference": "Practitioner/b"},
    }
    people = [
        {"fullUrl": "urn:uuid:a", "resource": {"resourceType": "Practitioner", "id": "a"}},
        {"resource": {"resourceType": "Practitioner", "id": "b"}},
    ]
    return {"entry": [{"resource": team}, *people]}


def test_a_reference_is_followed_by_full_url_or_by_type_and_id_at_the_place_where_it_stands(
    tmp_path: Path,
) -> None:
    team = linked(system(tmp_path), "answer", bundle())["entry"][0]["resource"]

    assert team["boss"] == {"resourceType": "Practitioner", "id": "b"}
    assert team["participant"][0]["person"] == {"resourceType": "Practitioner", "id": "a"}


def test_a_reference_that_leads_out_of_the_bundle_adds_nothing(tmp_path: Path) -> None:
    team = linked(system(tmp_path), "answer", bundle())["entry"][0]["resource"]

    assert team["participant"][1] == {"member": {"reference": "urn:uuid:none"}}


def test_a_bundle_without_entries_passes(tmp_path: Path) -> None:
    assert linked(system(tmp_path), "answer", {"total": 0}) == {"total": 0}


def test_a_followed_field_must_stand_beside_its_reference(tmp_path: Path) -> None:
    wrong = system(tmp_path, 'follow = {"participant[].person" = "member.reference"}')

    with pytest.raises(SystemMistake, match="do not start at the same place"):
        linked(wrong, "answer", bundle())


def message(minute: str, what: str = "new", about: str = "e1") -> dict[str, Any]:
    return {
        "event": "hearing",
        "focus": [{"reference": about}],
        "at": f"2026-11-01T09:0{minute}:00+00:00",
        "what": what,
    }


def test_of_messages_about_the_same_thing_the_newest_stays_whatever_their_order(tmp_path: Path) -> None:
    kind = system(tmp_path).kinds["answer"]
    old, update, other = message("1"), message("2", "update"), message("3", about="e2")

    assert settled(kind, [old, update, other]) == [other, update]
    assert settled(kind, [other, update, old]) == [other, update]


def test_a_delete_takes_the_earlier_messages_and_itself_away(tmp_path: Path) -> None:
    kind = system(tmp_path).kinds["answer"]

    assert settled(kind, [message("1"), message("2", "delete")]) == []


def test_what_is_sent_again_after_a_delete_stands(tmp_path: Path) -> None:
    kind = system(tmp_path).kinds["answer"]
    again = message("3")

    assert settled(kind, [message("1"), message("2", "delete"), again]) == [again]


def test_a_message_that_does_not_say_what_it_is_about_stands_for_itself(tmp_path: Path) -> None:
    kind = system(tmp_path).kinds["answer"]
    silent = [{"event": "hearing", "at": "1"}, {"event": "hearing", "at": "2"}]

    assert len(settled(kind, silent)) == 2


def test_a_kind_without_the_line_keeps_every_message(tmp_path: Path) -> None:
    kind = system(tmp_path).kinds["team"]

    assert settled(kind, [message("2"), message("1")]) == [message("2"), message("1")]


def test_the_newest_is_the_newest_in_time_not_in_writing(tmp_path: Path) -> None:
    kind = system(tmp_path).kinds["answer"]
    summer = {**message("1"), "at": "2026-10-25T01:30:00+01:00"}
    winter = {**message("1"), "at": "2026-10-25T01:10:00+00:00"}

    assert settled(kind, [summer, winter]) == [winter]


def test_a_part_with_a_path_that_must_be_absent_takes_only_records_without_it(tmp_path: Path) -> None:
    described = system(tmp_path, 'without = ["lead.reference"]')
    answer = {"entry": [{"resource": {"resourceType": "CareTeam", "id": "b"}}, *bundle()["entry"]]}

    assert [record["id"] for record in inside(described, "answer", answer)] == ["b"]


def test_texts_in_a_list_are_records_where_the_kind_declares_a_text_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "y.toml"
    file.write_text(
        """
id = "y"
title = "Y"
transport = "xml_drop"
[kinds.child]
element = "Child"
[kinds.review]
part_of = "child"
path = "Plan[].Review[]"
carry = {start = "Plan[].Start"}
fields = {"#text" = "date", start = "date"}
""",
        encoding="utf-8",
    )
    answer = {"Plan": {"Start": "2026-09-02", "Review": ["2026-11-25", "2027-02-24"]}}

    found = list(inside(read_system(file), "child", answer))

    assert [dict(record) for record in found] == [
        {"#text": "2026-11-25", "start": "2026-09-02"},
        {"#text": "2027-02-24", "start": "2026-09-02"},
    ]
