"""One HTTP answer, read whole: what its status and headers say before anyone looks into its body.

https://www.rfc-editor.org/rfc/rfc9110
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from connectors.base import Failure, SourceError

_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
_STATUSES = {
    401: Failure.REJECTED,
    403: Failure.REJECTED,
    404: Failure.UNAVAILABLE,  # the address that we know is not there; a transport says when it is a child
    407: Failure.REJECTED,
    408: Failure.UNAVAILABLE,
    410: Failure.UNAVAILABLE,
    413: Failure.TOO_LARGE,
    425: Failure.UNAVAILABLE,
    429: Failure.THROTTLED,
    503: Failure.THROTTLED,
}
_LONGEST_WAIT = 86400


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and where it came from; `media` is its media type without parameters, in lower case."""

    status: int
    media: str
    charset: str
    body: bytes = field(repr=False)
    url: URL = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)

    @property
    def fine(self) -> bool:
        return self.status == 200


def answer_to(response: aiohttp.ClientResponse, url: URL, body: bytes) -> Answer:
    """The answer that `response` is, its body read."""
    media, _, parameters = response.headers.get("Content-Type", "").partition(";")
    charset = parameters.lower().partition("charset=")[2].partition(";")[0].strip("\"' ")
    return Answer(response.status, media.strip().lower(), charset, body, url, response.headers)


def refusal(answer: Answer) -> SourceError:
    """What a status other than 200 means."""
    status = answer.status
    failure = _STATUSES.get(status)
    if failure is None:
        failure = _by_hundreds(status)
    wait = _wait(answer) if failure is Failure.THROTTLED else ""
    return SourceError(failure, f"status {status}{wait}")


def _by_hundreds(status: int) -> Failure:
    if status >= 500:
        return Failure.UNAVAILABLE
    # a redirect (never followed) or an empty 204 is not the answer that was promised
    return Failure.UNSUPPORTED if status >= 400 else Failure.UNREADABLE


def _wait(answer: Answer) -> str:
    seconds = answer.headers.get("Retry-After", "")
    if not (seconds.isascii() and seconds.isdigit()):
        return ""
    return f", retry after {min(int(seconds[:6]), _LONGEST_WAIT)} s"


def body_of(answer: Answer, media: frozenset[str]) -> bytes:
    """The body, if its type is one of `media` (or not said) in UTF-8; raises SourceError (UNREADABLE).

    A log-in page comes with status 200, too: it is told by its type.
    """
    if answer.media and answer.media not in media:
        raise SourceError(Failure.UNREADABLE, "an answer of another media type")
    if answer.charset not in _UTF8:
        raise SourceError(Failure.UNREADABLE, "an answer in another character set than UTF-8")
    if not answer.body:
        raise SourceError(Failure.UNREADABLE, "an empty answer")
    return answer.body


def as_at(answer: Answer, header: str) -> datetime | None:
    """The time that `header` gives the answer, aware; None if there is no such header.

    Raises SourceError (UNREADABLE) for one that is no time.
    """
    if not header or header not in answer.headers:
        return None
    try:
        said = parsedate_to_datetime(answer.headers[header])
    except ValueError:
        raise SourceError(Failure.UNREADABLE, f"{header} is no time") from None
    return said if said.tzinfo is not None else said.replace(tzinfo=UTC)
