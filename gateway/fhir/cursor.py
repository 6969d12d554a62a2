"""Sealed cursors: where a next link goes on, readable by nobody and usable by the same asker only.

AES-GCM over position and expiry, with asker, purpose and query as associated data: a cursor that was
changed, borrowed or has expired is refused. https://www.rfc-editor.org/rfc/rfc5116
"""

import base64
import binascii
import os
from dataclasses import dataclass

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.errors import ExpiredPage
from gateway.keys import Key


@dataclass(frozen=True, slots=True)
class Position:
    """Go on after this resource; `expires` is the real clock's seconds."""

    source: str
    type: str
    id: str


@dataclass(frozen=True)
class Cursors:
    """Seals and opens cursors."""

    key: Key
    minutes: float

    def seal(self, position: Position, bound_to: str, now: float) -> str:
        """The cursor's text."""
        plain = orjson.dumps([position.source, position.type, position.id, now + self.minutes * 60])
        nonce = os.urandom(12)
        sealed = AESGCM(self.key.secret).encrypt(nonce, plain, bound_to.encode())
        return base64.urlsafe_b64encode(bytes((self.key.newest,)) + nonce + sealed).decode().rstrip("=")

    def open(self, cursor: str, bound_to: str, now: float) -> Position:
        """The position; raises ExpiredPage for anything that is not this asker's own, fresh cursor."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            secret = self.key.versions[raw[0]]
            plain = AESGCM(secret).decrypt(raw[1:13], raw[13:], bound_to.encode())
        except (ValueError, KeyError, IndexError, InvalidTag, binascii.Error) as error:
            raise ExpiredPage("This page cannot be opened; ask again from the first page.") from error
        source, resource_type, identifier, expires = orjson.loads(plain)
        if now > expires:
            raise ExpiredPage("This page has expired; ask again from the first page.")
        return Position(source, resource_type, identifier)
