"""One HTTP source, ready to be asked: its origin, its connections, our credentials and fixed headers.

CONTRIBUTING.md, "A system file, line by line": [auth], [headers].
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from connectors.answer import Answer
from connectors.credentials import Credentials, credentials_for
from connectors.holes import fill
from connectors.origin import Origin, origin_of
from connectors.question import Question
from connectors.session import Request, Session
from connectors.system import Endpoint, System

MAX_PAGES = 50


class Door:
    """Asks one source; every address comes from its origin, and credentials go nowhere else."""

    def __init__(self, system: System, endpoint: Endpoint) -> None:
        self.origin: Origin = origin_of(endpoint.url, bool(endpoint.options.get("plain_http")))
        self.max_pages = int(endpoint.options.get("max_pages", MAX_PAGES))
        self._endpoint = endpoint
        self._session = Session(endpoint, endpoint.url)
        self._credentials: Credentials = credentials_for(
            endpoint, system.options.get("auth", {}), self.origin
        )
        own = system.options.get(system.transport.removesuffix("_api"), {}).get("headers", {})
        self._headers: Mapping[str, Any] = {**system.options.get("headers", {}), **own}

    async def ask(self, asked_for: Question, request: Request) -> Answer:
        """The answer, whatever its status; the fixed headers are added here. Raises SourceError."""
        full = replace(request, headers={**self._headers_for(asked_for), **request.headers})
        answer = await self._session.send(full, await self._credentials.headers())
        if answer.status == 401 and self._credentials.renew():
            answer = await self._session.send(full, await self._credentials.headers())
        return answer

    def _headers_for(self, asked_for: Question) -> dict[str, str]:
        """The fixed headers of the system and the kind. A child's identifiers never stand in one."""
        templates = {**self._headers, **asked_for.kind.request.get("headers", {})}
        own = {name: str(value) for name, value in self._endpoint.options.items()}
        values = {**own, **asked_for.filters, "uuid": str(uuid4())}
        filled = {name: fill(str(template), values) for name, template in templates.items()}
        return {name: value for name, value in filled.items() if value is not None}

    async def close(self) -> None:
        await self._session.close()
        await self._credentials.close()
