"""Answers that would lead us elsewhere or for ever on: redirects, links to other hosts, loops of pages.

https://owasp.org/www-project-application-security-verification-standard/ (server-side request forgery)
"""

from pathlib import Path

import pytest
from aiohttp import web

from connectors.base import Failure
from tests.connectors.serving import FHIR, OVER_HTTP, answered, asked, connected, saying, serving

pytestmark = pytest.mark.timeout(30)

TRANSPORTS = list(OVER_HTTP)
JSON_TRANSPORTS = ["fhir-json", "json_api"]


def page(link: str, number: int = 1) -> str:
    """A page with one record and a link to the next, readable by both transports that have pages."""
    return (
        f'{{"resourceType": "Bundle", "link": [{{"relation": "next", "url": "{link}"}}],'
        f'"entry": [{{"resource": {{"resourceType": "Observation", "id": "{number}"}}}}],'
        f'"notes": [{{"id": "{number}"}}], "next": "{link}"}}'
    )


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_refused_and_nobody_else_is_asked(
    tmp_path: Path, transport: str, status: int
) -> None:
    system, _ = OVER_HTTP[transport]
    heard: list[str] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        heard.append(request.path)
        return web.Response(body=b"{}")

    async with serving(elsewhere) as url:
        handler = saying(b"", headers={"Location": f"{url}/stolen"}, status=status)
        _, failure = await answered(tmp_path, system, handler)

    assert failure is not None and failure.failure is Failure.UNREADABLE
    assert heard == []


@pytest.mark.parametrize("transport", JSON_TRANSPORTS)
async def test_a_next_link_to_another_host_is_refused_after_the_records_before_it(
    tmp_path: Path, transport: str
) -> None:
    system, media = OVER_HTTP[transport]
    heard: list[str] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        heard.append(request.path)
        return web.Response(body=b"{}")

    async with serving(elsewhere) as url:
        records, failure = await answered(tmp_path, system, saying(page(f"{url}/base/x"), media))

    assert [record["id"] for record in records] == ["1"]
    assert failure is not None and failure.failure is Failure.UNREADABLE
    assert heard == []


@pytest.mark.parametrize("link", ["?page=1", "/base/x"])
@pytest.mark.parametrize("transport", JSON_TRANSPORTS)
async def test_a_loop_of_pages_ends(tmp_path: Path, transport: str, link: str) -> None:
    system, media = OVER_HTTP[transport]
    _, failure = await answered(tmp_path, system, saying(page(link), media))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize("transport", JSON_TRANSPORTS)
async def test_pages_without_end_are_cut_off(tmp_path: Path, transport: str) -> None:
    system, media = OVER_HTTP[transport]
    asked_for = 0

    async def endless(_: web.Request) -> web.StreamResponse:
        nonlocal asked_for
        asked_for += 1
        return web.Response(body=page(f"?page={asked_for}", asked_for).encode(), content_type=media)

    async with connected(tmp_path, system, endless, {"max_pages": 7}) as connector:
        records, failure = await asked(connector)

    assert (asked_for, len(records)) == (7, 7)
    assert failure is not None and failure.failure is Failure.TOO_LARGE


async def test_a_total_above_what_came_is_unreadable(tmp_path: Path) -> None:
    body = page("").replace('"link"', '"total": 2, "past"')

    records, failure = await answered(tmp_path, FHIR, saying(body, "application/fhir+json"))

    assert len(records) == 1
    assert failure is not None and failure.failure is Failure.UNREADABLE
