"""Small servers on loopback that answer as a test says, and connectors to them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from connectors.base import Query, Record, SourceError
from connectors.connect import Connected, connect
from connectors.system import Endpoint
from tests.contract.counterpart import system_from

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FHIR = """
id = "notes"
title = "Notes"
transport = "fhir"
[fhir]
format = "json"
[kinds.note]
path = "Observation"
search = {patient = "{local}"}
person_keys = {local = "patient"}
[kinds.note.fields]
id = "text"
valueString = "text"
"""
JSON_API = """
id = "notes"
title = "Notes"
transport = "json_api"
[kinds.note]
path = "/notes/{local}"
items = "notes[]"
next = "next"
person_keys = {local = "path"}
[kinds.note.fields]
id = "text"
"""
SOAP = """
id = "notes"
title = "Notes"
transport = "soap"
[kinds.note]
request = "find.xml"
items = "Body/Found/Note"
person_keys = {local = "document"}
[kinds.note.fields]
id = "text"
"""
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
FIND = {"find.xml": f'<s:Envelope xmlns:s="{ENVELOPE}"><s:Body><Find>{{local}}</Find></s:Body></s:Envelope>'}

# the transports over HTTP with the media type in which each is answered
OVER_HTTP = {
    "fhir-json": (FHIR, "application/fhir+json"),
    "fhir-xml": (FHIR.replace('"json"', '"xml"'), "application/fhir+xml"),
    "json_api": (JSON_API, "application/json"),
    "soap": (SOAP, "text/xml"),
}


@asynccontextmanager
async def connected(
    folder: Path,
    system: str,
    handler: Handler,
    options: Mapping[str, Any] | None = None,
    secret: str = "s3cret",
    documents: Mapping[str, str] | None = None,
) -> AsyncIterator[Connected]:
    """A connector to a server that answers every request by `handler`."""
    async with serving(handler) as url:
        read = system_from(folder, system, FIND if documents is None else documents)
        connector = connect(read, Endpoint("source", f"{url}/base", lambda: secret, options=options or {}))
        try:
            yield connector
        finally:
            await connector.close()


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """The address of a server that answers every request by `handler`."""
    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", handler)
    server = TestServer(app)
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


def saying(body: bytes | str, media: str = "application/json", **more: Any) -> Handler:
    """A handler that always gives this answer."""
    content = body.encode() if isinstance(body, str) else body

    async def answer(_: web.Request) -> web.StreamResponse:
        headers = {"Content-Type": media, **more.get("headers", {})}
        return web.Response(body=content, status=more.get("status", 200), headers=headers)

    return answer


async def asked(connector: Connected, query: Query | None = None) -> tuple[list[Record], SourceError | None]:
    """All that a fetch gives: its records, and the failure that ended it, if one did."""
    records: list[Record] = []
    try:
        async with aclosing(connector.fetch(query or Query("note", {"local": "1001"}))) as source:
            async for record in source:
                records.append(record)
    except SourceError as error:
        return records, error
    return records, None


async def answered(
    folder: Path, system: str, handler: Handler, query: Query | None = None
) -> tuple[list[Record], SourceError | None]:
    """What one fetch from a server that answers by `handler` gives."""
    async with connected(folder, system, handler) as connector:
        return await asked(connector, query)
