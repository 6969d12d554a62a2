"""Sources that speak SOAP 1.1 or 1.2: a request document goes out, an answer or a fault comes back.

https://www.w3.org/TR/2000/NOTE-SOAP-20000508/ and https://www.w3.org/TR/soap12-part1/
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from uuid import uuid4

from lxml import etree

from connectors.answer import Answer, as_at, body_of, refusal
from connectors.base import Capability, Failure, Query, Record, SourceError
from connectors.documents import document
from connectors.door import Door
from connectors.holes import filled_or_unsupported, in_xml
from connectors.parsing import parsed
from connectors.question import Question, question
from connectors.records import capabilities, parts
from connectors.session import Request
from connectors.soap_fault import VERSIONS, Version, meanings, means_absent
from connectors.soap_items import Items, items_of
from connectors.system import Endpoint, System, SystemMistake
from connectors.tree import tree
from connectors.xml import parse_xml

_MEDIA = frozenset({"text/xml", "application/soap+xml", "application/xml"})


class Soap:
    """A SOAP service as a source of records; a record is what its kind declares of one element."""

    def __init__(self, system: System, endpoint: Endpoint) -> None:
        own = system.options.get("soap", {})
        if own.get("version", "1.1") not in VERSIONS:
            raise SystemMistake(f"{system.id}.toml: soap.version is one of {', '.join(VERSIONS)}")
        self._version: Version = VERSIONS[own.get("version", "1.1")]
        self._faults = meanings(system.id, own.get("faults", {}))
        self._as_at = str(own.get("as_at", ""))
        self._system, self._endpoint = system, endpoint
        self._door = Door(system, endpoint)
        roots = [kind for kind in system.kinds.values() if kind.part_of is None]
        self._documents = {kind.name: document(system, kind) for kind in roots}
        self._items: dict[str, Items] = {kind.name: items_of(system, kind) for kind in roots}
        self._capabilities = capabilities(system)

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        return self._capabilities

    async def fetch(self, query: Query) -> AsyncGenerator[Record, None]:
        asked_for = question(self._system, query)
        answer = await self._ask(asked_for)
        envelope = await parsed(parse_xml, _text_of(answer))
        if self._is_absence(envelope):
            return
        if not answer.fine:
            raise refusal(answer)
        at, name = as_at(answer, self._as_at), asked_for.kind.name
        for number, element in enumerate(self._items[name].in_envelope(envelope)):
            if number % 256 == 255:
                # a large answer must not keep every other answer of this process waiting
                await asyncio.sleep(0)
            for record in parts(self._system, name, tree(element), at):
                if asked_for.wants(record.kind):
                    yield record

    async def close(self) -> None:
        """Closes the connections to the source."""
        await self._door.close()

    async def _ask(self, asked_for: Question) -> Answer:
        kind = asked_for.kind
        text = filled_or_unsupported(self._documents[kind.name], self._values(asked_for), in_xml)
        action = str(kind.request.get("action", ""))
        request = Request(
            "POST",
            self._door.origin.at(kind.path),
            self._version.media,
            text.encode(),
            self._version.content_type(action),
            self._version.headers(action),
        )
        return await self._door.ask(asked_for, request)

    def _values(self, asked_for: Question) -> dict[str, str]:
        """What the holes of a document may be filled with: the question, and what WS-Security wants."""
        return {
            "uuid": str(uuid4()),
            "now": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "username": str(self._endpoint.options.get("username", "")),
            "secret": self._endpoint.secret(),
            **asked_for.values,
        }

    def _is_absence(self, envelope: etree._Element) -> bool:
        """Whether the answer is a fault that means: not known here. Raises SourceError for all others."""
        space = self._version.namespace
        if envelope.tag != f"{space}Envelope":
            raise SourceError(Failure.UNREADABLE, "not an Envelope of this SOAP version")
        fault = envelope.find(f"{space}Body/{space}Fault")
        return fault is not None and means_absent(fault, self._faults)


def _text_of(answer: Answer) -> bytes:
    # SOAP 1.1 sends faults with status 500, SOAP 1.2 with 400 or 500: a fault is told by its body
    if not answer.fine and answer.media not in _MEDIA:
        raise refusal(answer)
    return body_of(answer, _MEDIA)
