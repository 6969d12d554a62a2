"""What FHIR asks of mappings beyond values: lists below lists, labels in meta, narratives, chosen codes."""

from pathlib import Path

from mappings.run import PlainContext
from tests.mappings.riverside import compiled, patient

_CODED = {"other": [{"v": {"coding": [{"code": "a"}, {"code": "b"}]}}, {"v": {"coding": [{"code": "c"}]}}]}


def test_get_below_each_of_several_blocks_gives_one_list(tmp_path: Path) -> None:
    spelled = 'name: [{given: ["= other[] | get v.coding[].code"]}]'
    by_hand = 'name: [{given: ["= other[] | get v.coding | get code"]}]'

    assert patient(tmp_path, spelled, _CODED) == {"name": [{"given": ["a", "b", "c"]}]}
    assert patient(tmp_path, by_hand, _CODED) == {"name": [{"given": ["a", "b", "c"]}]}


def test_the_first_of_nested_codes_is_one_code(tmp_path: Path) -> None:
    elements = 'name: [{family: "= other[] | get v.coding[].code | first"}]'

    assert patient(tmp_path, elements, _CODED) == {"name": [{"family": "a"}]}


def test_known_keeps_a_code_that_the_map_knows_and_drops_another_uncounted(tmp_path: Path) -> None:
    resource = "resourceType: Patient\ngender: = sex | known sex | code sex"
    mapping, context = compiled(tmp_path, resource), PlainContext()
    known, other = (mapping.make({"id": "1", "sex": sex}, context) for sex in ("F", "X"))

    assert known is not None and known.resource["gender"] == "female"
    assert other is not None and "gender" not in other.resource
    assert not context.codes


def test_a_literal_profile_stays_when_no_label_is_found(tmp_path: Path) -> None:
    elements = "meta: {profile: [urn:x:profile], security: [{system: urn:x, code: = sex}]}"

    assert patient(tmp_path, elements, {}) == {"meta": {"profile": ["urn:x:profile"]}}


def test_a_narrative_is_text_in_which_nothing_can_be_markup(tmp_path: Path) -> None:
    elements = "text: {status: additional, div: = surname | xhtml}"

    made = patient(tmp_path, elements, {"surname": "He said <b>no</b> & left.\nShe stayed."})

    assert made["text"]["div"] == (
        '<div xmlns="http://www.w3.org/1999/xhtml">'
        "He said &lt;b&gt;no&lt;/b&gt; &amp; left.<br/>She stayed.</div>"
    )
