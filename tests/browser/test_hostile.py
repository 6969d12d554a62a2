"""Hostile text in a real browser: nothing runs, nothing loads, and the content policy has nothing to report.

https://www.w3.org/TR/CSP3/#violation-reports
"""

import pytest

from gateway.viewer.render import render_arrival, render_end, render_first
from tests.browser.conftest import Open
from tests.browser.server import Served
from tests.viewer import maya
from tests.viewer.hostile import VECTORS
from tests.viewer.test_escape import poisoned

pytestmark = pytest.mark.browser


async def test_no_hostile_text_runs_loads_or_leads_away(served: Served, go: Open) -> None:
    for number, vector in enumerate(VECTORS):
        page = maya.shown(poisoned(vector))
        body = render_first(page) + render_arrival(page, 1) + render_end(page, 1)
        served.pages[f"/child/{number}"] = body
    shown = await go("/child/0")
    for number in range(len(VECTORS)):
        await shown.goto(f"{served.origin}/child/{number}")
        assert await shown.evaluate("window.__xss") is None
        assert await shown.evaluate("document.querySelectorAll('main').length") == 1

    # `go` checks that the console is empty and that no request left this server
    assert all(url.startswith(served.origin) for url in served.asked)
