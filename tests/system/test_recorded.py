"""Whatever becomes of a request, the audit says so: malformed, cut short by its asker, or broken off."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.system.running import MAYA, Running


def rows(folder: Path, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every AuditEvent after a number."""
    connection = sqlite3.connect(f"file:{folder / 'gateway.db'}?mode=ro", uri=True)
    with connection:
        for seq, body in connection.execute(
            "SELECT seq, body FROM audit WHERE seq > ? ORDER BY seq", (after,)
        ):
            yield seq, json.loads(body)
    connection.close()


def last(folder: Path) -> int:
    return max((seq for seq, _ in rows(folder)), default=0)


def asked(folder: Path, after: int) -> dict[str, str]:
    """Each source that was asked, and what became of it."""
    found = {}
    for _, event in rows(folder, after):
        for agent in event["agent"]:
            named = agent["who"].get("identifier", {})
            if named.get("system", "").endswith("/source"):
                found[named["value"]] = event.get("outcomeDesc", "")
    return found


async def in_time(folder: Path, after: int, source: str) -> dict[str, str]:
    """What was asked, once `source` is among it; what is there after three seconds if it never is."""
    for _ in range(60):
        found = asked(folder, after)
        if source in found:
            return found
        await asyncio.sleep(0.05)
    return asked(folder, after)


@pytest.mark.parametrize(
    ("path", "headers", "outcome"),
    [
        ("Patient/none-of-ours", {}, "404 not-found"),
        ("Observation", {}, "403 too-costly"),
        ("Patient?identifier=123", {}, "400 invalid"),
        ("Patient?identifier=1", {"Accept": "application/xml"}, "406 not-supported"),
        ("Account/1", {}, "404 not-found"),
        ("Patient/1/2/3", {}, "405 not-supported"),
    ],
)
async def test_a_request_that_never_names_a_child_is_recorded_too(
    healthy: Running, path: str, headers: dict[str, str], outcome: str
) -> None:
    before = last(healthy.folder)

    status, _ = await healthy.get(path, {**healthy.headers(), **headers})

    assert status == int(outcome[:3])
    (event,) = [event for _, event in rows(healthy.folder, before)]
    assert (event["outcome"], event["outcomeDesc"]) == ("8", outcome)
    assert event["agent"][0]["who"]["identifier"]["value"] == "dr.sen"


async def test_an_address_of_the_viewer_that_leads_nowhere_is_recorded(healthy: Running) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.post(f"{healthy.url}/sign-in", data={"user": "dr.sen"})
        await browser.post(f"{healthy.url}/reason", data={"purpose": "emergency-care"})
        before = last(healthy.folder)
        async with browser.get(f"{healthy.url}/child/none-of-ours") as answer:
            assert answer.status == 404

    assert [event["outcomeDesc"] for _, event in rows(healthy.folder, before)] == ["404 not-found"]


@pytest.mark.parametrize(
    ("form", "outcome"),
    [
        ({"nhs_number": "123"}, "400 invalid"),
        ({"child": "../lock", "checked": "yes"}, "404 not-found"),
        ({"child": "..//..//other.example", "checked": "yes"}, "404 not-found"),
    ],
)
async def test_a_search_in_the_viewer_that_finds_nobody_is_recorded_and_leads_nowhere(
    healthy: Running, form: dict[str, str], outcome: str
) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        await browser.post(f"{healthy.url}/sign-in", data={"user": "dr.sen"})
        await browser.post(f"{healthy.url}/reason", data={"purpose": "emergency-care"})
        before = last(healthy.folder)
        async with browser.post(f"{healthy.url}/find", data=form, allow_redirects=False) as answer:
            assert answer.status in (404, 422)

    assert [event["outcomeDesc"] for _, event in rows(healthy.folder, before)] == [outcome]


async def test_whoever_hangs_up_while_agencies_are_asked_leaves_a_record_of_every_question(
    healthy: Running,
) -> None:
    _, found = await healthy.find(MAYA)
    place = f"{healthy.url}/fhir/Patient/{found['entry'][0]['resource']['id']}/$everything"
    await healthy.fault("northshire-police", "hang")
    before = last(healthy.folder)

    async with aiohttp.ClientSession() as session:
        headers = {**healthy.headers(), "Accept": "text/event-stream"}
        async with session.get(place, headers=headers) as answer:
            seen = ""
            while '"northtown-general","name":"Northtown General Hospital","pending":false' not in seen:
                seen += (await answer.content.readany()).decode()
            # what has been told is in the audit by then
            assert asked(healthy.folder, before)["northtown-general"] == "answered-data"

    left = await in_time(healthy.folder, before, "northshire-police")
    assert left["northshire-police"] == "abandoned"
    assert left["pds"] == "answered-data"
    told = [event for _, event in rows(healthy.folder, before) if event["subtype"][0]["code"] == "notify"]
    assert told


@pytest.mark.parametrize("name", ["__init__.py", "viewer.js.map", "..%2fapp.py", "nothing"])
async def test_only_the_viewers_own_files_are_served(healthy: Running, name: str) -> None:
    async with healthy.session.get(f"{healthy.url}/static/viewer.css") as answer:
        assert (answer.status, answer.content_type) == (200, "text/css")
    async with healthy.session.get(f"{healthy.url}/static/{name}") as answer:
        assert answer.status == 404
