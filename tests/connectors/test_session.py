"""One session a source: connections are kept, closed ones are not held against the source, none is leaked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from connectors.base import Failure
from connectors.connect import connect
from connectors.system import Endpoint
from tests.connectors.serving import FHIR, JSON_API, asked, connected
from tests.contract.counterpart import system_from

ANSWER = b'{"resourceType": "Bundle", "notes": []}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)


@asynccontextmanager
async def closing_server(answers_a_connection: int) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that closes each connection, without a word, at the request after so many answers."""
    requests: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in range(answers_a_connection + 1):
            head = await reader.readuntil(b"\r\n\r\n")
            if b"Content-Length: 12" in head:
                await reader.readexactly(12)
            requests.append(number)
            if number < answers_a_connection:
                writer.write(HEAD + ANSWER)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/base", requests


async def test_a_kept_connection_that_the_source_closes_is_no_failure_of_the_source(tmp_path: Path) -> None:
    async with closing_server(1) as (url, requests):
        connector = connect(system_from(tmp_path, FHIR), Endpoint("source", url))
        answers = [await asked(connector) for _ in range(3)]
        await connector.close()

    assert answers == [([], None)] * 3
    assert requests == [0, 1, 0, 1, 0]


async def test_a_source_that_closes_every_connection_is_asked_once(tmp_path: Path) -> None:
    async with closing_server(0) as (url, requests):
        connector = connect(system_from(tmp_path, FHIR), Endpoint("source", url))
        _, failure = await asked(connector)
        await connector.close()

    assert failure is not None and failure.failure is Failure.UNAVAILABLE
    assert requests == [0]


async def test_connections_are_kept_between_questions(tmp_path: Path) -> None:
    ports: set[int] = set()

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.Response(body=ANSWER, content_type="application/json")

    async with connected(tmp_path, JSON_API, answer) as connector:
        for _ in range(5):
            assert await asked(connector) == ([], None)

    assert len(ports) == 1


async def test_a_connector_works_again_after_it_was_closed(tmp_path: Path) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=ANSWER, content_type="application/json")

    async with connected(tmp_path, JSON_API, answer) as connector:
        await asked(connector)
        await connector.close()

        assert await asked(connector) == ([], None)


async def test_proxies_of_the_environment_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=ANSWER, content_type="application/json")

    async with connected(tmp_path, JSON_API, answer) as connector:
        assert await asked(connector) == ([], None)
