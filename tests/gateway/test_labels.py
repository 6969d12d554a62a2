"""Every resource leaves with a confidentiality: its source's own, or the stricter default of its section.

https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.policy.rules import read_rules
from gateway.federation.labels import CONFIDENTIALITY, REDACTED, SUBSETTED, confidentiality
from gateway.model import read_model

MODEL = read_model()
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
# what a source did not label: normal for everyday facts of health and school, restricted for the rest
RESTRICTED = {"alerts", "voice", "plans", "chronology", "police", "housing", "family"}


def codes(labels: list[Any]) -> list[str]:
    return [label["code"] for label in labels]


@pytest.mark.parametrize("fact", MODEL.facts)
def test_a_fact_that_its_source_did_not_label_gets_its_sections_default(fact: str) -> None:
    restricted = MODEL.section(fact) in RESTRICTED

    assert codes(confidentiality([], fact, MODEL)) == ["R" if restricted else "N"]


@pytest.mark.parametrize("code", ["U", "L", "M", "N", "R", "V"])
@pytest.mark.parametrize("fact", ["identity", "child-protection-plan"])
def test_a_sources_own_confidentiality_stands(fact: str, code: str) -> None:
    own = [{"system": ACT, "code": "SDV"}, {"system": CONFIDENTIALITY, "code": code}]

    assert confidentiality(own, fact, MODEL) == own


labels = st.fixed_dictionaries(
    {"code": st.sampled_from(["N", "R", "SDV", "MH"])},
    optional={"system": st.sampled_from([CONFIDENTIALITY, ACT])},
)


@given(st.lists(labels, max_size=4), st.sampled_from(sorted(MODEL.facts)))
def test_no_label_of_a_source_is_lost_and_every_resource_has_a_confidentiality(
    given_labels: list[dict[str, str]], fact: str
) -> None:
    found = confidentiality(given_labels, fact, MODEL)

    assert found[-len(given_labels) :] == given_labels or not given_labels
    assert any(label.get("system") == CONFIDENTIALITY for label in found)
    assert len(found) <= len(given_labels) + 1


def test_every_label_that_we_write_is_one_that_a_rule_knows() -> None:
    assert {"N", "R", REDACTED["code"], SUBSETTED["code"]} <= read_rules({}).labels


def test_every_section_of_a_fact_is_one_that_the_rules_know() -> None:
    sections = {section for amounts in read_rules({}).sections.values() for section in amounts}

    assert {MODEL.section(fact) for fact in MODEL.facts} <= sections
