"""Where a child is: nothing that says it survives a restriction, from whatever source it comes (S-01)."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.decision import Facts, Item
from connectors.base import Failure
from gateway.federation.answer import Answer, Match
from gateway.federation.filter import show
from gateway.federation.location import Whereabouts, whereabouts, without_location
from gateway.fhir.schema import faults
from tests.gateway.connections import connected
from tests.gateway.resources import PERMIT, WHERE, entry, item, resources

MANY = settings(max_examples=500, deadline=None)
EVERY = resources()
STAFF = {"Practitioner", "PractitionerRole", "CareTeam"}  # their telephone stays
WHOLE = {"Location", "Organization", "HealthcareService"}
KNOWN = Facts(known=True)
CHECKERS = connected(("pds", "identity"), ("csc", "social-care"), ("gp", "gp"))


def types(of: list[dict[str, Any]]) -> list[str]:
    return [resource["resourceType"] for resource in of]


@pytest.mark.parametrize("state", [Whereabouts.RESTRICTED, Whereabouts.UNTRACED])
@pytest.mark.parametrize("resource", EVERY, ids=types(EVERY))
def test_nothing_that_says_where_survives_a_restriction(resource: dict[str, Any], state: Whereabouts) -> None:
    left = without_location(resource, state)

    assert WHERE not in json.dumps(left)
    assert (left is None) is (resource["resourceType"] in WHOLE)


@pytest.mark.parametrize("resource", EVERY, ids=types(EVERY))
def test_what_is_left_is_still_r4_and_still_of_the_child(resource: dict[str, Any]) -> None:
    left = without_location(resource, Whereabouts.RESTRICTED)
    if left is not None:
        assert faults(left) == []
        for name in ("resourceType", "id", "meta", "subject", "patient", "for", "period", "birthDate"):
            assert left.get(name) == resource.get(name)


@pytest.mark.parametrize("state", Whereabouts)
@pytest.mark.parametrize("resource", EVERY, ids=types(EVERY))
def test_the_sources_own_object_is_never_changed(resource: dict[str, Any], state: Whereabouts) -> None:
    before = copy.deepcopy(resource)

    without_location(resource, state)

    assert resource == before


def test_names_birth_date_and_the_workers_telephone_stay() -> None:
    by_type = {resource["resourceType"]: resource for resource in EVERY}
    worker = {**by_type["Practitioner"], "telecom": [{"system": "phone", "value": "01632 960150"}]}

    patient = without_location(by_type["Patient"], Whereabouts.RESTRICTED)
    practitioner = without_location(worker, Whereabouts.RESTRICTED)

    assert patient is not None
    assert (patient["name"], patient["birthDate"]) == (by_type["Patient"]["name"], "2022-03-14")
    assert practitioner is not None
    assert (practitioner["name"], practitioner["telecom"]) == (worker["name"], worker["telecom"])


@pytest.mark.parametrize("resource", EVERY, ids=types(EVERY))
def test_unchecked_hides_the_home_and_open_hides_nothing(resource: dict[str, Any]) -> None:
    unchecked = without_location(resource, Whereabouts.UNCHECKED)

    assert without_location(resource, Whereabouts.OPEN) is resource
    assert unchecked is not None
    if resource["resourceType"] in ("Patient", "RelatedPerson"):
        assert not unchecked.keys() & {"address", "telecom"}
    assert faults(unchecked) == []


def test_a_resource_that_says_nothing_of_where_is_returned_as_it_is() -> None:
    plain = {"resourceType": "Observation", "id": "1", "meta": {"security": []}, "status": "final",
             "code": {"coding": [{"code": "x"}]}, "subject": {"reference": "Patient/1"}}  # fmt: skip

    assert without_location(plain, Whereabouts.RESTRICTED) is plain


@pytest.mark.parametrize("resource_type", ["Practitioner", "PractitionerRole", "CareTeam"])
def test_who_the_gp_is_goes_too_and_who_else_works_with_the_child_stays(resource_type: str) -> None:
    resource = next(r for r in EVERY if r["resourceType"] == resource_type)

    def shown(agency: str, where: Whereabouts) -> int:
        return len(show([entry(resource, agency=agency)], lambda _: PERMIT, where).resources)

    assert shown("gp", Whereabouts.RESTRICTED) == 0
    assert shown("gp", Whereabouts.UNTRACED) == 0
    assert shown("gp", Whereabouts.OPEN) == 1
    assert shown("community-health", Whereabouts.RESTRICTED) == 1


texts = st.just(WHERE)
leaves = texts | st.integers() | st.booleans()
PLACES = [
    "address", "telecom", "location", "serviceProvider", "managingOrganization", "generalPractitioner",
    "hospitalization", "locationReference", "contact", "custodian", "organization", "contained",
]  # fmt: skip
FREE = ["text", "note", "comment", "description", "valueString", "conclusion", "title", "patientInstruction"]
INNER = ["item", "component", "activity", "participant", "extension", "reaction", "detail", "member"]
hidden = st.dictionaries(st.sampled_from(PLACES + FREE), leaves | st.lists(leaves, max_size=2), max_size=4)
reference = st.fixed_dictionaries(
    {"reference": st.just("Organization/1")},
    optional={"display": texts, "identifier": st.just({"value": WHERE})},
)
harmless = st.dictionaries(st.sampled_from(["status", "code", "value", "count"]), st.integers(), max_size=2)
trees = st.recursive(
    hidden | reference | harmless,
    lambda inner: st.dictionaries(
        st.sampled_from(INNER + PLACES + FREE), inner | st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.sampled_from(sorted(set(types(EVERY)) - WHOLE - STAFF)), trees)
@MANY
def test_however_deep_it_stands_nothing_that_says_where_survives(kind: str, tree: dict[str, Any]) -> None:
    resource = {"resourceType": kind, "id": "1", "meta": {}, "extra": tree, "more": [tree, [tree]]}

    assert WHERE not in json.dumps(without_location(resource, Whereabouts.RESTRICTED))


def answered(*labels: str, match: Match = Match.FOUND, failure: Failure | None = None) -> Answer:
    one = entry({"resourceType": "Encounter", "id": "1", "meta": {}}, *labels)
    return Answer("csc", match, failure, (one,))


GOOD = {source: Answer(source, Match.FOUND) for source in ("pds", "csc", "gp")}


def test_when_every_source_that_may_restrict_has_answered_and_none_does_all_is_shown() -> None:
    assert whereabouts(KNOWN, CHECKERS, GOOD) is Whereabouts.OPEN
    assert whereabouts(KNOWN, CHECKERS, {**GOOD, "gp": Answer("gp", Match.UNKNOWN, Failure.TIMED_OUT)}) is (
        Whereabouts.OPEN
    )
    assert whereabouts(KNOWN, CHECKERS, {**GOOD, "csc": Answer("csc", Match.NOT_HELD)}) is Whereabouts.OPEN


@pytest.mark.parametrize("label", ["LOCIS", "refuge-address", "protected-person"])
@pytest.mark.parametrize("source", ["pds", "csc", "gp"])
def test_one_label_of_any_source_restricts_everything(source: str, label: str) -> None:
    assert whereabouts(KNOWN, CHECKERS, {**GOOD, source: answered(label)}) is Whereabouts.RESTRICTED
    failed = answered(label, failure=Failure.TIMED_OUT, match=Match.UNKNOWN)
    assert whereabouts(KNOWN, CHECKERS, {source: failed}) is Whereabouts.RESTRICTED


def test_the_identity_sources_sensitive_flag_restricts_everything() -> None:
    assert whereabouts(replace(KNOWN, sensitive=True), CHECKERS, GOOD) is Whereabouts.RESTRICTED


@pytest.mark.parametrize("answer", [
    None,
    Answer("csc", Match.UNKNOWN, Failure.TIMED_OUT),
    Answer("csc", Match.FOUND, Failure.UNREADABLE),
    Answer("csc", Match.UNMATCHED, asked_by=frozenset({"upn"})),
    Answer("csc", Match.FOUND, foreign=1),
    Answer("csc", Match.FOUND, faulty={"ssd/address: not a date": 1}),
    Answer("csc", Match.UNKNOWN),
    *(Answer("csc", Match.FOUND, failure) for failure in Failure),
])  # fmt: skip
@pytest.mark.parametrize("source", ["pds", "csc"])
def test_while_one_that_may_restrict_has_not_fully_answered_it_is_unchecked(
    source: str, answer: Answer | None
) -> None:
    answers = {name: one for name, one in {**GOOD, source: answer}.items() if one is not None}

    assert whereabouts(KNOWN, CHECKERS, answers) is Whereabouts.UNCHECKED


def test_a_source_that_no_identifier_of_the_child_reaches_holds_nothing_back() -> None:
    never_asked = Answer("csc", Match.UNMATCHED)

    assert whereabouts(KNOWN, CHECKERS, {**GOOD, "csc": never_asked}) is Whereabouts.OPEN


def test_without_an_identity_nobody_knows_of_a_restriction_and_all_is_held() -> None:
    assert whereabouts(Facts(known=False), CHECKERS, GOOD) is Whereabouts.UNTRACED
    assert whereabouts(Facts(known=False), connected(("gp", "gp")), GOOD) is Whereabouts.UNTRACED
    assert whereabouts(Facts(known=False), CHECKERS, {**GOOD, "csc": answered("LOCIS")}) is (
        Whereabouts.RESTRICTED
    )


orders = st.dictionaries(
    st.sampled_from(["pds", "csc", "gp"]),
    st.builds(
        answered,
        st.sampled_from(["N", "LOCIS", "refuge-address", "SDV"]),
        match=st.sampled_from(Match),
        failure=st.none() | st.sampled_from(Failure),
    ),
)
OPENNESS = [Whereabouts.OPEN, Whereabouts.UNCHECKED, Whereabouts.RESTRICTED]


@given(orders, st.builds(Facts, known=st.booleans(), sensitive=st.booleans()))
@MANY
def test_a_restriction_once_known_is_never_lifted_by_a_later_answer(
    answers: dict[str, Answer], facts: Facts
) -> None:
    so_far: dict[str, Answer] = {}
    before = whereabouts(facts, CHECKERS, so_far)
    for source, answer in answers.items():
        so_far[source] = answer
        after = whereabouts(facts, CHECKERS, so_far)
        assert before is not Whereabouts.RESTRICTED or after is Whereabouts.RESTRICTED
        assert before is not Whereabouts.OPEN or after is Whereabouts.RESTRICTED or source == "gp"
        before = after


def test_an_item_prints_without_content() -> None:
    one: Item = item(EVERY[0])

    assert WHERE not in repr(entry(EVERY[0])) + repr(one)
