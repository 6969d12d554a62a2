"""The child's name in the audit: a keyed pseudonym that only the key's holder can compute.

https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/data-sharing/anonymisation/pseudonymisation/
"""

import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.keys import Key


class Pseudonyms:
    """Names children for the audit, and seals the free text of reasons."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def of(self, nhs_number: str) -> str:
        """The pseudonym that new rows carry: version and 128 bits."""
        return self._name(self._key.newest, nhs_number)

    def all_of(self, nhs_number: str) -> tuple[str, ...]:
        """The pseudonyms under every version of the key, for finding old rows."""
        return tuple(self._name(version, nhs_number) for version in sorted(self._key.versions))

    def _name(self, version: int, nhs_number: str) -> str:
        secret = self._key.versions[version]
        return f"{version}.{hashlib.blake2b(nhs_number.encode(), key=secret, digest_size=16).hexdigest()}"

    def seal(self, text: str) -> str:
        """Free text, readable only with the key; empty stays empty."""
        if not text:
            return ""
        nonce = os.urandom(12)
        return f"{self._key.newest}.{(nonce + self._aead().encrypt(nonce, text.encode(), None)).hex()}"

    def _aead(self) -> AESGCM:
        return AESGCM(hashlib.blake2b(b"reasons", key=self._key.secret, digest_size=32).digest())

    def fingerprint(self, content: bytes) -> str:
        """A keyed hash of what was shown: proves it later, tells nothing to who lacks the key."""
        return hashlib.blake2b(content, key=self._key.secret, digest_size=16).hexdigest()
