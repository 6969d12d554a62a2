"""From a bearer token to a Principal, or a refusal; nothing in between.

https://www.rfc-editor.org/rfc/rfc9068 and https://www.rfc-editor.org/rfc/rfc8725 (JWT best practice).
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from auth.principal import Principal

ALGORITHM = "Ed25519"
_LARGEST = 8192
_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")


class InvalidToken(Exception):
    """The token does not prove who is asking. The message says why and holds nothing of the token."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose tokens are accepted: the issuer, the audience, its public keys, and the clocks' difference."""

    issuer: str
    audience: str
    keys: KeySet
    leeway_seconds: int = 30


def authenticate(token: str, trust: Trust, now: datetime) -> Principal:
    """The Principal that `token` proves at `now` (aware); raises InvalidToken."""
    if len(token) > _LARGEST or not _SHAPE.match(token):
        raise InvalidToken("not a signed token in compact form")
    header, claims = (_part(piece) for piece in token.split(".")[:2])
    _check_header(header)
    _decoded(token.rpartition(".")[2])
    try:
        jwt.decode(token, trust.keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidToken("the signature cannot be verified") from error
    _check_claims(claims, trust, now)
    return _principal(claims)


def _part(piece: str) -> Mapping[str, Any]:
    """One part of the token as an object in which no name stands twice."""
    try:
        value = json.loads(_decoded(piece).decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise InvalidToken("a part of the token cannot be read") from error
    if not isinstance(value, dict):
        raise InvalidToken("a part of the token is not an object")
    return value


def _decoded(piece: str) -> bytes:
    """The bytes of one part, of which there is exactly one spelling."""
    try:
        raw = base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4))
    except ValueError as error:
        raise InvalidToken("a part of the token cannot be read") from error
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != piece:
        raise InvalidToken("a part of the token is not spelt as it must be")
    return raw


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise InvalidToken("a name stands twice in the token")
    return dict(pairs)


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("alg") != ALGORITHM:
        raise InvalidToken(f"the algorithm is not {ALGORITHM}")
    if str(header.get("typ", "")).lower() not in ("at+jwt", "application/at+jwt"):
        raise InvalidToken("not an access token (typ)")
    if set(header) - {"alg", "typ", "kid"}:
        raise InvalidToken("the header holds what an access token does not need")
    if not isinstance(header.get("kid", ""), str):
        raise InvalidToken("the header's kid is not a text")


def _check_claims(claims: Mapping[str, Any], trust: Trust, now: datetime) -> None:
    seconds = now.timestamp()
    if claims.get("iss") != trust.issuer:
        raise InvalidToken("another issuer")
    if claims.get("aud") != trust.audience:
        raise InvalidToken("for another audience")
    if not _number(claims, "exp") > seconds - trust.leeway_seconds:
        raise InvalidToken("expired")
    if _number(claims, "iat") > seconds + trust.leeway_seconds:
        raise InvalidToken("issued in the future")
    if "nbf" in claims and _number(claims, "nbf") > seconds + trust.leeway_seconds:
        raise InvalidToken("not valid yet")


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
        raise InvalidToken(f"the claim {name} is not a time")
    return float(value)


def _text(claims: Mapping[str, Any], name: str, needed: bool = False) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or (needed and not value) or not _writable(value):
        raise InvalidToken(f"the claim {name} is not a text")
    return value


def _writable(text: str) -> bool:
    """It can be written as UTF-8: half a surrogate pair cannot, and would stop the audit."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _flag(claims: Mapping[str, Any], name: str, default: bool) -> bool:
    value = claims.get(name, default)
    if not isinstance(value, bool):
        raise InvalidToken(f"the claim {name} is not true or false")
    return value


def _texts(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    value = claims.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and _writable(one) for one in value):
        raise InvalidToken(f"the claim {name} is not a list of texts")
    return frozenset(value)


def _principal(claims: Mapping[str, Any]) -> Principal:
    return Principal(
        user=_text(claims, "sub", needed=True),
        name=_text(claims, "name"),
        role=_text(claims, "role", needed=True),
        job=_text(claims, "job"),
        organization=(_text(claims, "org_system"), _text(claims, "org", needed=True)),
        organization_name=_text(claims, "org_name"),
        purpose=_text(claims, "purpose_of_use"),
        expires=datetime.fromtimestamp(_number(claims, "exp"), UTC),
        token_id=_text(claims, "jti", needed=True),
        source=_text(claims, "source"),
        person=_flag(claims, "person", True),
        unscheduled=_flag(claims, "unscheduled", True),
        reason=_text(claims, "reason"),
        told_family=_text(claims, "told_family"),
        break_glass=_text(claims, "break_glass"),
        scopes=frozenset(_text(claims, "scope").split()),
        local_ids=_texts(claims, "local_ids"),
    )
