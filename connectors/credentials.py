"""How we prove to a source who we are: the headers that go with a request, to its origin only.

Client credentials: https://www.rfc-editor.org/rfc/rfc6749#section-4.4
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from yarl import URL

from connectors.answer import body_of, refusal
from connectors.base import Failure, SourceError
from connectors.json import parse_json
from connectors.origin import Origin, origin_of
from connectors.session import Request, Session
from connectors.system import Endpoint, SystemMistake

_JSON = frozenset({"application/json"})
# a token is not used in its last seconds: it could expire on the way
_MARGIN_SECONDS = 30.0
_DEFAULT_SECONDS = 300.0


class Credentials(Protocol):
    """`headers` go with each request; `renew` after a 401 says whether asking again can help."""

    async def headers(self) -> Mapping[str, str]: ...
    def renew(self) -> bool: ...
    async def close(self) -> None: ...


class _Fixed:
    """One header made from the source's current secret."""

    def __init__(self, endpoint: Endpoint, name: str, form: str) -> None:
        self._endpoint, self._name, self._form = endpoint, name, form

    async def headers(self) -> Mapping[str, str]:
        secret = self._endpoint.secret()
        if not secret:
            raise SourceError(Failure.REJECTED, "the source's secret is not set")
        username = str(self._endpoint.options.get("username", ""))
        if self._form == "basic":
            return {self._name: _basic(username, secret)}
        return {self._name: f"{self._form} {secret}".lstrip()}

    def renew(self) -> bool:
        return False

    async def close(self) -> None:
        return None


class _Nothing:
    async def headers(self) -> Mapping[str, str]:
        return {}

    def renew(self) -> bool:
        return False

    async def close(self) -> None:
        return None


class _ClientCredentials:
    """An OAuth2 token, asked for once and kept until it expires or is refused."""

    def __init__(self, endpoint: Endpoint, auth: Mapping[str, Any], origin: Origin) -> None:
        self._endpoint, self._auth = endpoint, auth
        self._url = _token_url(endpoint, auth, origin)
        self._session = Session(endpoint, str(self._url))
        self._asking = asyncio.Lock()
        self._token = ""
        self._good_until = 0.0

    async def headers(self) -> Mapping[str, str]:
        async with self._asking:
            if time.monotonic() >= self._good_until:
                await self._ask()
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> bool:
        self._good_until = 0.0
        return True

    async def close(self) -> None:
        await self._session.close()

    async def _ask(self) -> None:
        form = {"grant_type": "client_credentials"}
        if "scope" in self._auth:
            form["scope"] = self._auth["scope"]
        client, secret = str(self._endpoint.options.get("client_id", "")), self._endpoint.secret()
        in_body = self._auth.get("client") == "body"
        if in_body:
            form |= {"client_id": client, "client_secret": secret}
        request = Request(
            "POST",
            self._url,
            "application/json",
            urlencode(form).encode(),
            "application/x-www-form-urlencoded",
        )
        # RFC 6749 2.3.1: both parts are form-encoded before they are joined
        basic = {} if in_body else {"Authorization": _basic(quote(client, safe=""), quote(secret, safe=""))}
        answer = await self._session.send(request, basic)
        if answer.status in (400, 401, 403):
            raise SourceError(Failure.REJECTED, f"the token endpoint refused: status {answer.status}")
        if not answer.fine:
            raise refusal(answer)
        self._take(parse_json(body_of(answer, _JSON)))

    def _take(self, said: Any) -> None:
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise SourceError(Failure.UNREADABLE, "the token endpoint gave no token")
        lasts = said.get("expires_in", _DEFAULT_SECONDS)
        seconds = float(lasts) if isinstance(lasts, (int, str)) and str(lasts).isdigit() else _DEFAULT_SECONDS
        self._token = token
        self._good_until = time.monotonic() + max(seconds - _MARGIN_SECONDS, seconds / 2)


def credentials_for(endpoint: Endpoint, auth: Mapping[str, Any], origin: Origin) -> Credentials:
    """What `auth` (the [auth] table of the system) asks for; raises SystemMistake."""
    kind = auth.get("kind", "none")
    if kind == "oauth2":
        return _ClientCredentials(endpoint, auth, origin)
    if kind == "api-key":
        return _Fixed(endpoint, str(auth.get("header", "X-Api-Key")), "")
    if kind == "bearer":
        return _Fixed(endpoint, "Authorization", "Bearer")
    if kind == "basic":
        return _Fixed(endpoint, "Authorization", "basic")
    if kind == "mtls" and "certificate" not in endpoint.options:
        raise SystemMistake(f"source {endpoint.source}: this system wants the lines certificate and key")
    if kind not in ("none", "mtls"):
        raise SystemMistake(f"auth.kind is '{kind}'; one of api-key, basic, bearer, mtls, none, oauth2")
    return _Nothing()


def _token_url(endpoint: Endpoint, auth: Mapping[str, Any], origin: Origin) -> URL:
    """Where tokens come from: an address that a file of ours names, never one that an answer names."""
    own = endpoint.options.get("token_url")
    if own is not None:
        return origin_of(str(own), bool(endpoint.options.get("plain_http"))).base
    if "token" not in auth:
        raise SystemMistake("auth.kind oauth2 needs auth.token or the source's line token_url")
    return origin.base.origin().join(URL(str(auth["token"])))


def _basic(username: str, secret: str) -> str:
    return "Basic " + b64encode(f"{username}:{secret}".encode()).decode()
