"""Chromium, a server of rendered pages, and a page that fails the test if its console says anything.

https://playwright.dev/python/docs/api/class-browser
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Browser, Error, Page, async_playwright

from tests.browser.server import Served, serve

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

Open = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
async def browser(chromium_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=chromium_path, args=ARGS)
        yield found
        await found.close()


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    stop = serve(made)
    yield made
    stop()


@pytest.fixture
async def go(browser: Browser, served: Served) -> AsyncIterator[Open]:
    """Opens an address; at the end nothing may stand in a console and nothing may have left the server."""
    said: list[str] = []
    contexts = []

    async def opened(path: str, **options: Any) -> Page:
        context = await browser.new_context(**{"viewport": LAPTOP, **options})
        contexts.append(context)
        page = await context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda r: said.append(r.url) if not r.url.startswith(served.origin) else None)
        with suppress(Error):  # a page that still streams is read before it is complete
            await page.goto(served.origin + path, wait_until="commit", timeout=5000)
        await page.wait_for_selector("main")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert said == []
