"""What one process needs to serve requests, made once at start: the only shared state there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from auth.policy.rules import Rules
from auth.tokens import Trust
from gateway.audit.chain import Chain
from gateway.audit.pseudonym import Pseudonyms
from gateway.clock import Clock
from gateway.federation.connected import Connected
from gateway.federation.paused import Paused
from gateway.federation.translate import Translator
from gateway.fhir.cursor import Cursors
from gateway.fhir.sign import ReceiptSigner
from gateway.identity.ids import Ids
from gateway.keys import Key
from gateway.model import Model
from gateway.settings import Settings
from gateway.sources import Source


@dataclass(frozen=True)
class Runtime:
    """The parts of a running gateway."""

    settings: Settings
    clock: Clock
    ids: Ids
    model: Model
    rules: Rules
    trust: Trust
    sources: Sequence[Source]
    connected: Sequence[Connected]
    translator: Translator
    chain: Chain
    pseudonyms: Pseudonyms
    receipts: ReceiptSigner
    cursors: Cursors
    paused: Paused
    keys_for_sessions: Key

    @property
    def base(self) -> str:
        return self.settings.canonical

    @property
    def identity_source(self) -> str:
        return next((c.id for c in self.connected if c.source.agency == "identity"), self.sources[0].id)
