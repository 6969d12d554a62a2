"""What belongs to no child is shown with a record of this child only, once a source has mixed children up."""

from typing import Any

from auth.decision import Item
from gateway.federation.answer import Entry
from gateway.federation.referred import referred


def entry(resource_type: str, identifier: str, **elements: Any) -> Entry:
    resource = {"resourceType": resource_type, "id": identifier, **elements}
    return Entry(resource, Item("source", "hospital", resource_type, "fact", "identity", frozenset()))


def test_an_organisation_that_no_record_of_the_child_refers_to_is_left_out() -> None:
    plan = entry("CarePlan", "1", author={"reference": "Organization/ours"})
    ours, theirs = entry("Organization", "ours"), entry("Organization", "theirs")

    assert referred([plan, ours, theirs]) == (plan, ours)


def test_what_is_referred_to_through_others_stays() -> None:
    team = entry("CareTeam", "1", participant=[{"member": {"reference": "PractitionerRole/r"}}])
    role = entry("PractitionerRole", "r", practitioner={"reference": "Practitioner/p"})
    person = entry("Practitioner", "p", link=[{"reference": "PractitionerRole/r"}])

    assert referred([person, role, team]) == (person, role, team)


def test_of_a_source_that_told_of_nobody_else_but_another_child_nothing_stays() -> None:
    assert referred([entry("Organization", "theirs"), entry("Location", "there")]) == ()
