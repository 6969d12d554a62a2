"""The child's page: one streamed answer in which agencies appear as they answer.

The first part goes out when all have answered or after `first_paint_seconds`, whichever is sooner; later
answers follow in the same response, each recorded in the audit before it leaves.
https://developer.mozilla.org/docs/Web/HTTP/Headers/Transfer-Encoding
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from auth.principal import Principal
from gateway.errors import GatewayError, NotFound
from gateway.federation.view import View
from gateway.fhir.context import NOT_KNOWN
from gateway.fhir.outcome import where
from gateway.identity.ids import UnknownId
from gateway.inquiry import Inquiry
from gateway.pipeline import open_inquiry
from gateway.request import Request
from gateway.viewer.desk import HTML, Desk, go
from gateway.viewer.model import page
from gateway.viewer.page import Page, Person, Place
from gateway.viewer.refusing import ended, refusal
from gateway.viewer.render import render_arrival, render_broken, render_end, render_first
from gateway.viewer.sessions import Session

log = logging.getLogger(__name__)


class ChildPages:
    """Serves /child/{id}; the id is opaque and names nobody."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def page(self, request: HttpRequest) -> Response:
        """The page, streamed; or the way back to sign-in, or a refusal."""
        session = self._desk.session(request)
        if session is None:
            return go("/")
        if not session.purpose:
            return go("/reason")
        reference = secrets.token_hex(8)
        try:
            principal = self._desk.principal(session)
        except GatewayError as error:
            return refusal(self._desk, session, error, reference)
        try:
            return await self._begun(request, session, principal, reference)
        except Exception as error:  # noqa: BLE001 the boundary of a request
            return await ended(self._desk, session, principal, error, reference)

    async def _begun(
        self, request: HttpRequest, session: Session, principal: Principal, reference: str
    ) -> Response:
        """The answer with its first part, made before it begins, so that an error can still be one."""
        identifier = request.path_params["id"]
        inquiry = await self._open(session, principal, identifier)
        parts = _Parts(self._desk, principal, inquiry, f"/child/{identifier}")
        everything = "wait" in request.query_params
        body = parts.streamed(None if everything else self._desk.runtime.settings.first_paint_seconds)
        first = await anext(body)
        rest = _whole(first, body, self._desk.service.telephone, reference)
        response = StreamingResponse(rest, media_type=HTML, headers={"X-Accel-Buffering": "no"})
        return self._desk.remember(response, session)

    async def _open(self, session: Session, principal: Principal, identifier: str) -> Inquiry:
        runtime = self._desk.runtime
        try:
            place = runtime.ids.read(identifier)
        except UnknownId as error:
            raise NotFound(NOT_KNOWN) from error
        if place.type != "Patient" or not place.nhs_number:
            raise NotFound(NOT_KNOWN)
        asking = Request(
            place.nhs_number,
            "operation",
            birth_date=session.born_of(identifier),
            budget=runtime.settings.budget_seconds,
        )
        return await open_inquiry(runtime, principal, asking)


class _Parts:
    """The parts of one page's stream."""

    def __init__(self, desk: Desk, principal: Principal, inquiry: Inquiry, address: str) -> None:
        self._desk = desk
        self._inquiry = inquiry
        self._person = Person(principal.name, principal.job, principal.organization_name, principal.purpose)
        self._place = Place(desk.runtime.base, address, desk.service)

    def _page(self, view: View) -> Page:
        return page(view, self._person, self._desk.runtime.clock(), self._place)

    async def streamed(self, first_paint: float | None) -> AsyncGenerator[bytes, None]:
        """The first part, then each arrival, then the end."""
        waiting: asyncio.Queue[bool] = asyncio.Queue()
        gathering = asyncio.create_task(self._gather(waiting))
        try:
            await self._until_first(gathering, first_paint)
            view = await self._released()
            yield render_first(self._page(view))
            arrivals = 0
            while not view.finished:
                await waiting.get()
                while not waiting.empty():
                    waiting.get_nowait()
                view = await self._released()
                arrivals += 1
                yield render_arrival(self._page(view), arrivals)
            yield render_end(self._page(view), arrivals)
        finally:
            gathering.cancel()
            self._inquiry.left()

    async def _gather(self, waiting: "asyncio.Queue[bool]") -> None:
        async for _ in self._inquiry.arrivals():
            waiting.put_nowait(True)
        waiting.put_nowait(True)

    @staticmethod
    async def _until_first(gathering: "asyncio.Task[None]", seconds: float | None) -> None:
        """All have answered, or it is time to show what is there."""
        await asyncio.wait([gathering], timeout=seconds)

    async def _released(self) -> View:
        return await self._inquiry.release(self._inquiry.view())


async def _whole(
    first: bytes, rest: AsyncGenerator[bytes, None], telephone: str, reference: str
) -> AsyncIterator[bytes]:
    """The parts of a page; if a later one cannot be made, the page says so instead of just ending."""
    async with aclosing(rest):
        yield first
        try:
            async for part in rest:
                yield part
        except Exception as error:  # noqa: BLE001 the boundary of a request
            log.error("request %s: %s at %s", reference, type(error).__name__, where(error))
            yield render_broken(telephone, reference)
