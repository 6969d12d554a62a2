"""A small real server that streams rendered pages, for tests in a browser.

https://www.starlette.io/responses/#streamingresponse
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from gateway.federation.view import View
from gateway.viewer.assets import HEADERS, asset
from gateway.viewer.page import Page
from gateway.viewer.render import render_arrival, render_end, render_first, render_whole
from tests.viewer import maya

HTML = "text/html; charset=utf-8"


class Served:
    """What the server gives: fixed pages by path, and streams of views that tests let on step by step."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.streams: dict[str, Sequence[View]] = {}
        self.origin = ""
        self.asked: list[str] = []
        self._steps = asyncio.Semaphore(0)
        self._loop: asyncio.AbstractEventLoop | None = None

    def let_on(self) -> None:
        """Lets the next part of a stream go out."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._steps.release)

    async def page(self, request: Request) -> Response:
        self._loop = asyncio.get_running_loop()
        path = request.url.path
        self.asked.append(str(request.url))
        if path in self.pages:
            return Response(self.pages[path], media_type=HTML, headers=HEADERS)
        if path not in self.streams:
            return Response("", 404)
        states = [maya.shown(view) for view in self.streams[path]]
        if "wait" in request.query_params:
            return Response(render_whole(states[-1]), media_type=HTML, headers=HEADERS)
        return StreamingResponse(self._streamed(states), media_type=HTML, headers=HEADERS)

    async def _streamed(self, states: Sequence[Page]) -> AsyncIterator[bytes]:
        yield render_first(states[0])
        for number, state in enumerate(states[1:], 1):
            await self._steps.acquire()
            whole = render_arrival(state, number)
            # a part may reach the browser in pieces
            yield whole[: len(whole) // 2]
            await asyncio.sleep(0.05)
            yield whole[len(whole) // 2 :]
        await self._steps.acquire()
        yield render_end(states[-1], len(states) - 1)


async def _static(request: Request) -> Response:
    found = asset(request.path_params["name"])
    return Response(found.body, media_type=found.media_type) if found else Response("", 404)


def serve(served: Served) -> Callable[[], None]:
    """Starts the server on a free port of its own thread; gives what stops it."""
    routes = [Route("/static/{name}", _static), Route("/{path:path}", served.page, methods=["GET", "POST"])]
    config = uvicorn.Config(Starlette(routes=routes), port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    served.origin = f"http://127.0.0.1:{port}"

    def stop() -> None:
        server.should_exit = True
        server.force_exit = True
        thread.join(5)

    return stop
