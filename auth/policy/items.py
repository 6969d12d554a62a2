"""The ruling on one resource: absolute rules, sensitivity labels, then role minimisation.

Nothing here sees content: a resource is its type, fact, section, labels and whose it is.
"""

from auth.decision import Decision, Facts, Item, Outcome, Ruling
from auth.policy.rules import Row, Rules
from auth.principal import Principal

# what goes from a summary: free text, which may name others
NARRATIVE = frozenset(
    "text note description comment conclusion patientInstruction outcomeDesc valueString reasonCode[].text "
    "component[].valueString reaction[].description reaction[].note dosage[].text "
    "dosage[].patientInstruction activity[].progress activity[].detail.description".split()
)
_SEVERITY = [
    Outcome.PERMIT,
    Outcome.MASK,
    Outcome.EXISTS_ONLY,
    Outcome.PERMIT_BTG,
    Outcome.REVIEW,
    Outcome.DENY,
    Outcome.SILENT,
]


def rule_on(rules: Rules, principal: Principal, decision: Decision, facts: Facts, item: Item) -> Ruling:
    """What `principal` may see of `item`, given the decision on the request and on its source."""
    whole = decision.ruling
    if whole.outcome not in (Outcome.PERMIT, Outcome.EXISTS_ONLY):
        return whole
    source = decision.sources.get(item.source)
    if source is None or source.outcome is not Outcome.PERMIT:
        return source or Ruling(Outcome.DENY, ("P-03",), "No agreement covers this.")
    by_label = [
        _on_label(row, row.cell(decision.column, principal.role), facts, item)
        for row in rules.rows
        if row.labels & item.labels
    ]
    if not item.labels <= rules.labels:
        by_label.append(Ruling(Outcome.DENY, ("S-00",), "It carries a label that no rule covers."))
    # of a child who has died the banner stands, as far as every other rule lets it
    banner = whole.outcome is Outcome.EXISTS_ONLY and item.section == "identity"
    on_whole = Ruling(Outcome.PERMIT, whole.rules) if banner else whole
    first = [] if whole.outcome is Outcome.PERMIT else [on_whole]
    return _strictest([*first, _on_section(rules, principal, item, by_label), *by_label])


def _on_label(row: Row, cell: str, facts: Facts, item: Item) -> Ruling:
    named = (row.id,)
    if cell == "permit" or (cell == "own" and item.own):
        return Ruling(Outcome.PERMIT, named)
    if cell == "permit-under-13" and facts.age is not None and facts.age < 13:
        return Ruling(Outcome.PERMIT, named)
    if cell == "fact":
        return Ruling(Outcome.MASK, named, row.text, fact_only=True)
    if cell in ("mask", "own", "permit-under-13"):
        return Ruling(Outcome.MASK, named, row.text, masks=row.masks, sealed=not row.masks)
    return Ruling(_OUTCOME[cell], named, row.text)


_OUTCOME = {
    "exists": Outcome.EXISTS_ONLY,
    "review": Outcome.REVIEW,
    "deny": Outcome.DENY,
    "silent": Outcome.SILENT,
}


def _on_section(rules: Rules, principal: Principal, item: Item, by_label: list[Ruling]) -> Ruling:
    role = rules.roles.get(principal.role)
    columns = role.purposes.get(principal.purpose) if role else None
    amounts = rules.sections.get(columns.sections, {}) if columns else {}
    amount = amounts.get(item.section, "none")
    rule = (f"R-{item.section}",)
    if amount == "full" or (item.own and amount != "none"):
        return Ruling(Outcome.PERMIT, rule)
    if amount == "summary":
        return Ruling(Outcome.MASK, rule, masks=NARRATIVE)
    # what a sensitivity row expressly permits as fact is part of these two amounts
    if amount in ("exists", "expressly") and any(ruling.fact_only for ruling in by_label):
        return Ruling(Outcome.MASK, rule, fact_only=True)
    if amount == "exists":
        return Ruling(Outcome.EXISTS_ONLY, rule, "Something is recorded. Ask the agency.")
    return Ruling(Outcome.DENY, rule, "Your role and purpose do not cover this.")


def _strictest(rulings: list[Ruling]) -> Ruling:
    """Deny overrides: the strictest outcome, with the masks, rules and obligations of all."""
    outcome = max((r.outcome for r in rulings), key=_SEVERITY.index)
    leading = [r for r in rulings if r.outcome is outcome]
    texts = [r.text for r in leading if r.text]
    return Ruling(
        outcome=outcome,
        rules=tuple(dict.fromkeys(rule for r in rulings for rule in r.rules)),
        text=texts[0] if texts else "",
        contact=next((r.contact for r in leading if r.contact), ""),
        obligations=frozenset().union(*(r.obligations for r in rulings)),
        masks=frozenset().union(*(r.masks for r in rulings)),
        fact_only=any(r.fact_only for r in rulings),
        sealed=any(r.sealed for r in rulings),
    )
