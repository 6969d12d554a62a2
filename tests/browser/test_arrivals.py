"""Agencies appear as they answer: nothing moves that nobody pressed, and without scripts a link leads on.

design/mock/README.md, Behaviour: late answers.
"""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.server import Served
from tests.viewer import maya

pytestmark = pytest.mark.browser
BOTH = ("northshire-community", "northshire-police")


def streams(served: Served) -> None:
    """Community health answers second, the police last."""
    served.streams["/child/b64opaque"] = (
        maya.waiting(*BOTH, view=maya.answered()),
        maya.waiting("northshire-police", view=maya.answered()),
        maya.answered(),
    )


async def place(page: Page) -> list[float]:
    selectors = ["#banner", "#alerts", "#voice", "#involved", "#timeline", "#cells"]
    script = "s => s.map(x => document.querySelector(x).getBoundingClientRect().top)"
    found: list[float] = await page.evaluate(script, selectors)
    return found


async def test_the_page_is_readable_before_all_have_answered(served: Served, go: Open) -> None:
    streams(served)
    page = await go("/child/b64opaque")

    await expect(page.locator("#sentence")).to_contain_text("3 of 5 agencies have answered.")
    await expect(page.locator("#alerts")).to_contain_text("Child protection plan")
    await expect(page.locator("#alerts")).to_contain_text("Police information: still asking")
    await expect(page.get_by_role("button", name="show")).to_have_count(0)


async def test_a_new_answer_changes_its_cell_and_the_sentence_and_moves_nothing(
    served: Served, go: Open
) -> None:
    streams(served)
    page = await go("/child/b64opaque")
    await expect(page.locator("#alerts")).to_be_visible()
    before = await place(page)
    served.let_on()

    await expect(page.get_by_role("button", name="1 new answer - show")).to_be_visible()
    await expect(page.locator("#cell-northshire-community")).to_contain_text("New, not shown yet")
    await expect(page.locator("#cell-northshire-police")).to_contain_text("Asking now")
    await expect(page.locator("#sentence")).to_contain_text("1 answer is not shown yet.")
    await expect(page.locator("#voice")).not_to_contain_text("Bun, my blue rabbit")
    assert await place(page) == before


async def test_pressing_shows_it_marks_it_new_and_moves_focus_to_the_first(served: Served, go: Open) -> None:
    streams(served)
    page = await go("/child/b64opaque")
    served.let_on()
    await page.get_by_role("button", name="1 new answer - show").click()

    await expect(page.locator("#voice")).to_contain_text("Bun, my blue rabbit")
    await expect(page.locator("#cell-northshire-community")).to_contain_text("4 items")
    await expect(page.get_by_role("button", name="show")).to_have_count(0)
    assert await page.evaluate("document.activeElement.dataset.source") == "northshire-community"
    assert await page.locator("#main .tag.new").count() > 0


async def test_two_answers_not_shown_are_offered_together(served: Served, go: Open) -> None:
    streams(served)
    page = await go("/child/b64opaque")
    served.let_on()
    served.let_on()

    await page.get_by_role("button", name="2 new answers - show").click()
    await expect(page.locator("#sentence")).to_contain_text("5 of 5 agencies answered at 02:07.")
    await expect(page.locator("#alerts-title")).to_have_text("Alerts")
    await expect(page.locator("#police")).to_contain_text("Domestic abuse incident, child present")


async def test_an_agency_that_does_not_answer_is_no_new_answer(served: Served, go: Open) -> None:
    served.streams["/child/b64opaque"] = (maya.waiting("northshire-police"), maya.VIEW)
    page = await go("/child/b64opaque")
    served.let_on()

    await expect(page.locator("#cell-northshire-police")).to_contain_text("No answer after 6 s")
    await expect(page.locator("#sentence")).to_contain_text("Northshire Police: no answer after 6 seconds.")
    await expect(page.get_by_role("link", name="Try again")).to_be_visible()
    await page.get_by_role("button", name="Show the latest").click()
    await expect(page.locator("#alerts")).to_contain_text("Police information: not known - no answer")


async def test_a_location_withheld_later_leaves_the_page_at_once(served: Served, go: Open) -> None:
    from dataclasses import replace

    withheld = replace(maya.answered(), location_withheld="Location withheld. Ask social care.")
    served.streams["/child/b64opaque"] = (maya.waiting("northshire-police"), withheld)
    page = await go("/child/b64opaque")
    await expect(page.locator("#family")).to_contain_text("14 Elm Road")
    served.let_on()

    await expect(page.locator("#banner")).to_contain_text("Location withheld")
    await expect(page.locator("#family")).not_to_contain_text("14 Elm Road")


async def test_what_the_reader_had_set_stays_set(served: Served, go: Open) -> None:
    streams(served)
    page = await go("/child/b64opaque")
    await page.get_by_text("From birth").click()
    served.let_on()
    await page.get_by_role("button", name="1 new answer - show").click()

    await expect(page.locator("input[value='0']")).to_be_checked()


async def test_the_sentence_is_one_polite_live_region(served: Served, go: Open) -> None:
    streams(served)
    page = await go("/child/b64opaque")

    assert await page.locator("[role=status], [aria-live]").count() == 1
    assert await page.locator("#sentence").get_attribute("role") == "status"


async def test_without_scripts_the_page_stands_and_a_link_leads_to_all_answers(
    served: Served, go: Open
) -> None:
    streams(served)
    page = await go("/child/b64opaque", java_script_enabled=False)
    for _ in range(3):
        served.let_on()

    await expect(page.locator("#voice")).to_contain_text("She does my hair")
    await expect(page.locator("#voice")).not_to_contain_text("Bun, my blue rabbit")
    await page.get_by_role("link", name="show them").click()
    await expect(page.locator("#voice")).to_contain_text("Bun, my blue rabbit")
    assert served.asked[-1].endswith("/child/b64opaque?wait=all")


async def test_nothing_is_kept_in_the_browser(served: Served, go: Open) -> None:
    streams(served)
    page = await go("/child/b64opaque")
    served.let_on()
    await page.get_by_role("button", name="1 new answer - show").click()

    assert await page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
