"""The FHIR routes: thin ASGI from bytes to bytes; authentication first, errors translated last.

https://hl7.org/fhir/R4/http.html
"""

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from auth.principal import Principal
from auth.tokens import InvalidToken
from gateway.audit import events
from gateway.audit.recording import failed, recorder
from gateway.authenticate import Authenticator
from gateway.errors import (
    AuditUnavailable,
    GatewayError,
    InvalidRequest,
    NotAcceptable,
    NotAuthenticated,
    NotSupported,
    UnsupportedMediaType,
)
from gateway.fhir.context import Context
from gateway.fhir.interactions.capabilities import statement
from gateway.fhir.interactions.everything import everything, streamed
from gateway.fhir.interactions.read import read
from gateway.fhir.interactions.search_type import refuse_unknown, search_patient, search_type
from gateway.fhir.outcome import outcome, translate, where
from gateway.fhir.parameters import Parameters, pairs, preferences
from gateway.identity.ids import TYPES
from gateway.runtime import Runtime

log = logging.getLogger(__name__)
JSON = "application/fhir+json"
_ACCEPTED = ("*/*", "application/*", JSON, "application/json", "text/event-stream")
_FORM = "application/x-www-form-urlencoded"
_LARGEST_BODY = 16384
_ANY = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
Interaction = Callable[[Context], Awaitable[bytes]]
Answering = Callable[[Context], Awaitable[Response]]


def fhir_app(runtime: Runtime, authenticator: Authenticator) -> Starlette:
    """The application for /fhir."""
    server = _Server(runtime, authenticator)
    return Starlette(
        routes=[
            Route("/metadata", server.metadata),
            Route("/Patient/{id}/$everything", server.everything, methods=["GET", "POST"]),
            Route("/{type}/_search", server.search, methods=["POST"]),
            Route("/{type}/{id}", server.read),
            Route("/{type}", server.search),
            Route("/{rest:path}", server.nothing, methods=_ANY),
        ]
    )


class _Server:
    def __init__(self, runtime: Runtime, authenticator: Authenticator) -> None:
        self._runtime = runtime
        self._authenticator = authenticator

    async def metadata(self, request: Request) -> Response:
        return _json(orjson.dumps(statement(self._runtime, self._runtime.clock())))

    async def search(self, request: Request) -> Response:
        name = request.path_params["type"]
        if name == "Patient":
            return await self._answer(request, search_patient)
        if name not in TYPES:
            return await self._answer(request, partial(_unknown, name))
        return await self._answer(request, partial(_search, name))

    async def read(self, request: Request) -> Response:
        name, identifier = request.path_params["type"], request.path_params["id"]
        if name not in TYPES:
            return await self._answer(request, partial(_unknown, name))
        return await self._answer(request, partial(_read, name, identifier), "read")

    async def everything(self, request: Request) -> Response:
        identifier = request.path_params["id"]
        if "text/event-stream" in request.headers.get("accept", ""):
            return await self._stream(request, identifier)
        return await self._answer(request, partial(_everything, identifier), "operation")

    async def nothing(self, request: Request) -> Response:
        return await self._answer(request, _nothing)

    async def _answer(
        self, request: Request, interaction: Interaction, kind: str = "search-type"
    ) -> Response:
        """One interaction, from request to response; every error ends here."""

        async def whole(context: Context) -> Response:
            return _json(await interaction(context))

        return await self._guarded(request, kind, whole)

    async def _stream(self, request: Request, identifier: str) -> Response:
        async def parts(context: Context) -> Response:
            events_ = _whole(await streamed(context, identifier), context.request_id)
            return StreamingResponse(events_, media_type="text/event-stream", headers=_NO_STORE)

        return await self._guarded(request, "operation", parts)

    async def _guarded(self, request: Request, kind: str, answer: Answering) -> Response:
        """An answer to somebody who is known, or a refusal; whichever it is, the audit has it first."""
        reference = secrets.token_hex(8)
        try:
            principal = await self._principal(request, reference, kind)
        except GatewayError as error:
            return _refusal(error, reference)
        try:
            return await answer(await self._context(request, principal, reference))
        except Exception as error:  # noqa: BLE001 the one boundary of a request
            if not isinstance(error, GatewayError):
                log.error("request %s: %s at %s", reference, type(error).__name__, where(error))
            return await self._failed(principal, reference, error, kind)

    async def _failed(self, principal: Principal, reference: str, error: Exception, kind: str) -> Response:
        try:
            await failed(self._runtime, principal, reference, error, kind)
        except AuditUnavailable as unavailable:
            return _refusal(unavailable, reference)
        return _refusal(error, reference)

    async def _principal(self, request: Request, reference: str, kind: str) -> Principal:
        try:
            return self._authenticator.bearer(request.headers.get("authorization", ""))
        except InvalidToken as error:
            why = recorder(self._runtime, None, reference, kind)
            await why.opened(events.FAILED, f"not authenticated: {error}")
            raise NotAuthenticated("A valid access token is needed.") from error

    async def _context(self, request: Request, principal: Principal, reference: str) -> Context:
        _check_accept(request)
        return Context(
            self._runtime,
            principal,
            Parameters(await _pairs(request)),
            preferences(request.headers.get("prefer", "")),
            reference,
        )


async def _whole(parts: AsyncIterator[bytes], reference: str) -> AsyncIterator[bytes]:
    """A stream's events; if it cannot go on, the last says so with an OperationOutcome."""
    try:
        async for part in parts:
            yield part
    except Exception as error:  # noqa: BLE001 the one boundary of a request
        log.error("request %s: %s at %s", reference, type(error).__name__, where(error))
        yield b"event: error\ndata: " + orjson.dumps(outcome(error, reference)) + b"\n\n"


async def _search(name: str, context: Context) -> bytes:
    return await search_type(context, name)


async def _read(name: str, identifier: str, context: Context) -> bytes:
    return await read(context, name, identifier)


async def _everything(identifier: str, context: Context) -> bytes:
    return await everything(context, identifier)


async def _unknown(name: str, context: Context) -> bytes:
    refuse_unknown(name)
    return b""


async def _nothing(context: Context) -> bytes:
    raise NotSupported("This server reads and searches; it has no such interaction.")


def _check_accept(request: Request) -> None:
    named = request.query_params.get("_format") or request.headers.get("accept", "*/*")
    formats = [part.split(";")[0].strip().lower() for part in named.replace(" ", "+").split(",")]
    if not any(one in (*_ACCEPTED, "json") for one in formats):
        raise NotAcceptable(f"This server answers with {JSON}.")


async def _pairs(request: Request) -> list[tuple[str, str]]:
    found = pairs(request.url.query)
    if request.method != "POST":
        return found
    body = await _body(request)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if body and kind != _FORM:
        raise UnsupportedMediaType(f"The body of a search is {_FORM}.")
    try:
        return [*found, *pairs(body.decode("utf-8"))]
    except UnicodeDecodeError as error:
        raise InvalidRequest("The body is not UTF-8.") from error


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                raise InvalidRequest("The body is too large for a search.")
    except ClientDisconnect as error:
        raise InvalidRequest("The body did not arrive.") from error
    return body


def _json(body: bytes) -> Response:
    return Response(body, media_type=JSON, headers=_NO_STORE)


def _refusal(error: Exception, reference: str) -> Response:
    translated = translate(error)
    headers = dict(_NO_STORE)
    if translated.status == 401:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if translated.retry_after is not None:
        headers["Retry-After"] = str(translated.retry_after)
    body = orjson.dumps(outcome(error, reference))
    return Response(body, translated.status, headers, media_type=JSON)
