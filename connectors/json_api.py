"""Sources with a REST interface of their own in JSON: pages, API keys, OAuth2, mutual TLS.

https://www.rfc-editor.org/rfc/rfc8259 ; the rest is in each system's TOML file.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from yarl import URL

from connectors.answer import Answer, as_at, body_of, refusal
from connectors.base import Capability, Query, Record
from connectors.documents import document
from connectors.door import Door
from connectors.holes import filled_or_unsupported, in_json, in_path
from connectors.json import parse_json
from connectors.json_pages import Paging, Reading, paging
from connectors.parsing import parsed
from connectors.question import Question, parameters, question
from connectors.records import capabilities, parts
from connectors.session import Request
from connectors.system import Endpoint, Kind, System, SystemMistake

_JSON = "application/json"
_MEDIA = frozenset({_JSON, "text/json", "application/hal+json", "application/vnd.api+json"})


@dataclass(frozen=True, slots=True)
class _Way:
    """How one kind is asked for; `absent` are the statuses that mean: not known here."""

    method: str
    path: str
    query: Mapping[str, Any]
    document: str
    absent: frozenset[int]
    paging: Paging


class JsonApi:
    """A JSON interface as a source of records; a record is what its kind declares of one item."""

    def __init__(self, system: System, endpoint: Endpoint) -> None:
        self._system = system
        self._door = Door(system, endpoint)
        self._as_at = str(system.options.get("json", {}).get("as_at", ""))
        roots = (kind for kind in system.kinds.values() if kind.part_of is None)
        self._ways = {kind.name: _way(system, kind) for kind in roots}
        self._capabilities = capabilities(system)

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        return self._capabilities

    async def fetch(self, query: Query) -> AsyncGenerator[Record, None]:
        asked_for = question(self._system, query)
        way = self._ways[asked_for.kind.name]
        reading = Reading(way.paging, self._door.max_pages)
        yielded = 0
        url: URL | None = self._address(asked_for, way)
        while url is not None:
            answer = await self._ask(asked_for, way, url)
            if answer is None:
                return
            said = await parsed(parse_json, body_of(answer, _MEDIA))
            items, at = way.paging.items_in(said), as_at(answer, self._as_at)
            for item in items:
                for record in parts(self._system, asked_for.kind.name, item, at):
                    if asked_for.wants(record.kind):
                        yielded += 1
                        yield record
                if yielded % 256 == 255:
                    # a large page must not keep every other answer of this process waiting
                    await asyncio.sleep(0)
            if asked_for.limit is not None and yielded >= asked_for.limit:
                return
            url = reading.after(self._door.origin, url, said, len(items))

    async def close(self) -> None:
        """Closes the connections to the source."""
        await self._door.close()

    def _address(self, asked_for: Question, way: _Way) -> URL:
        path = filled_or_unsupported(way.path, asked_for.values, in_path)
        # a document carries the identifier itself: then only parameters that the file names are sent
        named = parameters(asked_for, way.query, str) if not way.document or way.query else []
        if way.paging.page is not None:
            named.append((way.paging.page[0], str(way.paging.page[1])))
        return self._door.origin.at(f"{path}?{urlencode(named)}" if named else path)

    async def _ask(self, asked_for: Question, way: _Way, url: URL) -> Answer | None:
        """A fine answer; None if it says that the child is not known there. Raises SourceError."""
        body = None
        if way.method == "POST":
            body = filled_or_unsupported(way.document, asked_for.values, in_json).encode()
        request = Request(way.method, url, _JSON, body, _JSON if body is not None else "")
        answer = await self._door.ask(asked_for, request)
        if answer.status in way.absent:
            # only the interface itself says so: a proxy's or web server's page is a failure
            await parsed(parse_json, body_of(answer, _MEDIA))
            return None
        if not answer.fine:
            raise refusal(answer)
        return answer


def _way(system: System, kind: Kind) -> _Way:
    method = str(kind.request.get("method", "get")).upper()
    if method not in ("GET", "POST"):
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name}.method is get or post")
    return _Way(
        method=method,
        path=kind.path,
        query=kind.request.get("query", {}),
        document=document(system, kind) if method == "POST" else "",
        absent=frozenset(kind.request.get("absent", ())),
        paging=paging(system, kind),
    )
