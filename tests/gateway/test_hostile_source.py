"""A source that speaks R4 and lies: what it says of itself, of us and of other numbers is not passed on.

https://hl7.org/fhir/R4/resource.html#Meta
"""

from dataclasses import replace
from functools import cache
from typing import Any

from connectors.base import Record
from gateway.federation.answer import Entry
from gateway.federation.connected import Connected, connect_all
from gateway.federation.merge import under_one_number
from gateway.federation.translate import Translation, Translator
from gateway.identity.child import NHS_NUMBER
from gateway.identity.ids import Ids
from gateway.keys import Key
from gateway.model import read_model
from gateway.start import read_knowledge
from tests.gateway.connections import source
from tests.gateway.resources import BASE

LEO, EARLIER = "9990006857", "9990008221"
IDS = Ids(Key("ids", {1: bytes(range(32))}), ["hospital"])
CONDITION = {
    "resourceType": "Condition",
    "id": "c1",
    "subject": {"reference": "Patient/77"},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]},
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    },
}


@cache
def hospital() -> Connected:
    known = read_knowledge(None)
    one = replace(source("hospital", system="uk-core"), url="http://127.0.0.1:1/", secret=lambda: "x")
    return connect_all([one], known.systems, known.mappings, read_model(), b"k" * 32)[0]


def translated(kind: str, told: dict[str, Any]) -> Entry:
    made = Translation()
    translator = Translator(IDS, BASE, read_model())
    frame = translator.frame("hospital", LEO, IDS.make("hospital", "Patient", LEO, LEO))
    translator.translate(hospital(), frame, [Record(kind, told)], False, made)
    assert not made.faulty
    return made.entries[0]


def test_a_source_cannot_say_that_it_is_another_or_that_its_record_is_another_fact() -> None:
    system = f"{BASE}/CodeSystem/fact"
    lie = {
        "source": f"{BASE}/source/northtown-csc",
        "tag": [{"system": system, "code": "child-protection-plan"}, {"system": "urn:other", "code": "x"}],
    }

    entry = translated("condition", {**CONDITION, "meta": lie})

    assert entry.item.fact == "problem"
    assert entry.resource["meta"]["source"] == f"{BASE}/source/hospital"
    assert entry.resource["meta"]["tag"] == [
        {"system": "urn:other", "code": "x"},
        {"system": system, "code": "problem"},
    ]


def test_an_agencys_patient_keeps_the_childs_number_and_no_other() -> None:
    own = {"system": NHS_NUMBER, "value": "999 000 6857"}
    local = {"system": "urn:mrn", "value": "77"}
    old = {"system": NHS_NUMBER, "value": EARLIER, "use": "old"}
    link = {"other": {"identifier": old}, "type": "replaces"}
    told = {"resourceType": "Patient", "id": "1", "identifier": [own, local, old], "link": [link]}

    assert under_one_number(told, LEO) == {
        "resourceType": "Patient",
        "id": "1",
        "identifier": [own, local],
    }
    assert under_one_number({"resourceType": "Patient", "identifier": [old]}, LEO) == {
        "resourceType": "Patient"
    }
    assert told["link"] == [link]


def test_a_resource_without_another_number_is_not_copied() -> None:
    patient = {"resourceType": "Patient", "identifier": [{"system": NHS_NUMBER, "value": LEO}]}

    assert under_one_number(patient, LEO) is patient
    assert under_one_number(CONDITION, LEO) is CONDITION
