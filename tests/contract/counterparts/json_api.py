"""A REST interface in JSON with an API key, and one with OAuth2, each in one of the three ways of paging."""

import orjson
from aiohttp import web

from tests.contract.counterpart import NOTES, PAGE
from tests.contract.http_source import HttpSource

_SYSTEM = """
id = "notes"
title = "Notes"
transport = "json_api"
[auth]
AUTH
[kinds.note]
path = "/children/{local}/notes"
items = "data.notes[]"
PAGING
absent = [404]
person_keys = {local = "path"}
[kinds.note.fields]
id = "text"
text = "text"
"""
_KEY = 'kind = "api-key"\nheader = "X-Api-Key"'
_OAUTH2 = 'kind = "oauth2"\ntoken = "/token"\nscope = "notes.read"'


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


async def _notes(request: web.Request) -> web.Response:
    if request.path == "/token":
        return _json({"access_token": "t0ken", "token_type": "Bearer", "expires_in": 300})
    if (
        request.headers.get("X-Api-Key") != "s3cret"
        and request.headers.get("Authorization") != "Bearer t0ken"
    ):
        return _json({"error": "who are you"}, 401)
    child = request.match_info["anything"].split("/")[2]
    if child not in NOTES:
        return _json({"error": "no such child"}, 404)
    page = int(request.query.get("page", "1"))
    notes = [
        {"id": note.key, "text": note.text, "hidden": note.hidden, "author": {"name": note.hidden}}
        for note in NOTES[child][(page - 1) * PAGE : page * PAGE]
    ]
    more = page * PAGE < len(NOTES[child])
    return _json(
        {
            "data": {"notes": notes},
            "total": len(NOTES[child]),
            "pages": -(-len(NOTES[child]) // PAGE),
            "next": f"notes?page={page + 1}" if more else None,
            "cursor": str(page + 1) if more else None,
        }
    )


def _source(name: str, auth: str, paging: str) -> HttpSource:
    return HttpSource(
        f"json_api-{name}",
        _SYSTEM.replace("AUTH", auth).replace("PAGING", paging),
        _notes,
        is_later_page=lambda request: request.query.get("page", "1") != "1",
    )


COUNTERPARTS = (
    _source("links", _KEY, 'next = "next"\ntotal = "total"'),
    _source("cursor", _OAUTH2, 'cursor = {from = "cursor", query = "page"}'),
    _source("numbers", _KEY, 'page = {query = "page"}'),
    _source("counted-numbers", _KEY, 'page = {query = "page", total = "pages"}'),
)
