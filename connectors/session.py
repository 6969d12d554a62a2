"""How every HTTP source is asked: one hardened client session a source, bound to its origin.

No redirects, no cookies, no proxies from the environment, TLS 1.2 or later, bodies capped while they
stream. No deadline of its own: the caller's cancellation ends whatever is under way.
https://docs.aiohttp.org/en/stable/client_advanced.html
"""

import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from connectors.answer import Answer, answer_to
from connectors.base import Failure, SourceError
from connectors.inflate import MAX_BYTES, read_body
from connectors.system import Endpoint, SystemMistake

_CHUNK = 64 * 1024
_KEEP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request; the body, the address and the headers are never printed."""

    method: str
    url: URL = field(repr=False)
    accept: str
    body: bytes | None = field(default=None, repr=False)
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Session:
    """The connections to one origin. It holds no answer and no credentials."""

    def __init__(self, endpoint: Endpoint, url: str) -> None:
        self._cap = int(endpoint.options.get("max_bytes", MAX_BYTES))
        self._tls = _tls(endpoint) if url.startswith("https:") else None
        self._client: aiohttp.ClientSession | None = None
        # until when a connection of an earlier answer may still be open, and be closed by the other side
        self._kept_until = 0.0

    async def send(self, request: Request, credentials: Mapping[str, str]) -> Answer:
        """The answer to `request`, whatever its status; raises SourceError if there is none to read."""
        headers = _headers(request, credentials)
        kept = time.monotonic() < self._kept_until
        async with _errors_as_ours():
            try:
                answer = await self._send(request, headers)
            except aiohttp.ServerDisconnectedError:
                # a kept connection may be closed just as we ask: nothing was heard, so ask once more
                if not kept:
                    raise
                self._kept_until = 0.0
                answer = await self._send(request, headers)
        self._kept_until = time.monotonic() + _KEEP_SECONDS
        return answer

    async def _send(self, request: Request, headers: Mapping[str, str]) -> Answer:
        asked = self._opened().request(
            request.method, request.url, data=request.body, headers=headers, allow_redirects=False
        )
        async with asked as response:
            try:
                return answer_to(response, request.url, await self._body(response))
            except BaseException:
                # what is left of the body is not worth waiting for
                response.close()
                raise

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        if (response.content_length or 0) > self._cap:
            raise SourceError(Failure.TOO_LARGE, f"an answer of more than {self._cap} bytes")
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        return await read_body(response.content.iter_chunked(_CHUNK), encoding, self._cap)

    def _opened(self) -> aiohttp.ClientSession:
        # made on first use: a client session belongs to the loop in which it is made
        if self._client is None or self._client.closed:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,
                    keepalive_timeout=_KEEP_SECONDS,
                    ssl=self._tls if self._tls is not None else True,
                ),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
                max_line_size=8190,
                max_field_size=8190,
            )
        return self._client

    async def close(self) -> None:
        """Closes the connections; the next request opens new ones."""
        if self._client is not None:
            await self._client.close()
            self._client = None


def _headers(request: Request, credentials: Mapping[str, str]) -> dict[str, str]:
    headers = {
        "User-Agent": "wholechild-gateway",
        "Accept": request.accept,
        "Accept-Encoding": "gzip, deflate",
        **request.headers,
        **credentials,
    }
    if request.content_type:
        headers["Content-Type"] = request.content_type
    return headers


def _tls(endpoint: Endpoint) -> ssl.SSLContext:
    """TLS towards one source: public roots or its own, and our certificate where it wants one."""
    options = endpoint.options
    try:
        context = ssl.create_default_context(cafile=options.get("ca"))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if "certificate" in options:
            context.load_cert_chain(options["certificate"], options.get("key"))
    except (OSError, ssl.SSLError) as error:
        raise SystemMistake(f"source {endpoint.source}: certificate, key or ca cannot be read") from error
    return context


@asynccontextmanager
async def _errors_as_ours() -> AsyncIterator[None]:
    """aiohttp's errors as SourceError. Their text may hold addresses and bytes: only the type is kept."""
    try:
        yield
    except (aiohttp.ClientSSLError, ssl.SSLError) as error:
        raise SourceError(Failure.REJECTED, f"TLS failed ({type(error).__name__})") from None
    except aiohttp.ClientPayloadError:
        raise SourceError(Failure.UNREADABLE, "the answer breaks off") from None
    except (aiohttp.ClientResponseError, aiohttp.InvalidURL) as error:
        raise SourceError(Failure.UNREADABLE, f"not HTTP ({type(error).__name__})") from None
    except TimeoutError:
        raise SourceError(Failure.TIMED_OUT, "the network gave up") from None
    except (aiohttp.ClientError, OSError) as error:
        raise SourceError(Failure.UNAVAILABLE, f"no connection ({type(error).__name__})") from None
    except ValueError as error:
        raise SourceError(Failure.UNREADABLE, f"not HTTP ({type(error).__name__})") from None
