"""The guards of JSON and XML: what passes keeps its value, and what is hostile does not pass."""

import pytest
from lxml import etree

from connectors.base import Failure, SourceError
from connectors.digits import Digits
from connectors.json import DEEPEST, parse_json
from connectors.tree import tree
from connectors.xml import parse_xml


def test_decimals_keep_their_digits() -> None:
    parsed = parse_json(b'{"weight": 14.10, "small": 1e-7, "count": 3}')

    assert parsed == {"weight": "14.10", "small": "1e-7", "count": 3}
    assert isinstance(parsed["weight"], Digits)
    assert isinstance(parsed["count"], int)


def test_a_byte_order_mark_is_no_content() -> None:
    assert parse_json(b"\xef\xbb\xbf{}") == {}
    assert parse_xml(b"\xef\xbb\xbf<a/>").tag == "a"


@pytest.mark.parametrize("open_, close", [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a[{":', b"}]")])
def test_json_may_nest_so_deep_and_no_deeper(open_: bytes, close: bytes) -> None:
    levels = len(close)
    parse_json(open_ * (DEEPEST // levels) + b"1" + close * (DEEPEST // levels))

    with pytest.raises(SourceError, match="levels deep"):
        parse_json(open_ * (DEEPEST // levels + 1) + b"1" + close * (DEEPEST // levels + 1))


@pytest.mark.parametrize("text", [b'"{{{{"', b'"\\"[[[["', b'"\\\\"', b'{"[[": "]]\\\\", "x": "{"}'])
def test_brackets_in_strings_are_text(text: bytes) -> None:
    parse_json(b"[" * (DEEPEST - 1) + text + b"]" * (DEEPEST - 1))


def test_the_guard_never_tells_what_the_answer_held() -> None:
    for guard, body in ((parse_json, b'{"name": "CNRY'), (parse_xml, b"<CNRY><b></CNRY>")):
        with pytest.raises(SourceError) as caught:
            guard(body)

        assert caught.value.failure is Failure.UNREADABLE
        assert "CNRY" not in f"{caught.value}{caught.value.__cause__}{caught.value.__suppress_context__}"


def test_an_entity_bomb_is_never_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 1000}">' for n in range(10))

    with pytest.raises(SourceError, match="DOCTYPE"):
        parse_xml(f"<!DOCTYPE a [{entities}]><a>&e9;</a>".encode())


def test_comments_vanish_and_their_text_is_whole() -> None:
    assert parse_xml(b"<a>one<!-- x -->two</a>").text == "onetwo"


def test_xml_becomes_nested_plain_values() -> None:
    element = etree.fromstring(
        '<n:Child xmlns:n="urn:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="C" id="7">'
        " stray <n:Name> Ann </n:Name><n:Name>B</n:Name><Empty/><Nil xsi:nil='true'/>"
        "<Weight unit='kg'>3.10</Weight><Home><Line>1</Line></Home></n:Child>"
    )

    assert tree(element) == {
        "@id": "7",
        "#text": "stray",
        "Name": ["Ann", "B"],
        "Weight": {"@unit": "kg", "#text": "3.10"},
        "Home": {"Line": "1"},
    }
