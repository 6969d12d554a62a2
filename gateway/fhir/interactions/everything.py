"""Patient/{id}/$everything: all that may be shown of one child, from every agency, with the receipt.

https://hl7.org/fhir/R4/patient-operation-everything.html
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson

from gateway.federation.view import Resource, View
from gateway.fhir.bundle import Page, is_referred, searchset
from gateway.fhir.context import Context
from gateway.fhir.dates import Span, within
from gateway.fhir.failures import check
from gateway.fhir.paging import check_cursor, cut, ranking
from gateway.fhir.parameters import count, iso_date, limits, self_query, types
from gateway.inquiry import Inquiry
from gateway.pipeline import open_inquiry


@dataclass(frozen=True, slots=True)
class Asked:
    """The operation's parameters, understood."""

    identifier: str
    types: frozenset[str] | None
    limits: Span | None
    count: int | None
    cursor: str | None
    birth_date: str
    ignored: tuple[str, ...]
    query: tuple[tuple[str, str], ...]


def asked(context: Context, identifier: str) -> Asked:
    """What was asked; raises InvalidRequest."""
    parameters = context.parameters
    parameters.one("_format")
    named = types(parameters.one("_type"))
    spans = limits(parameters.one("start"), parameters.one("end"))
    born = iso_date("birthdate", parameters.one("birthdate"))
    size = count(parameters.one("_count"))
    query = tuple(p for p in parameters.taken if p[0] in ("_type", "start", "end", "_count"))
    cursor = parameters.one("_cursor")
    ignored = parameters.unknown(context.preferences.strict)
    return Asked(identifier, named, spans, size, cursor, born, ignored, query)


async def everything(context: Context, identifier: str) -> bytes:
    """The searchset Bundle."""
    request = asked(context, identifier)
    inquiry = await _open(context, request)
    view = await inquiry.complete()
    check(view)
    return _bundle(context, request, view)


async def streamed(context: Context, identifier: str) -> AsyncIterator[bytes]:
    """Server-sent events: `source` for each agency as it answers, then `bundle`.

    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """
    request = asked(context, identifier)
    inquiry = await _open(context, request)
    return _events(context, request, inquiry)


async def _events(context: Context, request: Asked, inquiry: Inquiry) -> AsyncIterator[bytes]:
    for line in (await inquiry.noted()).lines:
        told = {"source": line.source, "name": line.name, "pending": line.pending, "text": line.text}
        yield _event("source", told)
    async for answer in inquiry.arrivals():
        view = await inquiry.noted()
        line = next(one for one in view.lines if one.source == answer.source)
        told = {"source": line.source, "name": line.name, "pending": False, "text": line.text}
        yield _event("source", told)
    view = await inquiry.release(inquiry.view())
    yield b"event: bundle\ndata: " + _bundle(context, request, view) + b"\n\n"


def _event(name: str, value: object) -> bytes:
    return f"event: {name}\ndata: ".encode() + orjson.dumps(value) + b"\n\n"


async def _open(context: Context, request: Asked) -> Inquiry:
    place = context.place("Patient", request.identifier)
    wanted = request.types
    asking = context.request(place.nhs_number, "operation", wanted, birth_date=request.birth_date)
    inquiry = await open_inquiry(context.runtime, context.principal, asking)
    check_cursor(context, request.cursor, _bound(request))
    return inquiry


def _bound(request: Asked) -> str:
    """What a cursor of this operation goes with; a page's size may change from page to page."""
    return f"everything|{request.identifier}|{self_query([p for p in request.query if p[0] != '_count'])}"


def _bundle(context: Context, request: Asked, view: View) -> bytes:
    ordered = [r for r in (view.patient, *view.resources) if _wanted(request, r)]
    rank = ranking(context)
    ordered.sort(key=rank)
    page = cut(context, ordered, request.count, request.cursor, _bound(request), rank)
    here = f"{context.url}/Patient/{request.identifier}/$everything"
    own = self_query([*request.query, *([("_cursor", request.cursor)] if request.cursor else [])])
    following = self_query([*request.query, ("_cursor", page.cursor)]) if page.cursor else ""
    whole = Page(
        matches=[r for r in page.resources if not is_referred(r)],
        included=[r for r in page.resources if is_referred(r)],
        self_link=f"{here}?{own}" if own else here,
        next_link=f"{here}?{following}" if following else "",
        total=sum(not is_referred(r) for r in ordered),
        ignored=request.ignored,
    )
    runtime = context.runtime
    return searchset(whole, view, runtime.base, context.url, context.asker, runtime.receipts)


def _wanted(request: Asked, resource: Resource) -> bool:
    of_type = request.types is None or resource["resourceType"] in request.types
    return of_type and within(resource, request.limits)
