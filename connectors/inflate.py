"""The body of an answer: read while it streams, inflated here, and never more of it than the cap.

https://www.rfc-editor.org/rfc/rfc9110#name-content-encoding
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Protocol

from connectors.base import Failure, SourceError

MAX_BYTES = 8 * 1024 * 1024

# inflating more than this at once would keep every other answer waiting: it goes to a thread
_AT_ONCE = 1024 * 1024
# 16 + MAX_WBITS reads gzip, MAX_WBITS zlib's form, which is what HTTP calls deflate
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class Body(Protocol):
    """Takes the chunks of a body as they come over the wire."""

    async def add(self, chunk: bytes) -> None: ...
    def whole(self) -> bytes: ...


async def read_body(chunks: AsyncIterator[bytes], encoding: str, cap: int) -> bytes:
    """The whole body; raises SourceError: TOO_LARGE over `cap`, UNREADABLE if it is not as encoded."""
    body = body_in(encoding, cap)
    wire = 0
    async for chunk in chunks:
        wire += len(chunk)
        if wire > cap:
            raise _too_large(cap)
        await body.add(chunk)
    return body.whole()


def body_in(encoding: str, cap: int) -> Body:
    """What reads a body of this Content-Encoding; raises SourceError for one that we did not offer."""
    if encoding in ("", "identity"):
        return _Plain()
    if encoding not in _WINDOWS:
        raise SourceError(Failure.UNREADABLE, "a content encoding that was not offered")
    return _Compressed(_WINDOWS[encoding], cap)


class _Plain:
    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    async def add(self, chunk: bytes) -> None:
        self._pieces.append(chunk)

    def whole(self) -> bytes:
        return b"".join(self._pieces)


class _Compressed:
    def __init__(self, window: int, cap: int) -> None:
        self._inflater = zlib.decompressobj(window)
        self._cap = cap
        self._size = 0
        self._pieces: list[bytes] = []

    async def add(self, chunk: bytes) -> None:
        self._inflate(chunk, _AT_ONCE)
        while self._inflater.unconsumed_tail:
            await asyncio.to_thread(self._inflate, self._inflater.unconsumed_tail, 4 * _AT_ONCE)

    def _inflate(self, chunk: bytes, at_most: int) -> None:
        if self._inflater.eof:
            raise SourceError(Failure.UNREADABLE, "bytes after the end of the compressed body")
        try:
            piece = self._inflater.decompress(chunk, at_most)
        except zlib.error as error:
            raise SourceError(Failure.UNREADABLE, "malformed compression") from error
        self._take(piece)

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._cap:
            raise _too_large(self._cap)
        self._pieces.append(piece)

    def whole(self) -> bytes:
        # all input may be read while the end of the last repetition is still to be written
        self._take(self._inflater.flush())
        if not self._inflater.eof or self._inflater.unused_data:
            raise SourceError(Failure.UNREADABLE, "the compressed body is cut or continued")
        return b"".join(self._pieces)


def _too_large(cap: int) -> SourceError:
    return SourceError(Failure.TOO_LARGE, f"an answer of more than {cap} bytes")
