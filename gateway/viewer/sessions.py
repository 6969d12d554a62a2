"""Sessions: who is logged in and for what purpose, sealed in a cookie; nothing is kept here.

https://owasp.org/www-project-application-security-verification-standard/ (V7). Idle for 15 minutes or
eight hours in all ends a session.
"""

import base64
import binascii
import hashlib
import os
import time
from dataclasses import asdict, dataclass, replace

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.keys import Key

COOKIE = "wholechild"
IDLE_SECONDS = 15 * 60
ABSOLUTE_SECONDS = 8 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """One person's session. `purpose` is empty until they have said why."""

    user: str
    began: float
    seen: float
    purpose: str = ""
    scheduled: bool = False
    reason: str = ""
    told: str = ""
    born: str = ""  # "<Patient id> <ISO date>", typed where the identity source did not answer

    def born_of(self, patient: str) -> str:
        """The date of birth that was typed for this child; empty if none was."""
        identifier, _, born = self.born.partition(" ")
        return born if identifier == patient else ""

    def __repr__(self) -> str:
        return f"<Session user={self.user}>"


def begin(user: str) -> Session:
    """A new session, now."""
    now = time.time()
    return Session(user, now, now)


class Sessions:
    """Seals and opens session cookies."""

    def __init__(self, key: Key, idle: float = IDLE_SECONDS, absolute: float = ABSOLUTE_SECONDS) -> None:
        self._idle, self._absolute = idle, absolute
        self._secrets = {
            n: hashlib.blake2b(b"session", key=s, digest_size=32).digest() for n, s in key.versions.items()
        }
        self._newest = key.newest

    def seal(self, session: Session) -> str:
        """The cookie's value, seen now."""
        nonce = os.urandom(12)
        plain = orjson.dumps(asdict(replace(session, seen=time.time())))
        sealed = AESGCM(self._secrets[self._newest]).encrypt(nonce, plain, None)
        return base64.urlsafe_b64encode(bytes((self._newest,)) + nonce + sealed).decode()

    def open(self, cookie: str) -> Session | None:
        """The session, or None for one that was changed, has ended, or never was."""
        try:
            raw = base64.urlsafe_b64decode(cookie)
            plain = AESGCM(self._secrets[raw[0]]).decrypt(raw[1:13], raw[13:], None)
        except (ValueError, KeyError, IndexError, InvalidTag, binascii.Error):
            return None
        try:
            session = Session(**orjson.loads(plain))
        except TypeError:
            # sealed by a version of the gateway whose sessions said other things
            return None
        now = time.time()
        fresh = now - session.seen <= self._idle and now - session.began <= self._absolute
        return session if fresh else None
