"""FHIR in XML takes the shape that it has in JSON, value for value, and the tables for that are current."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from fhir.resources.R4B import get_fhir_model_class as r4_model
from fhir.resources.STU3 import get_fhir_model_class as stu3_model

from connectors.base import SourceError
from connectors.digits import Digits
from connectors.fhir_elements import elements_of
from connectors.fhir_xml import elements, resource
from connectors.xml import parse_xml

XHTML = "http://www.w3.org/1999/xhtml"


def read(xml: str, version: str = "r4") -> dict[str, Any]:
    return resource(
        parse_xml(xml.replace("<Patient", '<Patient xmlns="http://hl7.org/fhir"', 1).encode()), version
    )


@pytest.mark.parametrize(
    ("xml", "shape"),
    [
        ('<active value="true"/>', {"active": True}),
        ('<multipleBirthInteger value="2"/>', {"multipleBirthInteger": 2}),
        ('<birthDate value="2020-02-29"/>', {"birthDate": "2020-02-29"}),
        ('<name><given value="A"/><family value="B"/></name>', {"name": [{"given": ["A"], "family": "B"}]}),
        ('<maritalStatus><text value="x"/></maritalStatus>', {"maritalStatus": {"text": "x"}}),
        (
            '<contained><Organization><name value="P"/></Organization></contained>',
            {"contained": [{"resourceType": "Organization", "name": "P"}]},
        ),
        (
            '<extension url="u"><valueDecimal value="14.10"/></extension>',
            {"extension": [{"url": "u", "valueDecimal": "14.10"}]},
        ),
        (
            '<birthDate id="b" value="2020"><extension url="u"><valueBoolean value="false"/></extension>'
            "</birthDate>",
            {
                "birthDate": "2020",
                "_birthDate": {"id": "b", "extension": [{"url": "u", "valueBoolean": False}]},
            },
        ),
        (
            '<birthDate><extension url="u"><valueCode value="masked"/></extension></birthDate>',
            {"_birthDate": {"extension": [{"url": "u", "valueCode": "masked"}]}},
        ),
        (
            '<name><given value="A"/><given><extension url="u"/></given><given value="C"/></name>',
            {"name": [{"given": ["A", None, "C"], "_given": [None, {"extension": [{"url": "u"}]}, None]}]},
        ),
        (
            f'<text><status value="generated"/><div xmlns="{XHTML}"><p>A &amp; <b>B</b></p></div></text>',
            {"text": {"status": "generated", "div": f'<div xmlns="{XHTML}"><p>A &amp; <b>B</b></p></div>'}},
        ),
        ('<invented value="x"/><invented value="y"/>', {"invented": ["x", "y"]}),
        ('<invented><thing value="x"/></invented>', {"invented": {"thing": "x"}}),
    ],
)
def test_an_element_takes_its_json_shape(xml: str, shape: dict[str, Any]) -> None:
    assert read(f"<Patient>{xml}</Patient>") == {"resourceType": "Patient", **shape}


def test_decimals_keep_their_digits() -> None:
    found = read('<Patient><extension url="u"><valueDecimal value="14.10"/></extension></Patient>')

    assert isinstance(found["extension"][0]["valueDecimal"], Digits)


def test_a_value_that_is_no_number_or_boolean_stays_as_it_was_written() -> None:
    found = read('<Patient><active value="yes"/><multipleBirthInteger value="two"/></Patient>')

    assert (found["active"], found["multipleBirthInteger"]) == ("yes", "two")


@pytest.mark.parametrize(
    "xml",
    [
        "<Patient xmlns='urn:other'/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<Bundle xmlns='http://hl7.org/fhir'><entry><resource/></entry></Bundle>",
        "<Bundle xmlns='http://hl7.org/fhir'><entry><resource><A/><B/></resource></entry></Bundle>",
    ],
)
def test_xml_that_is_no_fhir_is_unreadable(xml: str) -> None:
    with pytest.raises(SourceError):
        resource(parse_xml(xml.encode()), "r4")


@pytest.mark.parametrize("version", ["r4", "stu3"])
def test_the_tables_are_those_of_the_installed_definitions(version: str) -> None:
    assert elements(version) == elements_of(version)


def comparable(value: Any) -> Any:
    """`value` without what is told otherwise in both forms: narratives and comments."""
    if isinstance(value, dict):
        return {k: comparable(v) for k, v in value.items() if k not in ("div", "fhir_comments")}
    return [comparable(v) for v in value] if isinstance(value, list) else value


@pytest.mark.samples
def test_every_child_health_event_is_read_as_the_reference_reads_it(samples: Path) -> None:
    files = sorted((samples / "health_child_health_events").glob("*.xml"))
    assert files
    for file in files:
        body = file.read_bytes()
        ours = resource(parse_xml(body), "stu3")
        model = stu3_model(ours["resourceType"])
        theirs = json.loads(model.model_validate_xml(body).model_dump_json())

        assert comparable(json.loads(model.model_validate_json(json.dumps(ours)).model_dump_json())) == (
            comparable(theirs)
        )


def test_an_r4_resource_written_as_xml_comes_back_as_it_was() -> None:
    observation = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "category": [{"coding": [{"system": "s", "code": "c"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "1", "userSelected": True}], "text": "t"},
        "effectivePeriod": {"start": "2020-01-01", "end": "2020-01-02"},
        "valueQuantity": {"value": 14.5, "unit": "kg"},
        "component": [{"code": {"text": "x"}, "valueInteger": 3}],
    }
    # the model says str, and gives bytes
    xml = cast(bytes, r4_model("Observation").model_validate(observation).model_dump_xml())

    found = resource(parse_xml(xml), "r4")

    assert found["valueQuantity"].pop("value") == "14.5"
    observation["valueQuantity"] = {"unit": "kg"}
    assert found == observation
