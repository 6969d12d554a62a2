"""From an Authorization header to a Principal; a token once verified is remembered until it expires.

https://www.rfc-editor.org/rfc/rfc6750
"""

import hashlib
import time
from datetime import UTC, datetime

from auth.principal import Principal
from auth.tokens import InvalidToken, Trust, authenticate

_MOST = 2048


class Authenticator:
    """Verifies bearer tokens; holds Principals under a hash of their token, never a token."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust
        self._known: dict[bytes, Principal] = {}

    def bearer(self, header: str) -> Principal:
        """The Principal of `Bearer token`; raises InvalidToken."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise InvalidToken("no bearer token")
        return self.token(token.strip())

    def token(self, token: str) -> Principal:
        """The Principal that the token proves; raises InvalidToken."""
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        known = self._known.get(digest)
        if known is not None and known.expires.timestamp() > time.time():
            return known
        principal = authenticate(token, self._trust, datetime.now(UTC))
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[digest] = principal
        return principal
