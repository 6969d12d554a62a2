"""The decision on a request: purpose and identity (P), relationship (L), and whether to ask each source.

Rows are named as in the project's decision tables; the first that matches in a group wins, groups run in
this order, and whatever no row permits is refused.
"""

from collections.abc import Sequence
from datetime import date

from auth.decision import Decision, Facts, Obligation, Outcome, Relationship, Ruling, SourceFacts
from auth.policy.rules import Columns, Role, Rules
from auth.principal import Principal

_LINKED = frozenset(
    {
        Relationship.ENCOUNTER_OPEN,
        Relationship.ON_CASELOAD,
        Relationship.LEAD_PRACTITIONER,
        Relationship.MASH_MEMBER,
    }
)
_AFTER_DEATH = frozenset({"child-death-review", "s47-enquiry", "audit-review"})
_CONCERN = frozenset({"s47-enquiry", "safeguarding-concern"})
SHORTEST_REASON = 15
NOTHING_FOR_THIS_NUMBER = (
    "Nothing can be shown for this number. Check it, or search by name and date of birth, "
    "or phone the safeguarding team."
)
DIED = (
    "This child has died. Do not contact the family about appointments. Speak to the child death review team."
)


def decide(
    rules: Rules, principal: Principal, facts: Facts, sources: Sequence[SourceFacts], today: date
) -> Decision:
    """What `principal` may be shown of the child, and which sources may be asked."""
    ruling, needs = _on_request(rules, principal, facts)
    columns = _columns(rules, principal)
    return Decision(
        ruling=ruling,
        sources={s.id: _on_source(rules, principal, columns, s, today) for s in sources} if columns else {},
        column=columns.sensitivity if columns else "",
        purpose=principal.purpose,
        policy_version=rules.version,
        needs=needs,
    )


def before_identity(rules: Rules, principal: Principal) -> tuple[Ruling, tuple[str, ...]]:
    """The ruling that needs no child: may this person ask at all, for this purpose?"""
    refused = _on_purpose(rules, principal)
    if refused:
        return refused, ()
    return _on_declarations(rules, principal)


def _on_request(rules: Rules, principal: Principal, facts: Facts) -> tuple[Ruling, tuple[str, ...]]:
    ruling, needs = before_identity(rules, principal)
    if ruling.outcome is not Outcome.PERMIT:
        return ruling, needs
    if facts.superseded:
        return _SUPERSEDED, ()
    linked = _on_relationship(rules, principal, facts)
    # death opens nothing to somebody whom nothing links to the child
    if linked.outcome is Outcome.PERMIT and facts.deceased and principal.purpose not in _AFTER_DEATH:
        return Ruling(Outcome.EXISTS_ONLY, ("P-11", *linked.rules), DIED), ()
    return linked, ()


def _on_purpose(rules: Rules, principal: Principal) -> Ruling | None:
    if principal.purpose in rules.refused_purposes:
        high = frozenset({Obligation.AUDIT_HIGH, Obligation.NOTIFY_PRIVACY_OFFICER})
        return Ruling(Outcome.DENY, ("P-01",), "This gateway does not serve that purpose.", obligations=high)
    if principal.purpose not in rules.purposes:
        return Ruling(Outcome.DENY, ("P-02",), "Say why you need this record.")
    if not principal.person:
        return Ruling(Outcome.DENY, ("P-05",), "A named person must make this request.")
    if _columns(rules, principal) is None:
        return Ruling(Outcome.DENY, ("P-02",), "Your role cannot use this purpose.")
    if principal.purpose == "audit-review":
        return Ruling(Outcome.DENY, ("P-12",), "This purpose opens the audit, not a child's record.")
    return None


def _on_declarations(rules: Rules, principal: Principal) -> tuple[Ruling, tuple[str, ...]]:
    role = rules.roles[principal.role]
    if principal.purpose not in _CONCERN:
        return Ruling(Outcome.PERMIT), ()
    needs = _undeclared(principal)
    if needs and role.safeguarding:
        words = "Say why you need this record, and whether the family was told."
        return Ruling(Outcome.DENY, ("L-02",), words), needs
    return Ruling(Outcome.PERMIT), ()


def _undeclared(principal: Principal) -> tuple[str, ...]:
    missing = []
    if len(principal.reason.strip()) < SHORTEST_REASON:
        missing.append("reason")
    if not principal.told_family:
        missing.append("told_family")
    return tuple(missing)


_SUPERSEDED = Ruling(
    Outcome.SILENT,
    ("P-08",),
    NOTHING_FOR_THIS_NUMBER,
    obligations=frozenset({Obligation.AUDIT_HIGH, Obligation.NOTIFY_PRIVACY_OFFICER}),
)


def _on_relationship(rules: Rules, principal: Principal, facts: Facts) -> Ruling:
    role = rules.roles[principal.role]
    if facts.relationship in _LINKED:
        return Ruling(Outcome.PERMIT, ("L-01",), obligations=_unscheduled(principal))
    if role.safeguarding and principal.purpose in _CONCERN:
        told = frozenset({Obligation.REASON_TEXT, Obligation.RECORD_TOLD_FAMILY})
        return Ruling(Outcome.PERMIT, ("L-02",), obligations=told)
    if principal.purpose == "child-death-review" and facts.deceased:
        return Ruling(Outcome.PERMIT, ("P-11",))
    present = role.clinician and facts.clinical_presence and principal.unscheduled
    if principal.purpose == "emergency-care" and present:
        return Ruling(Outcome.PERMIT, ("L-03",), obligations=_unscheduled(principal))
    if facts.relationship is Relationship.CLAIMED:
        return _claimed(principal, role)
    if role.regulated:
        words = "Your organisation's records do not link you to this child."
        return Ruling(Outcome.PERMIT_BTG, ("L-04",), words)
    return Ruling(Outcome.DENY, ("L-05",), "Nothing links you to this child.")


def _claimed(principal: Principal, role: Role) -> Ruling:
    """Their own organisation's records could not be read: in an emergency their word is taken, and told."""
    if principal.purpose == "emergency-care" and principal.unscheduled and role.clinician:
        told = frozenset({Obligation.AUDIT_HIGH, Obligation.NOTIFY_PRIVACY_OFFICER})
        return Ruling(Outcome.PERMIT, ("L-03",), obligations=told | _unscheduled(principal))
    words = "Your organisation's system did not answer, so it is not known whether you work with this child."
    if role.regulated:
        return Ruling(Outcome.PERMIT_BTG, ("L-04",), words)
    return Ruling(Outcome.DENY, ("L-05",), words)


def _unscheduled(principal: Principal) -> frozenset[Obligation]:
    """An unscheduled look is told to the council, as Child Protection - Information Sharing does."""
    unscheduled = principal.purpose == "emergency-care" and principal.unscheduled
    return frozenset({Obligation.NOTIFY_LA_EDT}) if unscheduled else frozenset()


def _columns(rules: Rules, principal: Principal) -> Columns | None:
    role = rules.roles.get(principal.role)
    return role.purposes.get(principal.purpose) if role else None


def _on_source(
    rules: Rules, principal: Principal, columns: Columns, source: SourceFacts, today: date
) -> Ruling:
    own = source.organization == principal.organization
    amounts = rules.sections.get(columns.sections, {})
    closed = {"none"} if own else {"none", "own"}
    if source.sections and all(amounts.get(section, "none") in closed for section in source.sections):
        return Ruling(Outcome.DENY, ("R",), "Your purpose does not cover this agency.", source.telephone)
    if own:
        return Ruling(Outcome.PERMIT, ("P-03",))
    agreed = [rules.sharing[name] for name in source.policies if name in rules.sharing]
    for policy in agreed:
        if policy.covers(source.organization[1], principal.organization[1], principal.purpose, today):
            return Ruling(Outcome.PERMIT, ("P-03",))
    return Ruling(Outcome.DENY, ("P-03",), "No agreement covers this.", source.telephone)
