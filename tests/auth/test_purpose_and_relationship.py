"""P and L: every row on purpose, identity and relationship that does not need later issues' facts.

Typed from the policy's tables 2.3a and 2.5.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from auth.decision import Facts, Obligation, Outcome, Relationship, Ruling
from auth.policy.decide import NOTHING_FOR_THIS_NUMBER, before_identity, decide
from auth.policy.sharing import SharingPolicy
from tests.auth.asking import AGREEMENT, LINKED, OTHER, OWN, RULES, TODAY, asker, decision, item, ruling

# 2.3a, typed again: any other purpose is P-02
PURPOSES = {
    "ed-clinician": {"emergency-care", "direct-care"},
    "gp": {"direct-care", "safeguarding-concern"},
    "health-visitor": {"direct-care", "safeguarding-concern"},
    "school-nurse": {"direct-care", "safeguarding-concern"},
    "camhs-worker": {"direct-care"},
    "social-worker": {"s47-enquiry", "safeguarding-concern", "s17-assessment", "looked-after-care"},
    "mash": {"s47-enquiry", "safeguarding-concern"},
    "safeguarding-lead": {"safeguarding-concern", "send-support"},
    "sen-lead": {"send-support"},
    "police-protection": {"s47-enquiry", "safeguarding-concern"},
    "youth-justice": {"youth-justice"},
    "early-help": {"early-help"},
    "child-death-review": {"child-death-review"},
    "privacy-officer": {"audit-review"},
    "governance-lead": {"audit-review"},
    "young-person": {"subject-request"},
    "parent": {"family-request"},
    "receptionist": set[str](),
    "case-system": set[str](),
}
REFUSED = ["analysis", "planning", "research", "immigration-enforcement", "benefit-fraud"]
ALL_PURPOSES = sorted(set().union(*PURPOSES.values()) | {"break-glass"})
SAFEGUARDING = {"social-worker", "mash", "safeguarding-lead", "police-protection"}
LINKS = [
    Relationship.ENCOUNTER_OPEN,
    Relationship.ON_CASELOAD,
    Relationship.LEAD_PRACTITIONER,
    Relationship.MASH_MEMBER,
]
UNLINKED = Facts(known=True, age=4)


def on_request(role: str, purpose: str, facts: Facts = LINKED) -> Ruling:
    return decision(asker(role, purpose), facts).ruling


@pytest.mark.parametrize("role", PURPOSES)
@pytest.mark.parametrize("purpose", REFUSED)
def test_p01_some_purposes_are_refused_to_everybody(role: str, purpose: str) -> None:
    found = on_request(role, purpose)

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-01",))
    assert found.text == "This gateway does not serve that purpose."
    assert found.obligations == {Obligation.AUDIT_HIGH, Obligation.NOTIFY_PRIVACY_OFFICER}


@pytest.mark.parametrize("role", PURPOSES)
@pytest.mark.parametrize("purpose", ["", "made-up", "Direct-Care", "s47-enquiry "])
def test_p02_a_purpose_that_is_missing_or_unknown_is_refused(role: str, purpose: str) -> None:
    found = on_request(role, purpose)

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-02",))
    assert found.text == "Say why you need this record."


@pytest.mark.parametrize("role", PURPOSES)
@pytest.mark.parametrize("purpose", ALL_PURPOSES)
def test_p02_a_role_claims_only_the_purposes_of_the_table(role: str, purpose: str) -> None:
    refused = on_request(role, purpose).rules == ("P-02",)

    assert refused is (purpose not in PURPOSES[role])


@pytest.mark.parametrize("role", ["", "made-up", "ED-clinician"])
def test_p02_a_role_that_nobody_knows_is_refused(role: str) -> None:
    assert on_request(role, "direct-care").outcome is Outcome.DENY


@pytest.mark.parametrize(
    ("start", "end", "covered"), [(0, 0, True), (-1, 1, True), (1, 2, False), (-2, -1, False)]
)
def test_p03_an_agreement_counts_from_its_first_to_its_last_day(start: int, end: int, covered: bool) -> None:
    day = timedelta(days=1)
    policy = replace(AGREEMENT, start=TODAY + start * day, end=TODAY + end * day)

    assert (other_source(policy).outcome is Outcome.PERMIT) is covered


@pytest.mark.parametrize("policy", [
    replace(AGREEMENT, parties=frozenset({"OWN"})),
    replace(AGREEMENT, parties=frozenset({"OTHER"})),
    replace(AGREEMENT, purposes=frozenset({"s47-enquiry"})),
    replace(AGREEMENT, purposes=frozenset()),
])  # fmt: skip
def test_p03_an_agreement_counts_only_between_its_parties_and_for_its_purposes(policy: SharingPolicy) -> None:
    found = other_source(policy)

    assert (found.outcome, found.rules, found.contact) == (Outcome.DENY, ("P-03",), "01632 960140")


def other_source(policy: SharingPolicy) -> Ruling:
    rules = replace(RULES, sharing={"agreement": policy})
    return decide(rules, asker("gp", "direct-care"), LINKED, (OTHER,), TODAY).sources["other"]


def test_p03_a_policy_that_the_agency_has_not_signed_does_not_count() -> None:
    unsigned = replace(OTHER, policies=("another",))

    assert decision(asker("gp", "direct-care"), LINKED, unsigned).sources["other"].rules == ("P-03",)


def test_p03_ones_own_agency_needs_no_agreement() -> None:
    assert decision(asker("gp", "direct-care"), LINKED, OWN).sources["own"].outcome is Outcome.PERMIT


def test_p03_the_same_code_in_another_system_is_another_agency() -> None:
    namesake = replace(OWN, organization=("https://other.example/codes", "OWN"))

    assert decision(asker("gp", "direct-care"), LINKED, namesake).sources["own"].outcome is Outcome.DENY


@pytest.mark.parametrize("role", PURPOSES)
@pytest.mark.parametrize("purpose", ALL_PURPOSES)
def test_p05_a_service_that_acts_for_nobody_gets_no_content(role: str, purpose: str) -> None:
    service = replace(asker(role, purpose), person=False)

    found = decision(service).ruling

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-05",))


@pytest.mark.parametrize("role", ["ed-clinician", "mash", "child-death-review", "police-protection"])
@pytest.mark.parametrize("deceased", [False, True])
def test_p08_a_superseded_number_is_silent_whoever_asks(role: str, deceased: bool) -> None:
    for purpose in PURPOSES[role]:
        found = on_request(role, purpose, replace(LINKED, superseded=True, deceased=deceased))
        assert (found.outcome, found.rules) == (Outcome.SILENT, ("P-08",))
        assert found.text == NOTHING_FOR_THIS_NUMBER
        assert found.obligations == {Obligation.AUDIT_HIGH, Obligation.NOTIFY_PRIVACY_OFFICER}


def test_p08_the_words_are_those_of_the_table() -> None:
    assert NOTHING_FOR_THIS_NUMBER == (
        "Nothing can be shown for this number. Check it, or search by name and date of birth, or phone the "
        "safeguarding team."
    )


@pytest.mark.parametrize("role", ["privacy-officer", "governance-lead"])
def test_p12_an_audit_review_opens_no_record(role: str) -> None:
    found = on_request(role, "audit-review")

    assert (found.outcome, found.rules) == (Outcome.DENY, ("P-12",))


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("role", sorted(PURPOSES.keys() - {"privacy-officer", "governance-lead"}))
def test_l01_a_link_of_ones_own_agency_lets_continue(role: str, link: Relationship) -> None:
    for purpose in PURPOSES[role]:
        found = on_request(role, purpose, replace(UNLINKED, relationship=link))
        assert (found.outcome, found.rules) == (Outcome.PERMIT, ("L-01",))


@pytest.mark.parametrize("relationship", [r for r in Relationship if r not in LINKS])
@pytest.mark.parametrize("role", PURPOSES)
def test_l02_a_safeguarding_role_continues_without_a_link_and_nobody_else_does(
    role: str, relationship: Relationship
) -> None:
    for purpose in PURPOSES[role] & {"s47-enquiry", "safeguarding-concern"}:
        found = on_request(role, purpose, replace(UNLINKED, relationship=relationship))
        assert (found.rules == ("L-02",)) is (role in SAFEGUARDING)
        if role in SAFEGUARDING:
            assert found.outcome is Outcome.PERMIT
            assert found.obligations == {Obligation.REASON_TEXT, Obligation.RECORD_TOLD_FAMILY}


@pytest.mark.parametrize(("reason", "told", "needs"), [
    ("", "", ("reason", "told_family")),
    ("too short", "no", ("reason",)),
    ("              x", "no", ("reason",)),
    ("a bruise that nobody can explain", "", ("told_family",)),
    ("fifteen letters", "yes", ()),
])  # fmt: skip
def test_l02_what_must_be_declared_is_named(reason: str, told: str, needs: tuple[str, ...]) -> None:
    principal = replace(asker("social-worker", "s47-enquiry"), reason=reason, told_family=told)

    found, lacking = before_identity(RULES, principal)

    assert lacking == needs
    assert (found.outcome is Outcome.PERMIT) is (not needs)


@pytest.mark.parametrize(("role", "purpose", "present", "unscheduled", "rule"), [
    ("ed-clinician", "emergency-care", True, True, "L-03"),
    ("ed-clinician", "emergency-care", True, False, "L-04"),
    ("ed-clinician", "emergency-care", False, True, "L-04"),
    ("ed-clinician", "direct-care", True, True, "L-04"),
    ("gp", "direct-care", True, True, "L-04"),
    ("camhs-worker", "direct-care", False, False, "L-04"),
    ("social-worker", "s17-assessment", False, False, "L-04"),
    ("school-nurse", "safeguarding-concern", False, False, "L-04"),
    ("early-help", "early-help", True, True, "L-05"),
    ("youth-justice", "youth-justice", True, True, "L-05"),
    ("sen-lead", "send-support", True, True, "L-05"),
    ("safeguarding-lead", "send-support", True, True, "L-05"),
    ("young-person", "subject-request", True, True, "L-05"),
    ("parent", "family-request", True, True, "L-05"),
])  # fmt: skip
def test_l03_to_l05_without_a_link(
    role: str, purpose: str, present: bool, unscheduled: bool, rule: str
) -> None:
    principal = replace(asker(role, purpose), unscheduled=unscheduled)

    found = decision(principal, replace(UNLINKED, clinical_presence=present)).ruling

    outcome = {"L-03": Outcome.PERMIT, "L-04": Outcome.PERMIT_BTG, "L-05": Outcome.DENY}[rule]
    assert (found.outcome, found.rules) == (outcome, (rule,))


@pytest.mark.parametrize(("role", "purpose", "unscheduled", "rule"), [
    ("ed-clinician", "emergency-care", True, "L-03"),
    ("ed-clinician", "emergency-care", False, "L-04"),
    ("ed-clinician", "direct-care", True, "L-04"),
    ("gp", "direct-care", True, "L-04"),
    ("social-worker", "s17-assessment", True, "L-04"),
    ("early-help", "early-help", True, "L-05"),
    ("youth-justice", "youth-justice", True, "L-05"),
    ("safeguarding-lead", "send-support", True, "L-05"),
    ("parent", "family-request", True, "L-05"),
])  # fmt: skip
def test_a_link_that_could_not_be_checked_counts_in_an_emergency_only_and_is_told(
    role: str, purpose: str, unscheduled: bool, rule: str
) -> None:
    principal = replace(asker(role, purpose), unscheduled=unscheduled)

    found = decision(principal, replace(UNLINKED, relationship=Relationship.CLAIMED)).ruling

    outcome = {"L-03": Outcome.PERMIT, "L-04": Outcome.PERMIT_BTG, "L-05": Outcome.DENY}[rule]
    assert (found.outcome, found.rules) == (outcome, (rule,))
    told = {Obligation.AUDIT_HIGH, Obligation.NOTIFY_PRIVACY_OFFICER, Obligation.NOTIFY_LA_EDT}
    assert found.obligations == (told if rule == "L-03" else frozenset())


@pytest.mark.parametrize("relationship", [Relationship.SELF, Relationship.PR_HOLDER, Relationship.CLAIMED])
@pytest.mark.parametrize("role", ["young-person", "parent"])
def test_l06_and_l07_the_familys_own_view_is_not_built_and_therefore_refused(
    role: str, relationship: Relationship
) -> None:
    (purpose,) = PURPOSES[role]

    assert on_request(role, purpose, replace(UNLINKED, relationship=relationship)).outcome is Outcome.DENY


@pytest.mark.parametrize("role", sorted(PURPOSES.keys() - SAFEGUARDING))
def test_p11_death_opens_nothing_to_somebody_whom_nothing_links_to_the_child(role: str) -> None:
    for purpose in PURPOSES[role] - {"child-death-review"}:
        alive, dead = (on_request(role, purpose, replace(UNLINKED, deceased=d)) for d in (False, True))
        assert dead.outcome is alive.outcome


def test_p11_a_death_review_is_of_a_child_who_has_died() -> None:
    assert on_request("child-death-review", "child-death-review", UNLINKED).outcome is Outcome.DENY


def test_p11_the_banner_of_a_child_who_has_died_still_keeps_to_every_other_rule() -> None:
    facts = replace(LINKED, deceased=True)
    gp = asker("gp", "direct-care")

    assert ruling(gp, item(), facts).outcome is Outcome.PERMIT
    assert ruling(gp, item("adoption-link"), facts).outcome is Outcome.SILENT
    assert ruling(gp, item("protected-person"), facts).outcome is Outcome.SILENT
    unsigned = decision(gp, facts, replace(OTHER, policies=()))
    assert unsigned.sources["other"].outcome is Outcome.DENY


def test_a_decision_names_the_rules_in_force_the_column_and_the_purpose() -> None:
    found = decide(RULES, asker("gp", "direct-care"), LINKED, (OTHER,), date(2026, 11, 22))

    assert (found.column, found.purpose) == ("gp-routine", "direct-care")
    assert found.policy_version.startswith("agreement.1/")
