"""What must not be known to exist leaves no trace; a restricted address shows nowhere (vectors 9, 10)."""

import json
from datetime import datetime
from typing import Any

import pytest

from auth.decision import Facts, Item, Outcome, Ruling
from auth.policy.items import rule_on
from gateway.clock import LONDON
from gateway.federation.answer import Answer, Entry, Match
from gateway.federation.filter import show
from gateway.federation.lines import Asked, line
from gateway.federation.location import Whereabouts, whereabouts
from gateway.federation.receipt import Line
from tests.auth.asking import COLUMNS, LINKED, RULES, asker, decision
from tests.gateway.connections import connected, source
from tests.gateway.resources import WHERE, resources

NOW = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)
PERMITTED = Ruling(Outcome.PERMIT, ("P-03",))


def labelled(resource: dict[str, Any], *labels: str) -> Entry:
    one = Item("other", "social-care", resource["resourceType"], "fact", "identity", frozenset(labels))
    return Entry(resource, one)


def seen(column: str, *entries: Entry) -> tuple[list[str], Line]:
    """What somebody of a column is shown of one source's entries: resources as JSON, and its line."""
    principal = asker(*COLUMNS[column])
    decided = decision(principal)
    shown = show(entries, lambda item: rule_on(RULES, principal, decided, LINKED, item), Whereabouts.OPEN)
    answer = Answer("other", Match.FOUND, entries=entries, seconds=0.4)
    drawn = line(Asked(source("other"), frozenset({"plans"}), PERMITTED, answer, shown), NOW)
    assert not shown.masked
    assert not shown.held_back
    return [json.dumps(resource) for resource in shown.resources], drawn


@pytest.mark.parametrize("label", ["adoption-link", "protected-person"])
@pytest.mark.parametrize("column", COLUMNS)
def test_vector_9_a_source_with_only_silent_records_is_byte_for_byte_one_with_nothing(
    column: str, label: str
) -> None:
    silent = [labelled(resource, label) for resource in resources()]

    assert seen(column, *silent) == seen(column)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_silent_record_among_others_changes_nothing_of_what_is_said_of_them(column: str) -> None:
    others = [labelled(resource, "N") for resource in resources()[:3]]
    silent = [labelled(resource, "adoption-link") for resource in resources()[3:6]]

    assert seen(column, *others, *silent) == seen(column, *others)
    assert seen(column, silent[0], others[0], silent[1], *others[1:]) == seen(column, *others)


def test_vector_10_of_a_child_with_a_sensitive_address_no_source_shows_where() -> None:
    """That a search by postcode does not find the child is in tests/system/test_search.py."""
    facts = Facts(known=True, sensitive=True)
    sources = connected(("pds", "identity"), ("csc", "social-care"), ("gp", "gp"), ("police", "police"))
    answers = {
        one.id: Answer(one.id, Match.FOUND, entries=tuple(labelled(r, "N") for r in resources()))
        for one in sources
    }
    where = whereabouts(facts, sources, answers)

    for answer in answers.values():
        shown = show(answer.entries, lambda _: PERMITTED, where)
        assert WHERE not in json.dumps(shown.resources)
        patient = next(r for r in shown.resources if r["resourceType"] == "Patient")
        assert patient["name"][0]["family"] == "Oakley"
