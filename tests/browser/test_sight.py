"""What is seen at first sight, at the sizes that people have: design/mock, grid and height budget."""

import pytest
from playwright.async_api import Page

from gateway.viewer.render import render_whole
from tests.browser.conftest import LAPTOP, PHONE, Open
from tests.browser.server import Served
from tests.viewer import maya

pytestmark = pytest.mark.browser
NARROW = {"width": 320, "height": 640}  # 400 % of a laptop's width

_UNDER = """() => {
  const e = document.activeElement, banner = document.querySelector("#banner");
  if (e === document.body || banner.contains(e) || e.closest(".bar, .skip")) return false;
  const box = e.getBoundingClientRect();
  return box.bottom > 0 && box.bottom <= banner.getBoundingClientRect().bottom;
}"""
_SMALL = """() => {
  const all = [...document.querySelectorAll("button, summary, .button, .rail a, input")];
  const box = e => e.getBoundingClientRect();
  return all.filter(e => e.offsetParent && (box(e).height < 24 || box(e).width < 24)).map(e => e.outerHTML);
}"""
_BROKEN = """() => {
  const whole = /\\d\\d-[A-Z][a-z]{2}-\\d{4}|0\\d{4} \\d{6}|\\d{3} \\d{3} \\d{4}/g;
  const broken = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.parentElement.offsetParent) continue;
    for (const found of node.data.matchAll(whole)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      if (lines.size > 1) broken.push(found[0]);
    }
  }
  return broken;
}"""


async def bottom(page: Page, selector: str) -> float:
    box = await page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


async def test_alerts_both_numbers_and_the_childs_words_end_above_600(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child")

    assert await bottom(page, "#alerts") < 600
    assert await bottom(page, "#voice") < 600
    assert await bottom(page, ".ring .tel.big") < 600
    assert await bottom(page, ".ring .then + p .tel") < 600


async def test_the_four_peoples_names_and_numbers_end_above_720(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child")

    for number in range(4):
        assert await bottom(page, f".person:nth-child({number + 1}) .number") < 720


@pytest.mark.parametrize("size", [LAPTOP, PHONE, NARROW])
async def test_nothing_is_wider_than_the_window(served: Served, go: Open, size: dict[str, int]) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child", viewport=size)

    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]


async def test_on_a_phone_the_order_is_the_same_and_the_sentence_never_folds(
    served: Served, go: Open
) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child", viewport=PHONE)
    order = [
        "#banner h1",
        "#sentence",
        "#alerts",
        "#voice",
        "#involved",
        "#timeline",
        "#plans",
        "#health",
        "#family",
    ]
    tops = [
        await page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().top") for part in order
    ]

    assert tops == sorted(tops)
    assert await page.locator("#sentence").is_visible()
    assert await page.locator(".dock >> text=Phone now").get_attribute("href") == "tel:01632960111"


async def test_the_banner_stays_and_never_hides_what_has_focus(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child")
    await page.evaluate("window.scrollTo(0, 2600)")
    under = []
    for _ in range(60):
        await page.keyboard.press("Shift+Tab")
        under.append(await page.evaluate(_UNDER))

    assert not any(under)


async def test_targets_are_at_least_24_pixels(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child")
    small = await page.evaluate(_SMALL)

    assert small == []


async def test_dates_and_numbers_never_break_over_a_line(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child", viewport=NARROW)
    broken = await page.evaluate(_BROKEN)

    assert broken == []


async def test_the_windows_and_gaps_of_the_timeline_work_without_scripts(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child", java_script_enabled=False)
    booster = page.locator(".events tr", has_text="MMR 1: given")
    gap = page.locator(".events .gap").first

    assert not await booster.is_visible()
    assert await gap.is_visible()
    await page.get_by_text("From birth").click()
    await page.get_by_text("Show gaps").click()
    assert await booster.is_visible()
    assert not await gap.is_visible()


async def test_it_can_be_printed_with_its_notice_and_without_its_controls(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    page = await go("/child")
    await page.emulate_media(media="print")

    assert await page.locator(".foot .only-print").is_visible()
    assert not await page.locator(".bar").is_visible()
    assert not await page.locator(".rail").is_visible()
    assert len(await page.pdf(format="A4", print_background=True)) > 10_000


async def test_the_dark_page_is_the_same_page(served: Served, go: Open) -> None:
    served.pages["/child"] = render_whole(maya.shown())
    light, dark = await go("/child"), await go("/child", color_scheme="dark")

    assert await bottom(dark, "#alerts") == await bottom(light, "#alerts")
    assert await dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 23, 28)"
    await dark.get_by_role("button", name="Light or dark").click()
    assert await dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(243, 246, 246)"
