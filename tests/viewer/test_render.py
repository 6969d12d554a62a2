"""The child's page as one streamed document: whole at first, inert later states, a proper end."""

import pytest
from lxml import html

from gateway.viewer.assets import CSP, address, asset
from gateway.viewer.render import render_arrival, render_end, render_first, render_whole
from tests.viewer import maya


def test_the_first_part_is_a_whole_readable_page_without_its_end() -> None:
    first = render_first(maya.shown(maya.waiting("northshire-police"))).decode()

    assert "</body>" not in first
    assert first.count("<main") == first.count("</main>") == 1
    assert "Child protection plan" in first
    assert "Still asking the police" in first


def test_a_later_state_is_inert_and_its_end_is_marked() -> None:
    arrival = render_arrival(maya.shown(), 3).decode()

    assert arrival.startswith('<template data-arrival="3">')
    assert arrival.rstrip().endswith('</template><i class="arrived" data-arrived="3" hidden></i>')
    assert arrival.count("<template") == 1


def test_every_part_that_a_script_may_replace_stands_in_both() -> None:
    first = html.document_fromstring(render_first(maya.shown()).decode())
    later = html.fragment_fromstring(render_arrival(maya.shown(), 1).decode(), create_parent="div")

    for part in ("banner", "sentence", "cells", "rail", "main", "dock", "again"):
        assert len(first.findall(f".//*[@id='{part}']")) == 1
        assert len(later.findall(f".//*[@id='{part}']")) == 1


def test_without_scripts_the_end_leads_to_the_later_answers_if_any_came() -> None:
    assert "?wait=all" not in render_end(maya.shown()).decode()
    end = render_end(maya.shown(), 2).decode()

    assert '<a href="/child/b64opaque?wait=all">show them</a>' in end
    assert end.rstrip().endswith("</body>\n</html>")


def test_a_finished_page_with_a_failure_offers_to_try_again_and_an_unfinished_one_does_not() -> None:
    assert "Try again</a>" in render_first(maya.shown()).decode()
    assert "Try again</a>" not in render_first(maya.shown(maya.waiting("northshire-police"))).decode()
    assert "Try again</a>" not in render_whole(maya.shown(maya.answered())).decode()


def test_no_page_has_an_inline_script_or_style() -> None:
    tree = html.document_fromstring(render_whole(maya.shown()).decode())

    assert all(script.get("src") and not script.text for script in tree.iter("script"))
    assert not list(tree.iter("style"))
    assert not tree.xpath("//*[@style]")


def test_the_title_and_the_address_name_nobody() -> None:
    first = render_first(maya.shown()).decode()
    head = first.partition("<body")[0]

    assert "Maya" not in head and "9990001375" not in first.replace("999 000 1375", "")


def test_ids_are_used_once() -> None:
    tree = html.document_fromstring(render_whole(maya.shown()).decode())
    ids = [str(e.get("id")) for e in tree.iter() if e.get("id")]

    assert len(ids) == len(set(ids))


def test_every_link_inside_the_page_leads_to_something() -> None:
    tree = html.document_fromstring(render_whole(maya.shown()).decode())
    targets = {f"#{e.get('id')}" for e in tree.iter() if e.get("id")}

    assert {a.get("href") for a in tree.iter("a") if str(a.get("href")).startswith("#")} <= targets


def test_new_answers_can_be_told_by_the_states_on_the_page() -> None:
    first = render_first(maya.shown(maya.waiting("northshire-police"))).decode()

    assert "northshire-police=pending" in first
    assert "northshire-police=answered-data" in render_arrival(maya.shown(maya.answered()), 1).decode()


def test_static_files_are_named_one_by_one_and_versioned() -> None:
    found = asset("viewer.css")

    assert found is not None
    assert address("viewer.css") == f"/static/viewer.css?v={found.version}"
    assert asset("__init__.py") is None
    assert asset("../render.py") is None
    with pytest.raises(LookupError):
        address("other.css")


def test_no_file_of_ours_names_another_host() -> None:
    for name in ("viewer.css", "viewer.js"):
        found = asset(name)
        assert found is not None
        text = found.body.decode().replace("https://www.w3.org", "").replace("http://www.w3.org", "")
        assert "http" not in text and "//" not in text.replace("// ", "").replace("://", "")


def test_the_content_policy_is_the_strict_one() -> None:
    assert CSP == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def test_the_printed_page_says_that_it_is_incomplete() -> None:
    tree = html.document_fromstring(render_whole(maya.shown()).decode())
    foot = str(tree.xpath("string(//footer)"))

    assert "Incomplete: 4 of 5 agencies answered at 02:07. Northshire Police: no answer" in foot
    assert "Printed by Dr R. Sen, ED registrar, Northtown General, for emergency care" in foot
