"""Bodies that are too large, broken, endless or slow: each ends in time and at bounded cost.

https://owasp.org/www-project-application-security-verification-standard/ (resource consumption)
"""

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from connectors.base import Failure
from connectors.connect import connect
from connectors.inflate import MAX_BYTES
from connectors.system import Endpoint
from tests.connectors.serving import (
    ENVELOPE,
    FIND,
    JSON_API,
    OVER_HTTP,
    answered,
    asked,
    connected,
    saying,
)
from tests.contract.counterpart import system_from

pytestmark = pytest.mark.timeout(30)

TRANSPORTS = list(OVER_HTTP)
MEGABYTE = 1024 * 1024


@contextmanager
def memory_below(megabytes: int) -> Iterator[None]:
    """Fails if more than `megabytes` were in use at once within the block."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < megabytes * MEGABYTE


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_gzip_bomb_of_300_mb_is_stopped_at_the_cap(tmp_path: Path, transport: str) -> None:
    system, media = OVER_HTTP[transport]

    async def bomb(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "gzip", "Content-Type": media})
        await response.prepare(request)
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        for _ in range(300):
            await response.write(packer.compress(b" " * MEGABYTE))
            await asyncio.sleep(0)
        await response.write(packer.flush())
        return response

    with memory_below(32):
        _, failure = await answered(tmp_path, system, bomb)

    assert failure is not None and failure.failure is Failure.TOO_LARGE


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_small_body_that_holds_a_bomb_is_stopped_at_the_cap(tmp_path: Path, transport: str) -> None:
    system, media = OVER_HTTP[transport]
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(300)) + packer.flush()

    with memory_below(32):
        _, failure = await answered(
            tmp_path, system, saying(bomb, media, headers={"Content-Encoding": "gzip"})
        )

    assert len(bomb) < 400_000
    assert failure is not None and failure.failure is Failure.TOO_LARGE


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_endless_body_is_stopped_at_the_cap(tmp_path: Path, transport: str) -> None:
    system, media = OVER_HTTP[transport]

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": media})
        await response.prepare(request)
        while True:
            await response.write(b" " * 65536)

    with memory_below(32):
        _, failure = await answered(tmp_path, system, endless)

    assert failure is not None and failure.failure is Failure.TOO_LARGE


async def test_a_length_over_the_cap_is_refused_before_the_body_is_read(tmp_path: Path) -> None:
    async def promising(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = MAX_BYTES + 1
        await response.prepare(request)
        await asyncio.Event().wait()
        return response

    async with asyncio.timeout(2):
        _, failure = await answered(tmp_path, JSON_API, promising)

    assert failure is not None and failure.failure is Failure.TOO_LARGE


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b'{"notes": []}'),
        ("gzip", b'{"notes": []}'),
        ("gzip", gzip.compress(b'{"notes": []}', mtime=0)[:-8]),
        ("gzip", gzip.compress(b'{"notes": []}', mtime=0) + b"more"),
        ("deflate", b"\x00\x01\x02"),
        ("gzip, gzip", gzip.compress(gzip.compress(b'{"notes": []}', mtime=0), mtime=0)),
    ],
)
async def test_compression_that_was_not_offered_or_is_broken_is_unreadable(
    tmp_path: Path, encoding: str, body: bytes
) -> None:
    _, failure = await answered(tmp_path, JSON_API, saying(body, headers={"Content-Encoding": encoding}))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"notes": [{"id": 1}]}', mtime=0)),
        ("deflate", zlib.compress(b'{"notes": [{"id": 1}]}')),
    ],
)
async def test_compressed_answers_are_read(tmp_path: Path, encoding: str, body: bytes) -> None:
    records, failure = await answered(
        tmp_path, JSON_API, saying(body, headers={"Content-Encoding": encoding})
    )

    assert (records, failure) == ([{"id": 1}], None)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_body_that_drips_ends_at_the_deadline(tmp_path: Path, transport: str) -> None:
    system, media = OVER_HTTP[transport]

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": media})
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    loop = asyncio.get_running_loop()
    async with connected(tmp_path, system, dripping) as connector:
        begun = loop.time()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await asked(connector)

    assert loop.time() - begun < 0.6


@asynccontextmanager
async def raw_server(answer: bytes) -> AsyncIterator[str]:
    """A server below HTTP: takes a request and writes these bytes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/base"


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    "answer",
    [
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(20_000)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"",
    ],
    ids=[
        "TLS",
        "SSH",
        "length",
        "length and chunks",
        "long header",
        "many headers",
        "cut",
        "cut chunk",
        "nothing",
    ],
)
async def test_a_server_that_does_not_speak_http_properly_is_a_failure(
    tmp_path: Path, transport: str, answer: bytes
) -> None:
    system, _ = OVER_HTTP[transport]
    async with raw_server(answer) as url:
        connector = connect(system_from(tmp_path, system, FIND), Endpoint("source", url))
        records, failure = await asked(connector)
        await connector.close()

    assert records == []
    assert failure is not None and failure.failure in (Failure.UNREADABLE, Failure.UNAVAILABLE)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("transport", ["fhir-xml", "soap"])
async def test_an_element_with_100_000_attributes_costs_no_minute(tmp_path: Path, transport: str) -> None:
    system, media = OVER_HTTP[transport]
    many = " ".join(f'x{n}="1"' for n in range(100_000))
    soap = f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><Found><Note {many}/></Found></s:Body></s:Envelope>'
    body = soap if transport == "soap" else f'<Bundle xmlns="http://hl7.org/fhir" {many}/>'

    _, failure = await answered(tmp_path, system, saying(body, media))

    assert failure is not None and failure.failure is Failure.UNREADABLE


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body",
    [
        '{"notes": [' + "1.5," * 1_900_000 + "1]}",
        '{"notes": [' + "[]," * 2_600_000 + "[]]}",
        '{"notes": ["' + '\\"' * 3_900_000 + '"]}',
        '{"notes": [' + '"{",' * 1_900_000 + "1]}",
        '{"notes": [], ' + ",".join(f'"{n}": 1' for n in range(600_000)) + "}",
        "[" * 8_000_000,
    ],
    ids=["numbers", "lists", "escapes", "brackets in strings", "names", "depth"],
)
async def test_the_dearest_json_of_8_mb_costs_seconds_at_most(tmp_path: Path, body: str) -> None:
    _, failure = await answered(tmp_path, JSON_API, saying(body))

    assert failure is None or failure.failure is Failure.UNREADABLE
