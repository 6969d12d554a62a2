"""Whatever is masked, what is left is R4, as far as the schema says it."""

from typing import Any

import pytest

from gateway.fhir.schema import faults
from tests.conformance.forms import Resource, examples, forms


@pytest.mark.parametrize("resource", [pytest.param(r, id=name) for name, r in examples().items()])
def test_every_form_of_an_example_is_r4(resource: Resource) -> None:
    found = {name: wrong for name, form in forms(resource) if (wrong := faults(form))}

    assert found == {}


def test_an_organisation_that_may_not_be_named_says_that_its_name_is_masked() -> None:
    organisation: dict[str, Any] = {"resourceType": "Organization", "id": "x", "name": "Refuge", "meta": {}}

    fact = dict(forms(organisation))["fact-open"]

    absent = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
    assert fact == {"resourceType": "Organization", "id": "x", "_name": {"extension": [absent]}}
