"""Looks for words in every byte of a folder: plain, in base64, hex, percent-encoding, UTF-16, and compressed.

https://www.rfc-editor.org/rfc/rfc1952 and rfc1950: a gzip or zlib stream is looked into wherever it begins.
"""

import base64
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_MOST_INFLATED = 64 * 1024 * 1024
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Find:
    """Where a word was found, and in which form."""

    place: str
    word: str
    form: str


class Searcher:
    """Finds any of these words, in any case, in files and bytes."""

    def __init__(self, words: Iterable[str]) -> None:
        needles: dict[bytes, tuple[str, str]] = {}
        for word in words:
            for spelt in {word, word.lower(), word.upper()}:
                for form, needle in _forms(spelt):
                    needles.setdefault(needle, (word, form))
        self._needles = needles
        longest_first = sorted(needles, key=len, reverse=True)
        self._pattern = re.compile(b"|".join(map(re.escape, longest_first)))

    def folder(self, folder: Path, leave_out: Callable[[Path], bool] = lambda path: False) -> list[Find]:
        """Every find in the files below `folder`, and in their names."""
        found: list[Find] = []
        for file in sorted(folder.rglob("*")):
            if leave_out(file):
                continue
            found += self.bytes(str(file.relative_to(folder)).encode(), f"{file} (its name)")
            if file.is_file() and not file.is_symlink():
                found += self.bytes(file.read_bytes(), str(file))
        return found

    def bytes(self, content: bytes, place: str, depth: int = 0) -> list[Find]:
        """Every find in `content` and in what is compressed in it, each word and form once."""
        finds = {Find(place, *self._needles[needle]) for needle in set(self._pattern.findall(content))}
        for inner in _inflated(content) if depth < _DEEPEST else ():
            finds |= set(self.bytes(inner, f"{place} (compressed)", depth + 1))
        return sorted(finds, key=lambda find: (find.place, find.word, find.form))


def _forms(word: str) -> Iterator[tuple[str, bytes]]:
    """The word as it may be written; in base64 it begins at any of three places."""
    plain = word.encode()
    yield "plain", plain
    yield "utf-16", word.encode("utf-16-le")
    yield "hex", plain.hex().encode()
    yield "hex", plain.hex().upper().encode()
    yield "percent", "".join(f"%{byte:02X}" for byte in plain).encode()
    yield "percent", "".join(f"%{byte:02x}" for byte in plain).encode()
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # the letters that the neighbours of the word have a part in are left out
            letters = encode(b"\0" * shift + plain)
            first = -(-shift * 8 // 6)
            yield "base64", letters[first : (shift + len(plain)) * 8 // 6]


def _inflated(content: bytes) -> Iterator[bytes]:
    for begin in _STREAM.finditer(content):
        window = 31 if begin[0].startswith(b"\x1f") else 15
        inflater = zlib.decompressobj(window)
        try:
            inner = inflater.decompress(content[begin.start() :], _MOST_INFLATED)
        except zlib.error:
            inner = _first_good(content[begin.start() :], window)
        if inner:
            yield inner


def _first_good(content: bytes, window: int) -> bytes:
    """What a stream that is cut or followed by other bytes gives before it breaks."""
    inflater, good = zlib.decompressobj(window), b""
    try:
        for start in range(0, len(content), 256):
            good += inflater.decompress(content[start : start + 256])
            if inflater.eof or len(good) > _MOST_INFLATED:
                break
    except zlib.error:
        pass
    return good
