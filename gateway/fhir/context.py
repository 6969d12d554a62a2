"""What an interaction has in hand: the runtime, who asks, and how they want the answer.

https://hl7.org/fhir/R4/http.html
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from auth.principal import Principal
from gateway.errors import NotFound
from gateway.fhir.parameters import Parameters, Preferences
from gateway.identity.ids import Place, UnknownId
from gateway.request import Request
from gateway.runtime import Runtime

AN_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}\Z")
NOT_KNOWN = "There is nothing here, or nothing that you may see."


@dataclass(frozen=True)
class Context:
    """One call of the API, authenticated."""

    runtime: Runtime
    principal: Principal
    parameters: Parameters
    preferences: Preferences
    request_id: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def url(self) -> str:
        """The FHIR base that clients use."""
        return f"{self.runtime.settings.url}/fhir"

    @property
    def asker(self) -> str:
        """The asker's reference, for receipts and cursors: not their name."""
        text = f"{self.principal.user}|{self.principal.organization[1]}|{self.principal.purpose}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def budget(self) -> float:
        """How long this request may take, in seconds."""
        most = self.runtime.settings.budget_seconds
        wait = self.preferences.wait
        return min(wait, most) if wait else most

    def place(self, resource_type: str, identifier: str) -> Place:
        """What an id says; raises NotFound for one that is none of ours or of another type."""
        try:
            if not AN_ID.match(identifier):
                raise UnknownId
            place = self.runtime.ids.read(identifier)
        except UnknownId as error:
            raise NotFound(NOT_KNOWN) from error
        if place.type != resource_type or not place.nhs_number:
            raise NotFound(NOT_KNOWN)
        return place

    def request(
        self,
        nhs_number: str,
        interaction: str,
        types: frozenset[str] | None = None,
        sources: frozenset[str] | None = None,
        birth_date: str = "",
    ) -> Request:
        """The pipeline's request for one child."""
        return Request(nhs_number, interaction, types, sources, birth_date, self.budget, self.request_id)
