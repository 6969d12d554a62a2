"""What must hold of every decision, whatever the asker, the child, the labels and the section.

https://hypothesis.readthedocs.io
"""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auth.decision import Facts, Item, Outcome, Relationship, Ruling
from auth.policy.decide import decide
from auth.policy.items import rule_on
from auth.principal import Principal
from tests.auth.asking import LINKED, OTHER, OWN, RULES, TODAY, asker, decision, item, ruling

MANY = settings(max_examples=400, deadline=None)
ORDER = list(Outcome)  # from the most open to the most closed
SECTIONS = sorted({section for amounts in RULES.sections.values() for section in amounts})
LABELS = sorted(RULES.labels)
FACT_LABELS = {label for row in RULES.rows if "fact" in row.cells.values() for label in row.labels}

roles = st.sampled_from(sorted(RULES.roles))
purposes = st.sampled_from(sorted(RULES.purposes | RULES.refused_purposes)) | st.text(max_size=8)
askers = st.builds(asker, roles | st.text(max_size=8), purposes)
entitled = st.sampled_from(
    [asker(role, p) for role, body in RULES.roles.items() for p in body.purposes if p != "audit-review"]
)
facts = st.builds(
    Facts,
    known=st.booleans(),
    relationship=st.sampled_from(Relationship),
    age=st.none() | st.integers(0, 18),
    sensitive=st.booleans(),
    deceased=st.booleans(),
    superseded=st.booleans(),
    clinical_presence=st.booleans(),
)
known_labels = st.frozensets(st.sampled_from(LABELS), max_size=5)
items = st.builds(
    Item,
    source=st.just("other"),
    kind=st.just("police"),
    type=st.just("Encounter"),
    fact=st.just("fact"),
    section=st.sampled_from(SECTIONS),
    labels=known_labels,
    own=st.booleans(),
)


def openness(found: Ruling) -> tuple[int, int]:
    """Larger is more closed: first the outcome, then how little a masked record keeps."""
    masked = found.outcome is Outcome.MASK
    return ORDER.index(found.outcome), (found.fact_only + 2 * found.sealed) if masked else 0


def test_the_outcomes_stand_in_the_order_that_combining_uses() -> None:
    assert [outcome.value for outcome in ORDER] == [
        "permit", "mask", "exists-only", "permit-break-glass", "review", "deny", "silent",
    ]  # fmt: skip


@given(askers, facts, items, st.text(min_size=1, max_size=12))
@MANY
def test_a_label_that_nobody_decided_about_never_shows(
    principal: Principal, child: Facts, one: Item, label: str
) -> None:
    assume(label not in RULES.labels)

    assert not ruling(principal, replace(one, labels=one.labels | {label}), child).shows_something


@given(askers, facts, items, st.text(max_size=12))
@MANY
def test_a_section_that_no_column_names_never_shows(
    principal: Principal, child: Facts, one: Item, section: str
) -> None:
    assume(section not in SECTIONS)
    found = decision(principal, child)
    if found.ruling.outcome is Outcome.PERMIT:
        assert not rule_on(RULES, principal, found, child, replace(one, section=section)).shows_something


@given(st.text(max_size=12), purposes, facts, items)
@MANY
def test_a_role_that_nobody_knows_never_sees_anything(
    role: str, purpose: str, child: Facts, one: Item
) -> None:
    assume(role not in RULES.roles)

    assert not ruling(asker(role, purpose), one, child).shows_something


@given(askers, facts, items)
@MANY
def test_a_column_that_no_matrix_names_never_shows(principal: Principal, child: Facts, one: Item) -> None:
    assume(one.labels - RULES.handling)
    found = replace(decision(principal, child), column="made-up")
    cells = [row.cell("made-up", "nobody") for row in RULES.rows if row.labels & one.labels]

    assert set(cells) <= {"deny", "silent", "exists"}
    assert rule_on(RULES, replace(principal, role="nobody"), found, child, one).outcome is not Outcome.PERMIT


@given(entitled, facts, items)
@MANY
def test_without_rules_nothing_shows(principal: Principal, child: Facts, one: Item) -> None:
    empty = replace(RULES, roles={}, rows=(), sections={})
    found = decide(empty, principal, child, (OTHER, OWN), TODAY)

    assert not found.ruling.shows_something
    assert not rule_on(empty, principal, found, child, one).shows_something


@given(entitled, facts, items, st.sampled_from(LABELS))
@MANY
def test_a_further_label_opens_nothing_but_what_a_row_expressly_permits_as_fact(
    principal: Principal, child: Facts, one: Item, label: str
) -> None:
    before = ruling(principal, one, child)
    after = ruling(principal, replace(one, labels=one.labels | {label}), child)

    if openness(after) < openness(before):
        assert label in FACT_LABELS
        assert after.outcome is Outcome.MASK
        assert after.fact_only
        assert before.rules[0].startswith("R-")
    else:
        assert after.masks >= before.masks or after.outcome is not Outcome.MASK


@given(entitled, items, st.sampled_from(LABELS))
@MANY
def test_the_strictest_of_all_that_speak_decides(principal: Principal, one: Item, label: str) -> None:
    several = replace(one, section="identity", labels=one.labels | {label})
    alone = [ruling(principal, replace(several, labels=frozenset({name}))) for name in several.labels]

    assert ruling(principal, several).outcome is max((r.outcome for r in alone), key=ORDER.index)


@given(entitled, facts, items)
@MANY
def test_what_ones_own_agency_recorded_is_never_more_closed(
    principal: Principal, child: Facts, one: Item
) -> None:
    own, other = (ruling(principal, replace(one, own=flag), child) for flag in (True, False))

    assert openness(own)[0] <= openness(other)[0]


@given(entitled, facts, items, st.sampled_from(["adoption-link", "protected-person", "PSYTHPN"]))
@MANY
def test_nothing_lifts_an_absolute_rule(principal: Principal, child: Facts, one: Item, label: str) -> None:
    found = ruling(principal, replace(one, labels=one.labels | {label}), child)

    assert not found.shows_something


@given(entitled, facts, items)
@MANY
def test_nothing_shows_of_a_source_that_may_not_be_asked(
    principal: Principal, child: Facts, one: Item
) -> None:
    unsigned = decision(principal, child, replace(OTHER, policies=()))
    unnamed = decision(principal, child, OWN)
    banner = unsigned.ruling.outcome is Outcome.EXISTS_ONLY and one.section != "identity"

    for found in (unsigned, unnamed):
        seen = rule_on(RULES, principal, found, child, one)
        assert not seen.shows_something or (banner and seen.outcome is Outcome.EXISTS_ONLY)


@given(entitled, facts, items)
@MANY
def test_only_the_banner_shows_of_a_request_that_is_not_permitted(
    principal: Principal, child: Facts, one: Item
) -> None:
    found = decision(principal, child)
    assume(found.ruling.outcome is not Outcome.PERMIT)
    seen = rule_on(RULES, principal, found, child, one)

    if found.ruling.outcome is Outcome.EXISTS_ONLY:
        assert seen.outcome not in (Outcome.PERMIT, Outcome.MASK) or one.section == "identity"
        assert "P-11" in seen.rules
    else:
        assert seen == found.ruling


@given(entitled, facts, items)
@MANY
def test_that_a_child_has_died_or_a_number_is_superseded_opens_nothing(
    principal: Principal, child: Facts, one: Item
) -> None:
    assume(principal.purpose != "child-death-review")
    alive = replace(child, deceased=False, superseded=False)
    for worse in (replace(alive, deceased=True), replace(alive, superseded=True)):
        if one.section == "identity":
            assert openness(ruling(principal, one, worse)) >= openness(ruling(principal, one, alive))
        before, after = (decision(principal, known).ruling.outcome for known in (alive, worse))
        assert ORDER.index(after) >= ORDER.index(before)


@given(entitled, items)
@MANY
def test_a_decision_is_the_same_however_often_it_is_made(principal: Principal, one: Item) -> None:
    assert ruling(principal, one) == ruling(principal, one)


@pytest.mark.parametrize("label", sorted(RULES.labels - RULES.handling))
def test_no_label_is_both_handling_and_a_row(label: str) -> None:
    assert any(label in row.labels for row in RULES.rows)
    assert ruling(asker("social-worker", "s47-enquiry"), item(label), LINKED).rules != ("R-identity",)
