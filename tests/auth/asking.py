"""Askers, children, sources and items for tests of the rules, written as literals."""

from dataclasses import replace
from datetime import UTC, date, datetime

from auth.decision import Decision, Facts, Item, Relationship, Ruling, SourceFacts
from auth.policy.decide import decide
from auth.policy.items import rule_on
from auth.policy.rules import read_rules
from auth.policy.sharing import SharingPolicy
from auth.principal import Principal

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
TODAY = date(2026, 11, 22)
AGREEMENT = SharingPolicy(
    id="agreement",
    uri="https://northshire.example/agreement",
    version="1",
    parties=frozenset({"OWN", "OTHER"}),
    purposes=frozenset(
        {
            "s47-enquiry", "safeguarding-concern", "s17-assessment", "early-help", "looked-after-care",
            "direct-care", "emergency-care", "send-support", "youth-justice", "child-death-review",
            "subject-request", "family-request", "audit-review",
        }
    ),
    start=date(2026, 4, 1),
    end=date(2027, 3, 31),
)  # fmt: skip
RULES = read_rules({"agreement": AGREEMENT})
OTHER = SourceFacts("other", (ODS, "OTHER"), "police", ("agreement",), "01632 960140")
OWN = SourceFacts("own", (ODS, "OWN"), "hospital", (), "01632 960150")
LINKED = Facts(known=True, relationship=Relationship.ON_CASELOAD, age=15)

# the columns of the sensitivity matrix, each by a role and purpose that use it
COLUMNS = {
    "health (unscheduled)": ("ed-clinician", "emergency-care"),
    "social worker s47": ("social-worker", "s47-enquiry"),
    "social worker s17": ("social-worker", "s17-assessment"),
    "school DSL": ("safeguarding-lead", "safeguarding-concern"),
    "school nurse / HV": ("school-nurse", "direct-care"),
    "police PPU": ("police-protection", "s47-enquiry"),
    "YJ worker": ("youth-justice", "youth-justice"),
    "early help": ("early-help", "early-help"),
    "GP routine": ("gp", "direct-care"),
}


def asker(role: str, purpose: str) -> Principal:
    """Somebody of this role, for this purpose, who has declared all that a rule may want."""
    return Principal(
        user="somebody",
        name="Somebody",
        role=role,
        job="",
        organization=(ODS, "OWN"),
        organization_name="Own",
        purpose=purpose,
        expires=datetime(2026, 11, 22, 4, tzinfo=UTC),
        token_id="a1",
        source="own",
        reason="a bruise that nobody can explain",
        told_family="no, it would not be safe",
    )


def decision(principal: Principal, facts: Facts = LINKED, *sources: SourceFacts) -> Decision:
    """The decision on a request, about these sources (by default another agency's and one's own)."""
    return decide(RULES, principal, facts, sources or (OTHER, OWN), TODAY)


def item(*labels: str, section: str = "identity", own: bool = False) -> Item:
    """A resource of another agency (or one's own) with these labels, in a section."""
    return Item("own" if own else "other", "police", "Encounter", "fact", section, frozenset(labels), own)


def ruling(principal: Principal, one: Item, facts: Facts = LINKED) -> Ruling:
    """What the principal may see of the item."""
    return rule_on(RULES, principal, decision(principal, facts), facts, one)


def aged(age: int | None) -> Facts:
    return replace(LINKED, age=age)
