"""Hostile text in every position that a source can fill is inert, on the page and in the terminal.

design/security.md VW-01; the browser's own verdict is in tests/browser/test_hostile.py.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from gateway.federation.receipt import Notice
from gateway.federation.view import View
from gateway.viewer import text
from gateway.viewer.render import render_arrival, render_end, render_first, render_whole
from tests.viewer import maya
from tests.viewer.hostile import VECTORS

_KEPT = ("resourceType", "id", "meta", "reference", "system", "code", "status", "url", "use")
_TIMES = re.compile(r"\d{4}-\d\d-\d\d.*|\d\d:\d\d:\d\d")
_TAGS = set("script style iframe object embed base math marquee video audio img select textarea".split())


def poisoned(vector: str) -> View:
    """Maya's view with the vector in every text that a source or a notice can fill."""
    resources = tuple(_fill(r, lambda _: vector) for r in maya.RESOURCES)
    lines = tuple(
        replace(one, name=vector, agency_name=f"{vector} {n}", text=vector, reference=vector)
        for n, one in enumerate(maya.LINES)
    )
    return replace(
        maya.VIEW,
        patient=_fill(maya.PATIENT, lambda _: vector),
        resources=resources,
        lines=lines,
        notices=(Notice(vector, vector, vector, "northtown-csc"),),
        location_withheld=vector,
        reference=vector,
        policy_version=vector,
    )


def _fill(element: Any, change: Callable[[str], str]) -> Any:
    if isinstance(element, dict):
        return {name: value if name in _KEPT else _fill(value, change) for name, value in element.items()}
    if isinstance(element, list):
        return [_fill(value, change) for value in element]
    if isinstance(element, str) and not _TIMES.fullmatch(element):
        return change(element)
    return element


def document(view: View) -> str:
    page = maya.shown(view)
    return (render_first(page) + render_arrival(page, 1) + render_end(page, 1)).decode()


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_a_hostile_text_adds_no_element_attribute_or_address(vector: str) -> None:
    tree = html.document_fromstring(document(poisoned(vector)))
    scripts = tree.findall(".//script")

    assert [script.get("src", "").partition("?")[0] for script in scripts] == ["/static/viewer.js"]
    assert not {str(e.tag) for e in tree.iter()} & (_TAGS - {"script"})
    for element in tree.iter():
        for name, value in ((str(n), str(v)) for n, v in element.attrib.items()):
            assert not name.startswith("on") and name not in ("style", "srcdoc", "xlink:href"), name
            if name in ("href", "src", "action", "formaction"):
                assert re.match(r"(/(?!/)|#|tel:\+?\d+$)", value), value


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_a_hostile_text_leaves_the_page_as_it_is_built(vector: str) -> None:
    def skeleton(view: View) -> list[str]:
        tree = html.document_fromstring(render_whole(maya.shown(view)).decode())
        return [
            f"{e.tag} {e.get('id')}" for e in tree.iter() if e.get("id") and "cell" not in str(e.get("id"))
        ]

    assert [name for name in skeleton(poisoned(vector)) if "event" not in name] == [
        name for name in skeleton(poisoned("plain")) if "event" not in name
    ]


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_a_hostile_text_moves_no_cursor_in_the_terminal(vector: str) -> None:
    shown = text.render(maya.shown(poisoned(vector)))

    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_there_are_at_least_sixty_vectors() -> None:
    assert len(set(VECTORS)) >= 60


def test_a_telephone_that_is_none_is_never_a_link() -> None:
    bad = replace(maya.POLICE.telephone, office="javascript:alert(1)", out_of_hours="javascript:alert(1)")
    police = replace(maya.POLICE, telephone=bad)
    shown = document(replace(maya.VIEW, lines=maya.swapped(maya.LINES, police)))

    assert 'href="javascript' not in shown
    assert "tel:javascript" not in shown
