"""Holes of request templates: each value in the escape of its place, and nothing but values."""

import orjson
import pytest
from lxml import etree

from connectors.base import Failure, SourceError
from connectors.holes import fill, filled_or_unsupported, holes, in_json, in_path, in_search, in_xml

NASTY = "a\"b'c<d>&e|f,g$h\\i/j?k#l%m{local}"


def test_a_hole_takes_its_value_or_what_stands_for_an_absent_one() -> None:
    template = "x={local}&y={unscheduled=true}"

    assert fill(template, {"local": "1"}) == "x=1&y=true"
    assert fill(template, {"local": "1", "unscheduled": "false"}) == "x=1&y=false"
    assert fill(template, {}) is None
    assert holes(template) == {"local", "unscheduled"}


def test_a_value_is_never_a_template_itself() -> None:
    assert fill("{local}", {"local": "{secret}", "secret": "s"}) == "{secret}"


def test_a_value_stays_one_value_in_json_xml_path_and_search() -> None:
    assert orjson.loads(fill('{"a": "{local}"}', {"local": NASTY}, in_json) or "") == {"a": NASTY}
    assert etree.fromstring(fill("<a b='{local}'>{local}</a>", {"local": NASTY}, in_xml) or "").text == NASTY
    assert (fill("/x/{local}/y", {"local": NASTY}, in_path) or "").count("/") == 3
    assert fill("sys|{local}", {"local": NASTY}, in_search) == (
        "sys|a\"b'c<d>&e\\|f\\,g\\$h\\\\i/j?k#l%m{local}"
    )


@pytest.mark.parametrize("value", ["a\nb", "a\r\nX: 1", "\x00", "\x1b[2J", "\ud800"])
def test_control_characters_are_no_identifier(value: str) -> None:
    with pytest.raises(SourceError) as caught:
        fill("{local}", {"local": value})

    assert caught.value.failure is Failure.UNSUPPORTED
    assert value not in str(caught.value)


@pytest.mark.parametrize("value", [".", "..", ""])
def test_a_value_cannot_climb_out_of_a_path(value: str) -> None:
    with pytest.raises(SourceError):
        fill("/x/{local}", {"local": value}, in_path)


def test_a_document_with_an_empty_hole_is_never_sent() -> None:
    with pytest.raises(SourceError) as caught:
        filled_or_unsupported("{nhs-number} {local}", {"local": "1"}, str)

    assert caught.value.failure is Failure.UNSUPPORTED
