"""The demo's own token issuer: signs access tokens for made-up users; refused outside the demo.

https://www.rfc-editor.org/rfc/rfc9068
"""

import json
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from auth.tokens import ALGORITHM

PRIVATE = "issuer.json"
PUBLIC = "issuer-public.json"
MINUTES = 60


def make_issuer(folder: Path) -> None:
    """Makes the issuer's keys in the demo's folder, unless they are there."""
    if (folder / PRIVATE).exists() and (folder / PUBLIC).exists():
        return
    key = OKPKey.generate_key("Ed25519", {"kid": f"demo-{secrets.token_hex(4)}"})
    handle = os.open(folder / PRIVATE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(key.as_dict(private=True), out)
    public = {"keys": [key.as_dict(private=False)]}
    (folder / PUBLIC).write_text(json.dumps(public), encoding="utf-8")


class Issuer:
    """Signs tokens with the demo's key."""

    def __init__(self, folder: Path, issuer: str, audience: str) -> None:
        self._key = OKPKey.import_key(json.loads((folder / PRIVATE).read_text(encoding="utf-8")))
        self._issuer = issuer
        self._audience = audience

    def token(self, claims: Mapping[str, Any]) -> str:
        """An access token with these claims, valid for an hour."""
        now = int(time.time())
        times = {"iss": self._issuer, "aud": self._audience, "iat": now, "exp": now + MINUTES * 60}
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        whole = {**times, "jti": secrets.token_hex(8), **claims}
        return jwt.encode(header, whole, self._key, algorithms=[ALGORITHM])
