"""References leave only through the context: https://hl7.org/fhir/R4/references.html#literal."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mappings import Unmappable
from mappings.run import PlainContext
from tests.mappings.riverside import compiled


class Opaque(PlainContext):
    """A context whose ids are not the source's."""

    def reference(self, resource_type: str, key: str) -> str:
        return f"{resource_type}/opaque-{key}"


class Digits(str):
    """Text that is a decimal's, as connectors give it."""


def made(folder: Path, elements: str, record: dict[str, Any]) -> dict[str, Any]:
    one = compiled(folder, f"resourceType: Patient\n{elements}").make({"id": "1", **record}, Opaque())
    assert one is not None
    return one.resource


def test_a_reference_goes_through_the_context(tmp_path: Path) -> None:
    elements = "generalPractitioner: [{reference: = nurse_id | ref Practitioner, display: = surname}]"

    assert made(tmp_path, elements, {"nurse_id": "7"})["generalPractitioner"] == [
        {"reference": "Practitioner/opaque-7"}
    ]


@pytest.mark.parametrize("value", ["Practitioner/7", "Practitioner/7/_history/2", "7"])
def test_the_key_is_taken_out_of_a_reference_of_the_source(tmp_path: Path, value: str) -> None:
    elements = "generalPractitioner: [= nurse_id | ref Practitioner]"

    assert made(tmp_path, elements, {"nurse_id": value})["generalPractitioner"] == [
        {"reference": "Practitioner/opaque-7"}
    ]


def test_a_reference_to_another_type_is_refused_without_its_key(tmp_path: Path) -> None:
    with pytest.raises(Unmappable, match="nurse_id: a reference to another type than Practitioner"):
        made(tmp_path, "generalPractitioner: [= nurse_id | ref Practitioner]", {"nurse_id": "Flag/7"})


def test_a_field_of_fhir_shape_keeps_no_id_of_the_source_and_its_digits(tmp_path: Path) -> None:
    identifier = {
        "value": "x",
        "assigner": {"reference": "Organization/1", "display": "Council"},
        "extension": [
            {
                "url": "a",
                "valueReference": {"reference": "https://elsewhere.example/Patient/9", "display": "d"},
            },
            {"url": "b", "valueReference": {"reference": "#c"}},
            {"url": "c", "valueDecimal": Digits("14.10")},
        ],
    }

    resource = made(tmp_path, "identifier: [= other]", {"other": identifier})

    assert resource["identifier"] == [
        {
            "value": "x",
            "assigner": {"reference": "Organization/opaque-1", "display": "Council"},
            "extension": [
                {"url": "a", "valueReference": {"display": "d"}},
                {"url": "b", "valueReference": {"reference": "#c"}},
                {"url": "c", "valueDecimal": Decimal("14.10")},
            ],
        }
    ]
    assert resource["identifier"][0] is not identifier
