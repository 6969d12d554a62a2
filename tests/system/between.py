"""A server between the gateway and one agency: it passes true answers on, or does what a trick says.

Tricks are in tests/system/tricks.py. Everything here is a real server on loopback.
"""

import json
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from yarl import URL

from gateway.demo.northshire import Northshire
from gateway.demo.sources_file import sources_file


@dataclass(frozen=True, slots=True)
class Said:
    """What the true agency answered."""

    status: int
    media: str
    body: bytes = field(repr=False)


Trick = Callable[[web.Request, Said], Awaitable[web.StreamResponse]]


@dataclass
class Between:
    """One agency's server as the gateway knows it; `trick` None passes everything on."""

    source: str
    true: URL
    client: aiohttp.ClientSession
    url: URL = field(default_factory=URL)
    trick: Trick | None = None
    asked: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        said = await self._true_answer(request)
        if self.trick is not None:
            return await self.trick(request, said)
        return web.Response(body=said.body, status=said.status, headers={"Content-Type": said.media})

    async def _true_answer(self, request: web.Request) -> Said:
        # the Host stays, so that the agency's links to its own next pages lead here
        kept = {
            n: v for n, v in request.headers.items() if n.lower() not in ("accept-encoding", "connection")
        }
        there = URL(f"{self.true.origin()}{request.raw_path}", encoded=True)
        body = await request.read()
        async with self.client.request(request.method, there, headers=kept, data=body or None) as answer:
            return Said(answer.status, answer.headers.get("Content-Type", ""), await answer.read())


@dataclass
class Canary:
    """A server that nobody may ever reach."""

    url: str = ""
    hits: list[str] = field(default_factory=list)

    async def hit(self, request: web.Request) -> web.StreamResponse:
        self.hits.append(f"{request.method} {request.path_qs}")
        return web.json_response({"resourceType": "Bundle", "type": "searchset"})


@asynccontextmanager
async def canary() -> AsyncIterator[Canary]:
    """A listener that counts who comes."""
    listener = Canary()
    async with _served(listener.hit) as url:
        listener.url = str(url)
        yield listener


@asynccontextmanager
async def between(region: Northshire) -> AsyncIterator[tuple[dict[str, Between], Path]]:
    """A server in front of each agency that has one, and the sources.toml that leads to those."""
    plan = tomllib.loads(region.sources.read_text(encoding="utf-8"))["source"]
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession(auto_decompress=True))
        placed = {}
        for source in plan:
            true = region.addresses.get(source["id"], "")
            if true.startswith("http"):
                one = Between(source["id"], URL(true), client)
                one.url = await stack.enter_async_context(_served(one.answer))
                placed[one.source] = one
        file = region.folder / "sources-between.toml"
        file.write_text(sources_file([_moved(source, placed) for source in plan]), encoding="utf-8")
        yield placed, file


def _moved(source: Mapping[str, object], placed: Mapping[str, Between]) -> dict[str, object]:
    """A source's lines with every address of its agency replaced."""
    one = placed.get(str(source["id"]))
    if one is None:
        return dict(source)
    text = json.dumps(source).replace(str(one.true.origin()), str(one.url.origin()))
    moved: dict[str, object] = json.loads(text)
    return moved


@asynccontextmanager
async def _served(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[URL]:
    app = web.Application(client_max_size=16 * 1024 * 1024)
    app.router.add_route("*", "/{anything:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield URL(f"http://{host}:{port}")
    finally:
        await runner.cleanup()
