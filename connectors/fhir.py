"""Sources that speak FHIR REST: R4 and STU3, JSON and XML, searches by page, reads and operations.

https://hl7.org/fhir/R4/http.html
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import Any

from connectors.answer import Answer, as_at, body_of, refusal
from connectors.base import Capability, Failure, Query, Record, SourceError
from connectors.bundles import linked, settled
from connectors.door import Door
from connectors.fhir_pages import Page, Pages, raise_problems
from connectors.fhir_request import FORMATS, Interaction, interaction, put
from connectors.fhir_xml import elements, resource
from connectors.json import parse_json
from connectors.operation_outcome import codes_in, failure_in, is_outcome
from connectors.parsing import parsed
from connectors.question import Question, question
from connectors.records import capabilities, inside, itself
from connectors.session import Request
from connectors.system import Endpoint, Kind, System, SystemMistake
from connectors.xml import parse_xml

_MEDIA = {
    "json": frozenset({"application/fhir+json", "application/json", "application/json+fhir", "text/json"}),
    "xml": frozenset({"application/fhir+xml", "application/xml", "application/xml+fhir", "text/xml"}),
}
_VERSIONS = ("r4", "stu3")

_Raw = dict[str, Any]


class Fhir:
    """A FHIR server as a source of records; a record is a resource, or what its kind declares of it."""

    def __init__(self, system: System, endpoint: Endpoint) -> None:
        own = system.options.get("fhir", {})
        self._system = system
        self._door = Door(system, endpoint)
        self._format = str(own.get("format", "json"))
        self._version = str(own.get("version", "r4"))
        self._as_at = str(own.get("as_at", ""))
        if self._format not in FORMATS or self._version not in _VERSIONS:
            raise SystemMistake(f"{system.id}.toml: fhir.format is json or xml, fhir.version r4 or stu3")
        if self._format == "xml":
            elements(self._version)
        roots = (kind for kind in system.kinds.values() if kind.part_of is None)
        self._ways = {kind.name: interaction(system, kind) for kind in roots}
        self._capabilities = capabilities(system)

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        return self._capabilities

    async def fetch(self, query: Query) -> AsyncGenerator[Record, None]:
        asked_for = question(self._system, query)
        pages = self._pages(asked_for, self._ways[asked_for.kind.name])
        if "latest" in asked_for.kind.request:
            pages = _settled(asked_for.kind, pages)
        yielded = 0
        async with aclosing(pages):
            async for page in pages:
                for record in self._records(asked_for, page):
                    yielded += 1
                    if yielded % 256 == 0:
                        # a large page must not keep every other answer of this process waiting
                        await asyncio.sleep(0)
                    yield record
                if asked_for.limit is not None and yielded >= asked_for.limit:
                    return

    async def close(self) -> None:
        """Closes the connections to the source."""
        await self._door.close()

    async def _first(self, asked_for: Question, way: Interaction) -> Answer | None:
        """The first answer; None if it says that the child has no record there."""
        asked = put(asked_for, way, self._format)
        url = self._door.origin.at(asked.path)
        request = Request(asked.method, url, FORMATS[self._format], asked.body, asked.content_type)
        answer = await self._door.ask(asked_for, request)
        if answer.status in (404, 410) and await self._is_absence(answer, way):
            return None
        return answer

    async def _is_absence(self, answer: Answer, way: Interaction) -> bool:
        # a 404 without FHIR's own words comes from something else than the server that we know
        if not (way.absent and answer.body and answer.media in _MEDIA[self._format]):
            return False
        said = await self._parsed(answer)
        return is_outcome(said) and not way.absent.isdisjoint(codes_in(said))

    async def _pages(self, asked_for: Question, way: Interaction) -> AsyncGenerator[Page, None]:
        """The pages of an answer; what is wrong with one is raised after it, so that it is kept."""
        read = Pages(way.type, self._door.max_pages)
        answer = await self._first(asked_for, way)
        while answer is not None:
            raw = await self._content(answer)
            if not way.searches and raw["resourceType"] not in way.types:
                raise SourceError(Failure.UNREADABLE, "a resource of another type")
            matches = read.matches(raw) if way.searches else (raw,)
            yield Page(raw, matches, as_at(answer, self._as_at))
            raise_problems(raw)
            answer = await self._next(asked_for, read, answer, raw) if way.searches else None

    async def _next(self, asked_for: Question, read: Pages, answer: Answer, raw: _Raw) -> Answer | None:
        link = read.following(raw)
        if link is None:
            return None
        url = self._door.origin.followed(link, answer.url)
        read.visit(url)
        return await self._door.ask(asked_for, Request("GET", url, FORMATS[self._format]))

    async def _content(self, answer: Answer) -> _Raw:
        """The resource that `answer` is; raises SourceError for every other answer."""
        if not answer.fine:
            raise refusal(answer)
        said = await self._parsed(answer)
        if not isinstance(said, dict) or not isinstance(said.get("resourceType"), str):
            raise SourceError(Failure.UNREADABLE, "not a FHIR resource")
        if is_outcome(said):
            raise failure_in(said) or SourceError(Failure.UNREADABLE, "an OperationOutcome and no answer")
        return said

    async def _parsed(self, answer: Answer) -> Any:
        body = body_of(answer, _MEDIA[self._format])
        if self._format == "json":
            return await parsed(parse_json, body)
        return await parsed(lambda text: resource(parse_xml(text), self._version), body)

    def _records(self, asked_for: Question, page: Page) -> Iterator[Record]:
        kind = asked_for.kind.name
        for bundle in (page.raw, *(found for found in page.matches if found is not page.raw)):
            if bundle["resourceType"] == "Bundle":
                linked(self._system, kind, bundle)
        for found in page.matches:
            own = itself(self._system, kind, found, page.as_at)
            if own is not None and asked_for.wants(kind):
                yield own
        for record in inside(self._system, kind, page.raw, page.as_at):
            if asked_for.wants(record.kind):
                yield record


async def _settled(kind: Kind, pages: AsyncGenerator[Page, None]) -> AsyncGenerator[Page, None]:
    """All `pages` as one, without messages that a later one replaces or takes back.

    If a page fails, those before it are settled among themselves, and the failure comes after them.
    """
    read: list[Page] = []
    failure: SourceError | None = None
    async with aclosing(pages):
        try:
            async for page in pages:
                read.append(page)
        except SourceError as error:
            failure = error
    kept = tuple(settled(kind, [found for page in read for found in page.matches]))
    if read:
        raw = {"resourceType": "Bundle", "entry": [{"resource": found} for found in kept]}
        yield Page(raw, kept, read[0].as_at)
    if failure is not None:
        raise failure
