"""References inside a source's own R4 resources: ours, or harmless; never to another child.

https://hl7.org/fhir/R4/references.html
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.federation.references import rewrite
from gateway.federation.translate import Frame
from gateway.identity.child import NHS_NUMBER
from gateway.identity.ids import Ids
from gateway.keys import Key

IDS = Ids(Key("ids", {1: bytes(range(32))}), ["hospital"])
SUBJECT = {"reference": "Patient/opaque-child"}


def frame() -> Frame:
    return Frame("hospital", "9990001375", IDS, SUBJECT, frozenset({"77"}))


def rewritten(reference: dict[str, Any], where: Frame | None = None) -> Any:
    resource = {"resourceType": "Observation", "focus": [reference]}
    rewrite(resource, where or frame())
    return resource["focus"][0]


@pytest.mark.parametrize("target", ["Patient/77", "Patient/77/_history/2", "Patient/opaque-child"])
def test_a_reference_to_the_child_leads_to_the_childs_patient_by_no_other_name(target: str) -> None:
    number = {"system": NHS_NUMBER, "value": "9990008221"}

    assert rewritten({"reference": target, "display": "DRAYTON, Callum", "identifier": number}) == SUBJECT


def test_nobodys_nhs_number_stands_beside_a_reference() -> None:
    number = {"system": NHS_NUMBER, "value": "9990008221"}

    assert rewritten({"identifier": number}) == {"display": "not shown"}
    assert rewritten({"identifier": number, "display": "a sister"}) == {"display": "a sister"}
    assert rewritten({"reference": "Patient/78", "identifier": number}) == {"display": "not shown"}


@pytest.mark.parametrize("target", [
    "Patient/78", "Patient/7", "Patient/777", "Patient/78/_history/77", "Patient/opaque-child2",
    "https://hospital.example/fhir/Patient/77", "https://evil.example/Patient/78", "urn:uuid:77",
    "Patient/77?x", "Patient?identifier=77", "../Patient/77", "/Patient/77", "patient/77", "77", "",
    "Group/77", "file:///etc/passwd", "Library/77", "Patient/77\n", "javascript:alert(1)",
])  # fmt: skip
def test_a_reference_to_anybody_or_anything_else_leads_nowhere(target: str) -> None:
    found = rewritten({"reference": target, "display": "somebody"})

    assert found.get("reference", "").startswith("Group/") or found == {"display": "somebody"}
    assert "77" not in found.get("reference", "")


def test_before_the_childs_own_number_is_known_no_number_means_the_child() -> None:
    unknown = Frame("hospital", "9990001375", IDS, SUBJECT)

    assert rewritten({"reference": "Patient/77"}, unknown) == {"display": "not shown"}


def test_a_reference_to_a_worker_becomes_an_id_of_ours_that_names_this_source_and_child() -> None:
    found = rewritten({"reference": "Practitioner/p-1", "display": "Dr Sen"})
    kind, _, identifier = found["reference"].partition("/")
    place = IDS.read(identifier)

    assert (kind, found["display"]) == ("Practitioner", "Dr Sen")
    assert (place.source, place.type, place.nhs_number) == ("hospital", "Practitioner", "9990001375")
    assert IDS.matches(place, "p-1")


def test_contained_and_identifier_only_references_stay_as_they_are() -> None:
    for reference in ({"reference": "#l1"}, {"identifier": {"value": "X"}}, {"display": "Ward 4"}):
        assert rewritten(dict(reference)) == reference


@dataclass
class Counted:
    """A frame that notes what it is asked for."""

    asked: list[tuple[str, str]]
    subject: Any = None
    own_numbers: frozenset[str] = frozenset()
    ours: dict[str, str] = field(default_factory=dict)

    def reference(self, resource_type: str, key: str) -> str:
        self.asked.append((resource_type, key))
        return f"{resource_type}/ours"


targets = st.text(max_size=30) | st.from_regex(r"[A-Z][a-z]{2,8}/[A-Za-z0-9\-.]{1,10}", fullmatch=True)
trees = st.recursive(
    st.builds(lambda t: {"reference": t}, targets),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "reference", "extension"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(trees)
@settings(max_examples=400, deadline=None)
def test_however_deep_a_reference_stands_only_ours_are_left(tree: Any) -> None:
    resource = {"resourceType": "Basic", "x": tree}

    rewrite(resource, Counted([]))

    for target in _references(resource):
        assert target.endswith("/ours") or target.startswith("#")


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [target for one in value for target in _references(one)]
    if not isinstance(value, dict):
        return []
    own = [value["reference"]] if isinstance(value.get("reference"), str) else []
    return own + [target for one in value.values() for target in _references(one)]
