"""Tokens for tests: a real Ed25519 issuer that signs whatever it is given, well-formed or not."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import KeySet, OKPKey

from auth.tokens import Trust

ISSUER = "https://issuer.example/oauth2"
AUDIENCE = "https://gateway.example/fhir"
HEADER: Mapping[str, Any] = {"alg": "Ed25519", "typ": "at+jwt", "kid": "one"}


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def part(value: object) -> str:
    """A header or claims part: bytes as they are, anything else as JSON."""
    return encoded(value if isinstance(value, bytes) else json.dumps(value).encode())


@dataclass(frozen=True)
class Signer:
    """An issuer's key, with which anything can be signed."""

    key: Ed25519PrivateKey
    kid: str = "one"

    @property
    def public(self) -> dict[str, Any]:
        """The public key as a JWK."""
        x = encoded(self.key.public_key().public_bytes_raw())
        return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.kid}

    def sign(self, header: object, claims: object) -> str:
        """A token with a true signature over these two parts, whatever they are."""
        text = f"{part(header)}.{part(claims)}"
        return f"{text}.{encoded(self.key.sign(text.encode()))}"

    def token(self, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A good token but for these header names and claims; one that is None is left out."""
        whole = {**HEADER, **(header or {})}
        return self.sign(
            {name: value for name, value in whole.items() if value is not None},
            {name: value for name, value in {**good(), **claims}.items() if value is not None},
        )


def signer(kid: str = "one") -> Signer:
    """A new key."""
    return Signer(Ed25519PrivateKey.generate(), kid)


def trust(*signers: Signer) -> Trust:
    """Trust in these issuers' keys."""
    return Trust(ISSUER, AUDIENCE, KeySet([OKPKey.import_key(one.public) for one in signers]))


def good() -> dict[str, Any]:
    """The claims of an emergency doctor's token."""
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 3600,
        "jti": "a1b2",
        "sub": "dr.sen",
        "role": "ed-clinician",
        "org": "DEMO1",
        "org_system": "https://fhir.nhs.uk/Id/ods-organization-code",
        "purpose_of_use": "emergency-care",
    }


def now() -> datetime:
    """The real time, which token expiry uses."""
    return datetime.now(UTC)
