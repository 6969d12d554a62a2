"""A narrative formats text; one that could load or run anything is replaced, and said to be not shown."""

import pytest

from gateway.fhir.narrative import NOT_SHOWN, calmed, is_harmless
from gateway.fhir.schema import faults

DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


@pytest.mark.parametrize("inside", [
    "Seen &lt;at home&gt; &amp; well, 3 > 2",
    '<p class="x">Blood pressure<br/><b id="a">120</b></p>',
    '<table border="1"><tr><td colspan="2" style="color: #333; width: 50%">Wheeze</td></tr></table>',
    '<a href="https://hospital.example/1">more</a><a href="#a">here</a>',
    "",
])  # fmt: skip
def test_formatted_text_stays_as_it_is(inside: str) -> None:
    resource = {"resourceType": "Condition", "text": {"status": "generated", "div": DIV.format(inside)}}

    assert calmed(resource) is resource


@pytest.mark.parametrize("inside", [
    "<script>x()</script>", "<img src=x onerror=x()>", '<img src="https://evil.example/1.png"/>',
    '<p onclick="x()">a</p>', '<p class="a" onclick="x()">a</p>', '<a href="javascript:x()">a</a>',
    '<a href=" javascript:x()">a</a>', '<a href="&#106;avascript:x()">a</a>',
    '<a href="data:text/html,x">a</a>',
    '<p style="background: url(https://evil.example)">a</p>', "<iframe src='x'></iframe>", "<svg/onload=x()>",
    "<SCRIPT>x()</SCRIPT>", "<p/onmouseover=x()>", "<!-- a --><p>", "<![CDATA[x]]>", "<?php x ?>", "<form>",
    "<p", '<p class="a"onclick="x()">', '<p title="a>" onclick="x()">', "<\x00script>", "<math><mi>",
    "<style>a{}</style>",
    '<base href="https://evil.example/"/>', "<object></object>", "< script>",
])  # fmt: skip
def test_what_could_load_or_run_is_replaced_inside_contained_resources_too(inside: str) -> None:
    told = {"resourceType": "Basic", "text": {"status": "generated", "div": DIV.format(inside)}}

    assert not is_harmless(told["text"]["div"])  # type: ignore[index]
    assert calmed(told)["text"] == NOT_SHOWN
    assert calmed({"resourceType": "Condition", "contained": [told]})["contained"][0]["text"] == NOT_SHOWN


def test_what_replaces_a_narrative_is_r4() -> None:
    told = {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/1"},
        "text": {"status": "generated", "div": DIV.format("<script>")},
    }

    assert faults(calmed(told)) == []
    assert is_harmless(NOT_SHOWN["div"])
