"""A source over HTTP that can misbehave: an aiohttp server on loopback, for every HTTP transport's tests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.base import Failure
from connectors.connect import Connected, connect
from connectors.system import Endpoint
from tests.contract.counterpart import system_from

Handler = Callable[[web.Request], Awaitable[web.Response]]

FAILURES: Mapping[str, frozenset[Failure]] = {
    "down": frozenset({Failure.UNAVAILABLE}),
    "garbage": frozenset({Failure.UNREADABLE}),
    "truncated": frozenset({Failure.UNREADABLE, Failure.UNAVAILABLE}),
    "hang": frozenset(),
    "error": frozenset({Failure.UNAVAILABLE}),
    "reject": frozenset({Failure.REJECTED}),
    "busy": frozenset({Failure.THROTTLED}),
    "login-page": frozenset({Failure.UNREADABLE}),
}
PAGED = {**FAILURES, "cut": frozenset({Failure.UNAVAILABLE})}

_STATUS = {
    "error": 500,
    "reject": 401,
    "busy": 429,
}


class HttpSource:
    """One HTTP transport's counterpart: `handler` answers as the true source does.

    `secret` is what the source must see; `is_later_page` tells the pages that a `cut` takes away.
    """

    key = "id"
    text = "text"

    def __init__(
        self,
        name: str,
        system: str,
        handler: Handler,
        *,
        failures: Mapping[str, frozenset[Failure]] = PAGED,
        documents: Mapping[str, str] | None = None,
        is_later_page: Callable[[web.Request], bool] = lambda request: "page" in request.query,
    ) -> None:
        self.name, self.failures = name, failures
        self._system, self._handler, self._documents = system, handler, documents
        self._is_later_page = is_later_page
        self._fault = "ok"
        self._under_way = 0
        self._server: TestServer | None = None

    @asynccontextmanager
    async def started(self, folder: Path) -> AsyncIterator[Connected]:
        self._fault, self._under_way = "ok", 0
        app = web.Application()
        app.router.add_route("*", "/{anything:.*}", self._answer)
        # TestServer cancels a handler whose caller goes
        self._server = TestServer(app)
        await self._server.start_server()
        system = system_from(folder, self._system, self._documents)
        url = str(self._server.make_url("/base"))
        connector = connect(system, Endpoint("contract", url, secret=lambda: "s3cret"))
        try:
            yield connector
        finally:
            await connector.close()
            await self._server.close()

    async def play(self, fault: str) -> None:
        self._fault = fault
        if fault == "down" and self._server is not None:
            await self._server.close()

    def held(self) -> int:
        return self._under_way

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self._under_way += 1
        try:
            return await self._misbehaving(request)
        finally:
            self._under_way -= 1

    async def _misbehaving(self, request: web.Request) -> web.StreamResponse:
        fault = self._fault
        if fault == "hang":
            await asyncio.Event().wait()
        if fault in _STATUS:
            return web.Response(status=_STATUS[fault], text="CNRY-internal", headers={"Retry-After": "30"})
        if fault == "login-page":
            return web.Response(text="<html><body>Log in CNRY</body></html>", content_type="text/html")
        if fault == "cut" and self._is_later_page(request):
            return web.Response(status=502, text="CNRY-gateway")
        answer = await self._handler(request)
        assert isinstance(answer.body, bytes)
        if fault == "garbage":
            answer.body = bytes(range(1, 256)) * 4
        if fault == "truncated":
            return await _broken_off(request, answer)
        return answer


async def _broken_off(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """`answer` with the right length in its head, and the connection gone after half of it."""
    assert isinstance(answer.body, bytes)
    half = web.StreamResponse(status=answer.status, headers=answer.headers)
    half.content_length = len(answer.body)
    await half.prepare(request)
    await half.write(answer.body[: len(answer.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return half
