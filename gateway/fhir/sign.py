"""The receipt's signature: a compact JWS over states, time, what was sent, and who asked.

https://www.rfc-editor.org/rfc/rfc7515 ; the public key stands in /oauth2/jwks.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from gateway.keys import Key

ALGORITHM = "Ed25519"


class ReceiptSigner:
    """Signs receipts with the newest version of the key `receipts`."""

    def __init__(self, key: Key) -> None:
        self._id = f"receipts-{key.newest}"
        self._key = OKPKey.import_key(_pem(key.secret), {"kid": self._id})

    def sign(self, receipt: bytes) -> str:
        """The compact JWS of `receipt`."""
        header = {"alg": ALGORITHM, "kid": self._id}
        return jws.serialize_compact(header, receipt, self._key, algorithms=[ALGORITHM])

    @property
    def public(self) -> Mapping[str, Any]:
        """The public key as a JWK."""
        return self._key.as_dict(private=False)


def _pem(seed: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def manifest_hash(entries: Iterable[Mapping[str, Any]]) -> str:
    """A hash of the entries' fullUrls and versions, in order."""
    digest = hashlib.sha256()
    for entry in entries:
        version = entry["resource"].get("meta", {}).get("versionId", "")
        digest.update(f"{entry['fullUrl']}|{version}\n".encode())
    return digest.hexdigest()
