"""axe-core finds no violation on any page, light and dark, wide and narrow; the keyboard reaches everything.

https://www.w3.org/TR/WCAG22/ ; https://github.com/dequelabs/axe-core
"""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from gateway.viewer.pages import (
    Agreement,
    Candidate,
    error_page,
    find_page,
    help_page,
    nothing_here_page,
    reason_page,
    refusal_page,
    results_page,
    start_page,
)
from gateway.viewer.render import render_first, render_whole
from tests.browser.conftest import LAPTOP, PHONE, Open
from tests.browser.server import Served
from tests.viewer import maya
from tests.viewer.test_honesty import ASKED, failing
from tests.viewer.test_pages import NEW, Staff

pytestmark = pytest.mark.browser

_WHERE = """() => {
  const part = document.activeElement.closest(".skip, .bar, .strip, .rail, #alerts, #involved, #timeline");
  return part ? part.id || part.className : "";
}"""
_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_SAME = (Agreement("same", "Name same"),)
_NOT = (Agreement("differs", "First name different"), Agreement("kept", "Postcode not compared"))
_BORN = "15-Jan-2026 (10m)"
_CHILDREN = [
    Candidate("k1", "OKORO, Amara", _BORN, "Female", "NS4 7", "Strong match", _SAME),
    Candidate("k2", "OKORO, Amarachi", _BORN, "Female", "", "Possible match", _NOT, True),
]
_STAFF = [Staff("dr.sen", "Dr R. Sen", "ED registrar", "ed-clinician", "northtown-general")]
_NOBODY = failing(*(one.source for one in ASKED), way="timed out")
PAGES = {
    "child": render_whole(maya.shown()),
    "child whole": render_whole(maya.shown(maya.answered())),
    "child waiting": render_first(maya.shown(maya.waiting("northshire-police"))) + b"</body></html>",
    "child unknown": render_whole(maya.shown(_NOBODY)),
    "start": start_page(maya.SERVICE, _STAFF),
    "reason": reason_page(
        maya.SERVICE, NEW, ["s47-enquiry", "s17-assessment"], {"s47-enquiry"}, None, "Say why."
    ),
    "find": find_page(maya.SERVICE, maya.DR_SEN, {}, "Check each digit."),
    "results": results_page(maya.SERVICE, maya.DR_SEN, [("born", "15-Jan-2026")], _CHILDREN),
    "no result": results_page(maya.SERVICE, maya.DR_SEN, [("born", "15-Jan-2026")], []),
    "refusal": refusal_page(maya.SERVICE, "No agreement covers this.", "01632 960110", "ab12", needs=True),
    "error": error_page(maya.SERVICE, "4711"),
    "nothing": nothing_here_page(maya.SERVICE),
    "help": help_page(maya.SERVICE, maya.DR_SEN),
}


async def violations(page: Page) -> list[str]:
    axe = Axe.from_file(_AXE) if _AXE.exists() else Axe()
    options: dict[str, Any] = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    }
    found = await axe.run(page, options=options)
    return [
        f"{v['id']}: {n['target']} {n['failureSummary']}"
        for v in found.response["violations"]
        for n in v["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
async def test_axe_finds_nothing(served: Served, go: Open, name: str, scheme: str) -> None:
    served.pages["/page"] = PAGES[name]

    assert await violations(await go("/page", viewport=LAPTOP, color_scheme=scheme)) == []
    assert await violations(await go("/page", viewport=PHONE, color_scheme=scheme)) == []


async def test_the_keyboard_meets_sources_alerts_words_and_people_in_this_order(
    served: Served, go: Open
) -> None:
    served.pages["/page"] = PAGES["child"]
    page = await go("/page")
    met: list[str] = []
    for _ in range(45):
        await page.keyboard.press("Tab")
        met.append(await page.evaluate(_WHERE))
    order = list(dict.fromkeys(name for name in met if name))

    assert order[:6] == ["skip", "bar", "strip", "rail", "alerts", "involved"]


async def test_the_skip_link_leads_to_the_record(served: Served, go: Open) -> None:
    served.pages["/page"] = PAGES["child"]
    page = await go("/page")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    assert await page.evaluate("document.activeElement.id") == "main"


async def test_people_can_be_copied_as_text(served: Served, go: Open) -> None:
    served.pages["/page"] = PAGES["child"]
    page = await go("/page", permissions=["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Copy all as text").click()
    await page.get_by_role("button", name="Copied").wait_for()

    assert (await page.evaluate("navigator.clipboard.readText()")).startswith(
        "J. Patel (lead); Social worker"
    )
