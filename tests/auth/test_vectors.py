"""The policy's own test vectors (2.8) that need no later issue: 1 to 8, 18 to 20, 23, 25 and 26.

9 and 10 are answers, not decisions alone: tests/gateway/test_silence.py.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auth.decision import Facts, Obligation, Outcome, Relationship, Ruling, SourceFacts
from auth.policy.decide import DIED, decide
from auth.policy.rules import read_rules
from auth.policy.sharing import SharingMistake, read_sharing
from tests.auth.asking import AGREEMENT, LINKED, ODS, OTHER, RULES, TODAY, asker, decision, item, ruling

ED = asker("ed-clinician", "emergency-care")
SCHEDULED = replace(ED, unscheduled=False)
IN_DEPARTMENT = Facts(known=True, relationship=Relationship.ENCOUNTER_OPEN, age=4, clinical_presence=True)
PRESENT = Facts(known=True, age=4, clinical_presence=True)
ELSEWHERE = Facts(known=True, age=4)
SOCIAL_WORKER = asker("social-worker", "s47-enquiry")
DSL = asker("safeguarding-lead", "safeguarding-concern")


def test_vector_1_an_unscheduled_look_at_a_child_in_the_department_shows_alerts_and_tells_the_council() -> (
    None
):
    found = decision(ED, PRESENT)

    assert (found.ruling.outcome, found.ruling.rules) == (Outcome.PERMIT, ("L-03",))
    assert Obligation.NOTIFY_LA_EDT in found.ruling.obligations
    assert ruling(ED, item(section="alerts"), PRESENT).outcome is Outcome.PERMIT
    assert Obligation.NOTIFY_LA_EDT in decision(ED, IN_DEPARTMENT).ruling.obligations


def test_vector_2_a_scheduled_look_shows_the_same_and_tells_nobody() -> None:
    found = decision(SCHEDULED, IN_DEPARTMENT)

    assert found.ruling == Ruling(Outcome.PERMIT, ("L-01",))
    assert ruling(SCHEDULED, item(section="alerts"), IN_DEPARTMENT).outcome is Outcome.PERMIT


def test_vector_3_a_child_who_is_not_in_the_department_needs_breaking_the_glass() -> None:
    found = decision(ED, ELSEWHERE).ruling

    assert (found.outcome, found.rules) == (Outcome.PERMIT_BTG, ("L-04",))
    assert not ruling(ED, item(section="alerts"), ELSEWHERE).shows_something


@pytest.mark.parametrize("purpose", sorted(RULES.purposes))
@pytest.mark.parametrize("facts", [IN_DEPARTMENT, ELSEWHERE])
def test_vector_4_a_receptionist_is_refused(purpose: str, facts: Facts) -> None:
    assert decision(asker("receptionist", purpose), facts).ruling.outcome is Outcome.DENY


def test_vector_4_without_a_relationship_an_unregulated_role_is_refused_by_l05() -> None:
    found = decision(asker("early-help", "early-help"), ELSEWHERE).ruling

    assert (found.outcome, found.rules) == (Outcome.DENY, ("L-05",))


def test_vector_5_a_siblings_record_in_another_council_opens_only_with_an_agreement() -> None:
    eastmere = SourceFacts("eastmere-csc", (ODS, "OTHER"), "social-care", ("agreement",), "01632 960120")

    signed = decision(SOCIAL_WORKER, ELSEWHERE, eastmere).sources["eastmere-csc"]
    unsigned = decision(SOCIAL_WORKER, ELSEWHERE, replace(eastmere, policies=())).sources["eastmere-csc"]

    assert signed.outcome is Outcome.PERMIT
    assert (unsigned.outcome, unsigned.rules) == (Outcome.DENY, ("P-03",))
    assert unsigned.contact == "01632 960120"


def test_vector_6_analysis_is_refused_to_a_social_worker() -> None:
    found = decision(asker("social-worker", "analysis"), LINKED).ruling

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-01",))


def test_vector_7_a_school_learns_that_camhs_is_involved_and_no_more() -> None:
    found = ruling(DSL, item("MH", section="involved"))

    assert found.outcome is Outcome.EXISTS_ONLY
    assert "S-04" in found.rules
    assert found.text == "A mental health service is involved. Ask them."


def test_vector_8_a_school_sees_that_a_domestic_abuse_incident_happened_and_when() -> None:
    found = ruling(DSL, item("SDV", section="police"))

    assert (found.outcome, found.fact_only, found.sealed) == (Outcome.MASK, True, False)
    assert found.rules == ("R-police", "S-06")
    assert "Adult safety risk at the address" in found.text


def test_vector_8_a_school_sees_nothing_else_of_the_police() -> None:
    assert ruling(DSL, item(section="police")).outcome is Outcome.DENY


def test_vector_18_an_agreement_that_ended_yesterday_refuses() -> None:
    ended = replace(AGREEMENT, end=TODAY - timedelta(days=1))
    rules = replace(RULES, sharing={"agreement": ended})

    found = decide(rules, ED, IN_DEPARTMENT, (OTHER,), TODAY).sources["other"]

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-03",))


@pytest.mark.parametrize("content", [None, b"", b"[[policy]]\nid = 'half", b"\xff\xfe", b"policy = 1"])
def test_vector_19_agreements_that_cannot_be_read_open_nothing(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "sharing.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SharingMistake):
        read_sharing(file)
    without = decide(read_rules({}), ED, IN_DEPARTMENT, (OTHER,), TODAY)
    assert without.sources["other"].outcome is Outcome.DENY


def test_vector_20_a_covert_marker_is_silent_whatever_the_purpose_permits() -> None:
    found = ruling(SOCIAL_WORKER, item("covert", section="plans"))

    assert decision(SOCIAL_WORKER, LINKED).ruling.outcome is Outcome.PERMIT
    assert found.outcome is Outcome.SILENT
    assert "A-03" in found.rules


def test_vector_23_a_service_that_acts_for_nobody_fetches_nothing() -> None:
    service = replace(SOCIAL_WORKER, person=False)

    found = decision(service, LINKED).ruling

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-05",))


def test_vector_25_of_a_child_who_has_died_a_gp_sees_the_banner_and_the_sentence() -> None:
    gp, died = asker("gp", "direct-care"), replace(LINKED, deceased=True)

    found = decision(gp, died).ruling

    assert (found.outcome, found.text) == (Outcome.EXISTS_ONLY, DIED)
    assert found.rules[0] == "P-11"
    assert ruling(gp, item(section="identity"), died).outcome is Outcome.PERMIT
    for section in ("alerts", "health", "plans", "involved", "voice"):
        held = ruling(gp, item(section=section), died)
        assert (held.outcome, held.text) == (Outcome.EXISTS_ONLY, DIED)


def test_vector_25_the_child_death_review_is_permitted() -> None:
    review, died = asker("child-death-review", "child-death-review"), Facts(known=True, age=0, deceased=True)

    assert decision(review, died).ruling.outcome is Outcome.PERMIT
    assert ruling(review, item(section="health"), died).outcome is Outcome.PERMIT


def test_vector_26_an_audit_review_shows_no_content() -> None:
    officer = asker("privacy-officer", "audit-review")

    found = decision(officer, LINKED).ruling

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-12",))
    assert not ruling(officer, item(section="identity")).shows_something
