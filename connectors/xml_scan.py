"""Where a repeated element lies in the bytes of an XML file, found without parsing what is in it.

https://www.w3.org/TR/xml/#NT-content

In a well-formed document every "<" outside comments, CDATA sections and processing instructions begins
markup, and no tag holds another "<". Skipping those three is therefore enough to find the start and end
tags of one element. Whether the document is well-formed is for others to prove: connectors/xml_drop.py
parses every element found, connectors/xml_outline.py all that is around them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from connectors.base import Failure, SourceError

CHUNK_BYTES = 1 << 20
MOST_ELEMENT_BYTES = 16 << 20

_CLOSE, _SLASH = b">/"
_SKIPPED = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_REST_OF_TAG = re.compile(rb"""(?:[^>"']|"[^"]*"|'[^']*')*>""")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a file: its bytes up to `end` are settled, `spans` are the whole elements among them."""

    offset: int
    data: bytes
    spans: tuple[tuple[int, int], ...]
    end: int


class ElementScan:
    """Finds the outermost elements of one local name."""

    def __init__(self, local_name: str, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._chunk_bytes = chunk_bytes
        name = re.escape(local_name.encode())
        self._prefixed = b":" + local_name.encode()
        self._bare = re.compile(rb"<%b[\s/>]|</%b[\s>]|<!|<\?" % (name, name))
        self._any = re.compile(rb"</?(?:[^\s<>/:!?]+:)?%b[\s/>]|<[!?]" % name)

    def stretches(self, file: BinaryIO) -> Iterator[Stretch]:
        """The file from its start to its end; raises SourceError if one element is too large to hold."""
        rest, offset = b"", 0
        while True:
            chunk = file.read(self._chunk_bytes)
            data = rest + chunk
            spans, settled = self.spans(data, last=not chunk)
            end = settled if chunk else len(data)
            yield Stretch(offset, data, tuple(spans), end)
            if not chunk:
                return
            rest, offset = data[end:], offset + end
            if len(rest) > MOST_ELEMENT_BYTES:
                raise SourceError(Failure.TOO_LARGE, "one element, comment or section is over 16 MB")

    def spans(self, data: bytes, last: bool = True) -> tuple[list[tuple[int, int]], int]:
        """Start and end of every whole element in `data`, and up to where `data` is settled."""
        # the last "<" may be the beginning of a tag that the next chunk completes
        limit = len(data) if last else max(data.rfind(b"<"), 0)
        spans: list[tuple[int, int]] = []
        depth = begun = done = 0
        for match in (self._any if self._prefixed in data else self._bare).finditer(data, 0, limit):
            start, end = match.span()
            if start < done:
                continue
            if data[end - 1] != _CLOSE:
                end = _end_of(data, match)
                if end < 0:
                    return spans, begun if depth else start
            done = end
            if data[start + 1] == _SLASH:
                if depth == 1:
                    spans.append((begun, end))
                depth = max(depth - 1, 0)
            elif data[start + 1] not in b"!?":
                begun = begun if depth else start
                if data[end - 2] != _SLASH:
                    depth += 1
                elif depth == 0:
                    spans.append((begun, end))
        return spans, begun if depth else max(limit, done)


def _end_of(data: bytes, match: re.Match[bytes]) -> int:
    """Where the markup that begins at `match` ends; below 0 if that is not in `data`."""
    start = match.start()
    for opening, closing in _SKIPPED:
        if data.startswith(opening, start):
            found = data.find(closing, start + len(opening))
            return found if found < 0 else found + len(closing)
    if data[start + 1] == ord("!"):
        return match.end()
    rest = _REST_OF_TAG.match(data, match.end() - 1)
    return -1 if rest is None else rest.end()
