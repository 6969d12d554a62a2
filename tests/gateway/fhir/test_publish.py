"""Our extensions, code systems and ConceptMaps are published as they are.

https://hl7.org/fhir/R4/defining-extensions.html
"""

import json
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from auth.decision import Obligation, Outcome
from auth.policy.rules import read_rules
from gateway.documents import DEFINITIONS
from gateway.federation.receipt import State
from gateway.fhir.extension import Extension, Part, structure_definition
from gateway.fhir.publish import definitions
from gateway.model import read_model
from tests.services import ROOT

BASE = "https://wholechild.example/fhir"


def codes(name: str) -> set[str]:
    found = next(d for d in definitions() if d.get("url") == f"{BASE}/CodeSystem/{name}")
    return {concept["code"] for concept in found["concept"]}


def test_what_is_checked_in_is_what_is_made() -> None:
    there = {path.name: json.loads(path.read_bytes()) for path in (ROOT / DEFINITIONS).glob("*.json")}

    made = {f"{d['resourceType']}-{d['id']}.json": d for d in definitions()}

    assert there == made, "run: gateway docs"


def test_every_definition_is_r4_and_has_its_own_url() -> None:
    found = list(definitions())

    for definition in found:
        get_fhir_model_class(definition["resourceType"]).model_validate(definition)
    assert len({d["url"] for d in found}) == len(found)
    assert {d["url"] for d in found if not d["url"].startswith(f"{BASE}/")} == set()


def test_the_code_systems_of_the_gateway_list_what_the_code_knows() -> None:
    assert codes("source-state") == {state.value for state in State}
    assert codes("cs-decision") == {outcome.value for outcome in Outcome}
    assert codes("cs-obligation") == {obligation.value for obligation in Obligation}
    assert codes("fact") == set(read_model().facts)
    assert codes("cs-sharing-purpose") == read_rules({}).purposes


def test_code_systems_of_others_are_not_published_as_ours() -> None:
    assert not [d for d in definitions() if "snomed" in d["id"]]


def test_an_extension_with_parts_names_each_and_allows_no_other() -> None:
    parts = {"source": Part("uri", "Which", required=True), "section": Part("code", "Where", many=True)}

    made = elements(structure_definition(Extension("answer", "Basic", "An answer", parts=parts), BASE))

    assert made["Extension.extension"]["slicing"]["rules"] == "closed"
    assert made["Extension.extension"]["min"] == 1
    assert (made["Extension.extension:source"]["min"], made["Extension.extension:source"]["max"]) == (1, "1")
    assert (made["Extension.extension:section"]["min"], made["Extension.extension:section"]["max"]) == (
        0,
        "*",
    )
    assert made["Extension.extension:section.url"]["fixedUri"] == "section"
    assert made["Extension.value[x]"]["max"] == "0"


def test_an_extension_with_a_value_has_no_parts() -> None:
    made = elements(structure_definition(Extension("complete", "Basic", "Whether", "boolean"), BASE))

    assert made["Extension.extension"]["max"] == "0"
    assert made["Extension.value[x]"]["type"] == [{"code": "boolean"}]
    assert made["Extension.url"]["fixedUri"] == f"{BASE}/StructureDefinition/complete"


def elements(definition: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {element["id"]: element for element in definition["differential"]["element"]}
