"""What a mapping makes of a record: https://hl7.org/fhir/R4/json.html."""

from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from mappings import Unmappable, decimal_text
from mappings.run import PlainContext
from tests.mappings.riverside import compiled, make, patient

OBSERVATION = """
resourceType: Observation
status: final
code: {text: Weight}
valueQuantity: {value: = kg, unit: kg}
"""


def test_a_path_and_a_literal_become_the_elements_where_they_stand(tmp_path: Path) -> None:
    made = patient(tmp_path, "name: [{use: official, family: = surname}]", {"surname": " Okafor "})

    assert made == {"name": [{"use": "official", "family": "Okafor"}]}


def test_a_block_whose_expressions_give_nothing_vanishes_with_its_literals(tmp_path: Path) -> None:
    elements = """
    identifier: [{system: urn:x, value: = nhs_no}]
    name: [{use: official, family: = surname}]
    active: true
    """

    assert patient(tmp_path, elements, {"nhs_no": "  ", "surname": None}) == {"active": True}


def test_a_codeable_concept_is_kept_by_its_literal_coding(tmp_path: Path) -> None:
    elements = "maritalStatus: {coding: [{system: urn:x, code: M}], text: = surname}"

    assert patient(tmp_path, elements, {}) == {
        "maritalStatus": {"coding": [{"system": "urn:x", "code": "M"}]}
    }


def test_a_telephone_without_its_number_vanishes_whatever_else_is_known(tmp_path: Path) -> None:
    elements = "telecom: {for: phones, each: {system: phone, value: = no, use: = type | lower}}"
    record = {"phones": [{"no": "01632 960001", "type": "HOME"}, {"no": "", "type": "WORK"}]}

    assert patient(tmp_path, elements, record) == {
        "telecom": [{"system": "phone", "value": "01632 960001", "use": "home"}]
    }


def test_an_expression_that_gives_several_is_spliced_into_the_list(tmp_path: Path) -> None:
    elements = "name: [{given: [= forename, = middle | words]}]"

    made = patient(tmp_path, elements, {"forename": "Maya", "middle": "Rose  Ann"})

    assert made == {"name": [{"given": ["Maya", "Rose", "Ann"]}]}


def test_each_reads_the_item_and_may_read_the_record(tmp_path: Path) -> None:
    elements = """
    contact:
      for: phones
      each:
        name: {text: = $.surname}
        telecom:
          for: calls
          each: {value: = at}
    """
    record = {"surname": "Okafor", "phones": [{"calls": [{"at": "a"}, {"at": "b"}]}, {"calls": []}]}

    assert patient(tmp_path, elements, record) == {
        "contact": [
            {"name": {"text": "Okafor"}, "telecom": [{"value": "a"}, {"value": "b"}]},
            {"name": {"text": "Okafor"}},
        ]
    }


def test_a_single_block_where_a_list_was_declared_is_a_list_of_one(tmp_path: Path) -> None:
    elements = "telecom: {for: phones, each: {value: = no}}"

    assert patient(tmp_path, elements, {"phones": {"no": "1"}}) == {"telecom": [{"value": "1"}]}


def test_digits_of_decimals_are_kept_in_the_written_json(tmp_path: Path) -> None:
    made = make(tmp_path, OBSERVATION, {"kg": "14.10"}, fact="measurement")

    assert made is not None
    assert made.resource["valueQuantity"]["value"] == Decimal("14.10")
    assert b'"value":14.10,' in orjson.dumps(made.resource, default=decimal_text)


def test_the_subject_is_set_from_the_context(tmp_path: Path) -> None:
    made = make(tmp_path, OBSERVATION, {"kg": "1"}, fact="measurement")

    assert made is not None
    assert made.resource["subject"] == {"reference": "Patient/example"}
    assert (made.key, made.fact, made.made_type) == ("1", "measurement", "Observation")


def test_a_resource_that_needs_a_subject_is_not_made_without_one(tmp_path: Path) -> None:
    flag = compiled(
        tmp_path, "resourceType: Flag\nstatus: active\ncode: {text: = surname}", fact="safeguarding-flag"
    )
    context = PlainContext()
    context.subject = None  # type: ignore[assignment]  # the context of a source that does not know the child

    with pytest.raises(Unmappable, match="no value for a required element"):
        flag.make({"id": "1", "surname": "x"}, context)


def test_a_required_element_without_a_value_names_its_field(tmp_path: Path) -> None:
    template = "resourceType: Observation\nstatus: final\ncode: {text: = home.town}"

    with pytest.raises(Unmappable) as raised:
        make(tmp_path, template, {}, fact="measurement")

    assert (raised.value.path, raised.value.element) == ("home.town", "Observation.code")


def test_a_value_that_a_function_cannot_read_names_its_field_and_is_not_in_the_message(
    tmp_path: Path,
) -> None:
    with pytest.raises(Unmappable) as raised:
        patient(tmp_path, "birthDate: = dob | uk-date", {"dob": "secret"})

    assert str(raised.value) == "dob: not a date"
    assert raised.value.element == "Patient.birthDate"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_only_leaves_out_records_without_a_value_or_with_false(tmp_path: Path) -> None:
    lines = "only: [= sex | present, = surname | not-equals Test]\n"
    mapping = compiled(tmp_path, "resourceType: Patient\nactive: true", lines=lines)

    assert mapping.make({"id": "1", "sex": "F", "surname": "Test"}, PlainContext()) is None
    assert mapping.make({"id": "1", "surname": "Okafor"}, PlainContext()) is None
    assert mapping.make({"id": "1", "sex": "F"}, PlainContext()) is not None


def test_a_record_without_its_key_is_not_mapped(tmp_path: Path) -> None:
    with pytest.raises(Unmappable, match="id: no value for a required element"):
        make(tmp_path, "resourceType: Patient\nactive: true", {"id": " "})


def test_a_key_may_be_made_of_several_fields(tmp_path: Path) -> None:
    lines = "key: = id | with forename age | join -\n"

    made = make(tmp_path, "resourceType: Patient\nactive: true", {"forename": "M", "age": 4}, lines=lines)

    assert made is not None
    assert made.key == "1-M-4"


def test_of_two_forms_of_a_choice_the_first_with_a_value_is_taken(tmp_path: Path) -> None:
    elements = """
    deceasedDateTime: = dob | date
    deceasedBoolean: = active
    """

    assert patient(tmp_path, elements, {"dob": "2026-01-02", "active": True}) == {
        "deceasedDateTime": "2026-01-02"
    }
    assert patient(tmp_path, elements, {"active": True}) == {"deceasedBoolean": True}
    assert patient(tmp_path, elements, {}) == {}


def test_a_required_choice_needs_one_of_its_forms_and_a_literal_form_is_a_last_resort(tmp_path: Path) -> None:
    begin = "resourceType: Immunization\nstatus: completed\nvaccineCode: {text: MMR}\n"
    needed = begin + "occurrenceDateTime: = dob\noccurrenceString: = surname"

    with pytest.raises(Unmappable, match="dob: no value"):
        make(tmp_path, needed, {}, fact="immunisation")

    made = make(
        tmp_path, begin + "occurrenceDateTime: = dob\noccurrenceString: unknown", {}, fact="immunisation"
    )

    assert made is not None
    assert made.resource["occurrenceString"] == "unknown"


def test_a_passing_record_is_copied_unchanged_if_it_is_of_the_type(tmp_path: Path) -> None:
    record = {"id": "1", "resourceType": "Patient", "managingOrganization": {"reference": "Organization/1"}}
    mapping = compiled(tmp_path, "= .", fields={"": "any"})

    made = mapping.make(record, PlainContext())

    assert made is not None
    assert made.resource == record
    assert made.resource is not record
    assert mapping.passing
    with pytest.raises(Unmappable, match="not a resource of this mapping's type"):
        mapping.make({"id": "1", "resourceType": "Flag"}, PlainContext())


def test_two_resources_share_no_block_of_literals(tmp_path: Path) -> None:
    mapping = compiled(tmp_path, "resourceType: Patient\nmeta: {security: [{system: urn:x, code: R}]}")
    first, second = (mapping.make({"id": i}, PlainContext()) for i in "12")
    assert first is not None and second is not None

    first.resource["meta"]["security"].append({"code": "V"})

    assert second.resource["meta"] == {"security": [{"system": "urn:x", "code": "R"}]}


def test_a_dropped_value_is_noted_with_its_field(tmp_path: Path) -> None:
    mapping = compiled(
        tmp_path,
        "resourceType: Patient\nidentifier: [{value: = nhs_no | nhs-number}]\nbirthDate: = dob | try date",
    )

    made = mapping.make({"id": "1", "nhs_no": "9990001376", "dob": "soon"}, PlainContext())

    assert made is not None
    assert made.resource == {"resourceType": "Patient"}
    assert made.notes == (("nhs_no", "not an NHS number: its check digit is wrong"), ("dob", "not a date"))


def test_a_made_resource_prints_without_its_content(tmp_path: Path) -> None:
    made = make(tmp_path, "resourceType: Patient\nname: [{family: = surname}]", {"surname": "Okafor"})

    assert repr(made) == "<Made Patient fact=identity>"


@pytest.mark.parametrize(
    ("element", "field", "value", "written"),
    [
        ("active", "active", True, True),
        ("active", "other", "true", True),
        ("multipleBirthInteger", "age", 2, 2),
        ("multipleBirthInteger", "other", "2", 2),
        ("birthDate", "dob", "2022-03-05T00:00:00", "2022-03-05"),
        ("deceasedDateTime", "taken", "2026-07-01T10:00:00", "2026-07-01T10:00:00+01:00"),
    ],
)
def test_values_take_the_type_of_their_element(
    tmp_path: Path, element: str, field: str, value: object, written: object
) -> None:
    assert patient(tmp_path, f"{element}: = {field}", {field: value}) == {element: written}


@pytest.mark.parametrize(
    ("element", "value"), [("active", "Y"), ("multipleBirthInteger", "2.5"), ("gender", "femal")]
)
def test_a_value_of_another_type_or_value_set_is_not_mapped(tmp_path: Path, element: str, value: str) -> None:
    with pytest.raises(Unmappable, match="other: "):
        patient(tmp_path, f"{element}: = other", {"other": value})


def test_an_extension_of_a_primitive_is_written_beside_it(tmp_path: Path) -> None:
    elements = "_birthDate: {extension: [{url: urn:accuracy, valueCode: = sex}]}"

    assert patient(tmp_path, elements, {"sex": "AAA"}) == {
        "_birthDate": {"extension": [{"url": "urn:accuracy", "valueCode": "AAA"}]}
    }
    assert patient(tmp_path, elements, {}) == {}
