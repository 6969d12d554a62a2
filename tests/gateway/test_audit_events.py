"""AuditEvents: who, why, for whom and what was decided; never a name, a number, a reason's words or content.

https://profiles.ihe.net/ITI/BALP/content.html
"""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from auth.decision import Outcome, Ruling
from auth.policy.rules import read_rules
from gateway.audit import events
from gateway.audit.pseudonym import Pseudonyms
from gateway.clock import LONDON
from gateway.fhir.schema import faults
from gateway.keys import Key
from gateway.store.schema import upgrade
from tests.auth.asking import asker

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)
NUMBER = "9990001375"
KEY = Key("pseudonyms", {1: bytes(range(32))})
NAMES = Pseudonyms(KEY)
DOCTOR = replace(
    asker("ed-clinician", "emergency-care"),
    name="CANARY-name",
    reason="CANARY-reason",
    told_family="CANARY-told",
)
FRAME = events.Frame(
    base="https://wholechild.example/fhir",
    request="r-1",
    interaction="operation",
    principal=DOCTOR,
    child=NAMES.of(NUMBER),
    policy_version="agreement.1/abc",
    sealed_reason=NAMES.seal(DOCTOR.reason),
)
NOBODY = replace(FRAME, principal=None, child="", sealed_reason="")
DENIED = Ruling(Outcome.DENY, ("P-03",), "No agreement covers this.")
MADE = {
    "request": events.request_event(FRAME, NOW),
    "request of nobody": events.request_event(NOBODY, NOW, events.FAILED, "not authenticated"),
    "decision": events.decision_event(FRAME, NOW, "police", DENIED),
    "decision on all": events.decision_event(FRAME, NOW, "", Ruling(Outcome.PERMIT, ("L-01",))),
    "query": events.query_event(FRAME, NOW, events.Asked("police", "timed-out", ("nhs-number",), 0, True)),
    "manifest": events.manifest_event(FRAME, NOW, [("CarePlan/x", "ab12", ("R-plans",))], complete=False),
    "notice": events.notice_event(FRAME, NOW, "notify-la-edt", "the council"),
}


@pytest.mark.parametrize("name", MADE)
def test_every_event_is_r4(name: str) -> None:
    assert faults(MADE[name]) == []


@pytest.mark.parametrize("name", MADE)
def test_no_event_holds_a_name_a_number_or_the_words_of_a_reason(name: str) -> None:
    written = json.dumps(MADE[name]) + events.row(FRAME, MADE[name]).body.decode()

    assert "CANARY" not in written
    assert NUMBER not in written


@pytest.mark.parametrize("name", sorted(MADE.keys() - {"request of nobody"}))
def test_every_event_says_who_for_whom_why_and_for_which_request(name: str) -> None:
    event = MADE[name]
    agents, entities = event["agent"], event["entity"]

    assert agents[0]["who"]["identifier"]["value"] == "somebody"
    assert agents[0]["requestor"]
    assert agents[0]["role"] == [{"text": "ed-clinician"}]
    assert agents[1]["who"]["identifier"]["value"] == "OWN"
    assert [c["code"] for c in event["purposeOfEvent"][0]["coding"]] == ["emergency-care", "ERTREAT"]
    values = [entity["what"]["identifier"]["value"] for entity in entities]
    assert values[:2] == [NAMES.of(NUMBER), "r-1"]
    assert event["recorded"] == "2026-11-22T02:07:00.000+00:00"


def details(name: str, entity: int) -> dict[str, str]:
    return {d["type"]: d["valueString"] for d in MADE[name]["entity"][entity]["detail"]}


def test_a_decision_names_its_rules_outcome_source_and_policy() -> None:
    assert details("decision", 2) == {"rules": "P-03", "outcome": "deny", "source": "police"}
    assert MADE["decision"]["outcome"] == "8"
    assert MADE["decision"]["entity"][2]["what"]["identifier"]["value"] == "agreement.1/abc"
    assert details("decision on all", 2)["source"] == "request"
    assert MADE["decision on all"]["outcome"] == "0"


def test_a_question_to_a_source_says_which_state_how_asked_and_how_many() -> None:
    assert details("query", 1) == {"identifiers": "nhs-number", "items": "0", "foreign": "0", "faulty": "0"}
    assert (MADE["query"]["outcome"], MADE["query"]["outcomeDesc"]) == ("8", "timed-out")


def test_a_manifest_names_what_was_shown_by_reference_hash_and_rules_and_whether_it_was_all() -> None:
    assert details("manifest", 1) == {"items": "1", "policy": "agreement.1/abc", "CarePlan/x": "ab12 R-plans"}
    assert MADE["manifest"]["outcome"] == "4"


@pytest.mark.parametrize("purpose", sorted(read_rules({}).purposes))
def test_every_purpose_has_a_nearest_reason_of_hl7(purpose: str) -> None:
    event: dict[str, Any] = events.request_event(
        replace(FRAME, principal=replace(DOCTOR, purpose=purpose)), NOW
    )

    local, nearest = event["purposeOfEvent"][0]["coding"]
    assert local["code"] == purpose
    assert nearest["system"] == "http://terminology.hl7.org/CodeSystem/v3-ActReason"


def test_a_pseudonym_is_the_same_for_one_child_and_tells_nothing_without_the_key() -> None:
    other = Pseudonyms(Key("pseudonyms", {1: bytes(32)}))

    assert NAMES.of(NUMBER) == Pseudonyms(KEY).of(NUMBER)
    assert NAMES.of(NUMBER) != NAMES.of("9990002746")
    assert NAMES.of(NUMBER) != other.of(NUMBER)
    assert NUMBER not in NAMES.of(NUMBER)


def test_after_a_rotation_new_rows_carry_the_new_name_and_old_rows_are_still_found() -> None:
    rotated = Pseudonyms(Key("pseudonyms", {**KEY.versions, 2: bytes(32)}))

    assert rotated.of(NUMBER) not in (NAMES.of(NUMBER),)
    assert rotated.all_of(NUMBER) == (NAMES.of(NUMBER), rotated.of(NUMBER))


def test_a_reason_is_sealed_each_time_differently_and_an_empty_one_stays_empty() -> None:
    assert NAMES.seal("") == ""
    assert NAMES.seal("because") != NAMES.seal("because")
    assert b"because".hex() not in NAMES.seal("because")


def test_a_fingerprint_changes_with_what_was_shown_and_with_the_key() -> None:
    other = Pseudonyms(Key("pseudonyms", {1: bytes(32)}))

    assert NAMES.fingerprint(b"{}") == NAMES.fingerprint(b"{}")
    assert len({NAMES.fingerprint(b"{}"), NAMES.fingerprint(b"{ }"), other.fingerprint(b"{}")}) == 3


def test_upgrading_a_database_twice_changes_nothing_and_makes_its_folder(tmp_path: Path) -> None:
    database = tmp_path / "new folder" / "100% gateway.db"
    upgrade(database)
    before = database.read_bytes()

    upgrade(database)

    assert database.read_bytes() == before
