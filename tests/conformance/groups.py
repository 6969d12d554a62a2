"""What is laid before HL7's validator: all that was taken, every example in every form, planted faults.

https://hl7.org/fhir/R4/validation.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance.forms import examples, forms
from tests.conformance.shapes import one_of_each
from tests.conformance.taking import Taken
from tests.system.running import MAYA

Resource = Mapping[str, Any]
BASE = "https://wholechild.example/fhir"


@dataclass(frozen=True)
class Planted:
    """A resource with one fault, and what the validator says of it."""

    resource: Resource
    says: str


def groups(taken: Taken) -> dict[str, list[Resource]]:
    """Every resource of every Bundle; what the gateway itself writes, and examples, in each shape."""
    different = {json.dumps(r, sort_keys=True): r for r in taken.resources()}
    return {
        "resources": list(different.values()),
        "bundles": _bundles(taken),
        "receipts": one_of_each(taken.receipts()),
        "refusals": one_of_each(taken.refusals),
        "audit": one_of_each(taken.events),
        "capabilities": [taken.capabilities],
        "sound": [_patient()],
        "examples": one_of_each(form for whole in examples().values() for _, form in forms(whole)),
    }


def written(found: Mapping[str, Iterable[Resource]], folder: Path) -> list[Path]:
    """One file for each resource, in a folder for each group, and the planted ones."""
    named = {
        f"{group}/{resource['resourceType']}-{number}": resource
        for group, resources in found.items()
        for number, resource in enumerate(resources)
    } | {f"planted/{name}": planted.resource for name, planted in PLANTED.items()}
    for name, resource in named.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(resource), encoding="utf-8")
    return [folder / f"{name}.json" for name in named]


def _bundles(taken: Taken) -> list[Resource]:
    """All of Maya's as her registrar sees it, and a Bundle of each other kind of links and entries."""
    kinds: dict[str, Resource] = {"": taken.bundles[f"{MAYA} dr.sen emergency-care"]}
    for bundle in taken.bundles.values():
        modes = {entry["search"]["mode"] for entry in bundle["entry"]}
        links = {link["relation"] for link in bundle["link"]}
        kinds.setdefault(str((sorted(modes), sorted(links), "total" in bundle)), bundle)
    return list(kinds.values())


def _patient(**changes: Any) -> Resource:
    number = {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}
    return {"resourceType": "Patient", "identifier": [number], "birthDate": "2014-05-01", **changes}


def _allergy(profile: str) -> Resource:
    claimed = {"profile": [f"https://fhir.hl7.org.uk/StructureDefinition/{profile}"]}
    patient = {"reference": "Patient/example"}
    return {"resourceType": "AllergyIntolerance", "meta": claimed, "patient": patient}


def _outcome(extension: Resource) -> Resource:
    issue = {"severity": "information", "code": "informational", "extension": [extension]}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _event(code: str) -> Resource:
    coding = {"system": f"{BASE}/CodeSystem/cs-event", "code": code}
    meeting = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": meeting,
        "type": [{"coding": [coding]}],
    }


PLANTED = {
    "a-code-of-no-value-set": Planted(_patient(gender="girl"), "girl"),
    "a-date-that-is-none": Planted(_patient(birthDate="2014-02-30"), "2014-02-30"),
    "less-than-uk-core-requires": Planted(_allergy("UKCore-AllergyIntolerance"), "AllergyIntolerance.code"),
    "a-claim-to-an-unknown-profile": Planted(_allergy("UKCore-NoSuchProfile"), "UKCore-NoSuchProfile"),
    "an-extension-that-is-not-published": Planted(
        _outcome({"url": f"{BASE}/StructureDefinition/not-published", "valueString": "x"}), "is unknown"
    ),
    "an-extension-where-it-may-not-stand": Planted(
        _outcome({"url": f"{BASE}/StructureDefinition/complete", "valueBoolean": True}), "not allowed"
    ),
    "an-extension-with-an-unknown-part": Planted(
        _outcome(
            {
                "url": f"{BASE}/StructureDefinition/held-back",
                "extension": [{"url": "what", "valueString": "x"}, {"url": "whom", "valueString": "x"}],
            }
        ),
        "slic",
    ),
    "an-extension-with-a-value-of-another-type": Planted(
        _outcome(
            {
                "url": f"{BASE}/StructureDefinition/held-back",
                "extension": [{"url": "what", "valueBoolean": True}],
            }
        ),
        "boolean",
    ),
    "a-code-that-our-list-lacks": Planted(_event("birthday"), "birthday"),
}
