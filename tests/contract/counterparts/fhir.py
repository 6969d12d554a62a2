"""A FHIR server: R4 and STU3, JSON and XML, searched by POST and by GET, and asked by an operation."""

from typing import Any
from xml.sax.saxutils import quoteattr

import orjson
from aiohttp import web

from tests.contract.counterpart import NOTES, PAGE, Note
from tests.contract.http_source import FAILURES, PAGED, HttpSource

_SYSTEM = """
id = "notes"
title = "Notes"
transport = "fhir"
[fhir]
version = "VERSION"
format = "FORMAT"
[auth]
kind = "bearer"
[kinds.note]
path = "Observation"
method = "METHOD"
search = {patient = "{local}"}
person_keys = {local = "patient"}
[kinds.note.fields]
id = "text"
valueString = "text"
"""
_STRUCTURED = """
id = "notes"
title = "Notes"
transport = "fhir"
[fhir]
version = "stu3"
[kinds.answer]
path = "Patient/$notes"
method = "operation"
request = "notes.json"
person_keys = {local = "document"}
[kinds.note]
part_of = "answer"
path = "entry[].resource"
where = {resourceType = "Observation"}
[kinds.note.fields]
id = "text"
valueString = "text"
"""
_PARAMETERS = '{"resourceType": "Parameters", "parameter": [{"name": "child", "valueString": "{local}"}]}'


class _FhirSource(HttpSource):
    text = "valueString"


def _observation(note: Note) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": note.key,
        "valueString": note.text,
        "comment": note.hidden,
        "code": {"text": note.hidden},
    }


def _bundle(child: str, page: int) -> dict[str, Any]:
    notes = NOTES.get(child, ())
    shown = notes[(page - 1) * PAGE : page * PAGE]
    link = (
        [{"relation": "next", "url": f"?patient={child}&page={page + 1}"}] if page * PAGE < len(notes) else []
    )
    entry = [{"resource": _observation(note), "search": {"mode": "match"}} for note in shown]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(notes), "link": link, "entry": entry}


def _xml(bundle: dict[str, Any]) -> str:
    links = "".join(
        f'<link><relation value="next"/><url value={quoteattr(link["url"])}/></link>'
        for link in bundle["link"]
    )
    entries = "".join(
        "<entry><resource><Observation>"
        f"<id value={quoteattr(entry['resource']['id'])}/>"
        f"<code><text value={quoteattr(entry['resource']['comment'])}/></code>"
        f"<valueString value={quoteattr(entry['resource']['valueString'])}/>"
        f"</Observation></resource></entry>"
        for entry in bundle["entry"]
    )
    total = f'<total value="{bundle["total"]}"/>'
    return f'<Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/>{total}{links}{entries}</Bundle>'


async def _search(request: web.Request) -> web.Response:
    form = await request.post()
    child = str(form.get("patient") or request.query.get("patient", "")).replace("\\", "")
    if request.headers.get("Authorization") != "Bearer s3cret":
        return web.Response(status=401, body=b"")
    bundle = _bundle(child, int(request.query.get("page", "1")))
    if "xml" in request.headers["Accept"]:
        return web.Response(body=_xml(bundle).encode(), content_type="application/fhir+xml", charset="utf-8")
    return web.Response(body=orjson.dumps(bundle), content_type="application/fhir+json")


async def _operation(request: web.Request) -> web.Response:
    asked = orjson.loads(await request.read())
    notes = NOTES.get(asked["parameter"][0]["valueString"])
    if notes is None:
        issue = {
            "severity": "error",
            "code": "invalid",
            "details": {"coding": [{"code": "PATIENT_NOT_FOUND"}]},
        }
        body: dict[str, Any] = {"resourceType": "OperationOutcome", "issue": [issue]}
        return web.Response(body=orjson.dumps(body), status=404, content_type="application/fhir+json")
    body = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": _observation(n)} for n in notes],
    }
    return web.Response(body=orjson.dumps(body), content_type="application/fhir+json")


def _source(version: str, format_: str, method: str) -> HttpSource:
    toml = _SYSTEM.replace("VERSION", version).replace("FORMAT", format_).replace("METHOD", method)
    return _FhirSource(f"fhir-{version}-{format_}-{method}", toml, _search, failures=PAGED)


COUNTERPARTS = (
    _source("r4", "json", "post-search"),
    _source("r4", "xml", "get"),
    _source("stu3", "json", "get"),
    _source("stu3", "xml", "post-search"),
    _FhirSource(
        "fhir-operation", _STRUCTURED, _operation, failures=FAILURES, documents={"notes.json": _PARAMETERS}
    ),
)
