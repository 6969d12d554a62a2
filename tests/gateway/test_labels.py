"""Every resource leaves with a confidentiality: its source's own, or the stricter default of its section.

https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html
"""

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auth.policy.rules import read_rules
from gateway.federation.labels import CONFIDENTIALITY, REDACTED, SUBSETTED, confidentiality
from gateway.model import read_model
from tests.services import ROOT

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


def written(template: Any) -> tuple[set[str], set[str]]:
    """The codes that a mapping's labels name, and the ConceptMaps that they come from."""
    if isinstance(template, list):
        found = [written(one) for one in template]
        return set().union(*(codes for codes, _ in found)), set().union(*(maps for _, maps in found))
    if isinstance(template, dict):
        code = template.get("code", "")
        return ({code} if code and not code.startswith("=") else set()), set()
    return set(), set(re.findall(r"\| code ([\w-]+)", template))


def test_every_label_that_a_mapping_may_write_is_one_that_a_rule_knows() -> None:
    """A label that no rule knows is refused: a mapping must not shut its own records away."""
    folder = ROOT / "mappings"
    sheets = [yaml.safe_load(file.read_text()) for file in sorted(folder.glob("codes/*.yaml"))]
    maps = {name: body for sheet in sheets for name, body in (sheet.get("maps") or {}).items()}
    known, seen = read_rules({}).labels, set()
    for file in sorted(folder.glob("*/*.yaml")):
        resource = yaml.load(file.read_text(), Loader=yaml.BaseLoader).get("resource", {})
        meta = resource.get("meta", {}) if isinstance(resource, dict) else {}
        codes, named = written(meta.get("security", []))
        for name in named:
            rest = maps[name].get("unmapped")
            targets = [*maps[name]["codes"].values(), rest["code"] if isinstance(rest, dict) else "nothing"]
            plain = {target["code"] if isinstance(target, dict) else target for target in targets}
            codes |= plain - {"nothing"}
        assert codes <= known, file.name
        seen |= codes

    assert {"third-party", "covert", "adoption-link", "LOCIS", "SDV"} <= seen
