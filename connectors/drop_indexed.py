"""One file that has been read to its end: open, indexed, and asked about one person at a time.

CONTRIBUTING.md, "The connector contract", sentence 1: it never answers too little silently.
"""

import os
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from connectors.base import Failure, SourceError
from connectors.drop_file import Place, identity_of
from connectors.drop_index import Index, written_alike
from connectors.drop_progress import Step
from connectors.paths import each, find, steps
from connectors.tree import TEXT

Raw = dict[str, Any]

# what stands for so many people identifies nobody
_MOST_BLOCKS = 1000


class Contents(Protocol):
    """What reading a file has told about it: of what time it is, and how to read blocks of it."""

    @property
    def as_at(self) -> datetime | None: ...

    def raws(self, block: bytes, wanted: Set[str]) -> Iterator[Raw]:
        """The pieces of `block`; those that state none of the identifiers `wanted` may be left out."""
        ...


class Format(Protocol):
    """Reads a file once, from its start to its end, and fills the index; raises SourceError.

    `keys` names, for each identifier, the place in a raw record where it stands.
    """

    @property
    def keys(self) -> Mapping[str, str]: ...

    def read(self, file: BinaryIO, place: Place, index: Index, step: Step) -> Contents: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says about a person, and of what time the file is."""

    raws: tuple[Raw, ...]
    as_at: datetime


@dataclass(frozen=True, slots=True)
class Indexed:
    """A file that is held open, with its index."""

    place: Place
    file: BinaryIO
    index: Index
    contents: Contents
    keys: Mapping[str, str]

    @property
    def as_at(self) -> datetime:
        return self.contents.as_at or self.place.identity.modified

    def find(self, wanted: Mapping[str, str]) -> Found | None:
        """All that the file holds under any of the identifiers; None if it is no longer the same file.

        Raises SourceError, or OSError.
        """
        if not self._unchanged():
            return None
        pieces = [self._bytes(start, end) for start, end in self._blocks(wanted)]
        if not self._unchanged():
            return None
        values = set(wanted.values())
        raws = (raw for piece in pieces for raw in self.contents.raws(piece, values))
        return Found(tuple(raw for raw in raws if self._is_about(raw, wanted)), self.as_at)

    def _blocks(self, wanted: Mapping[str, str]) -> list[tuple[int, int]]:
        blocks = {block for name, value in wanted.items() for block in self.index.blocks(name, value)}
        if len(blocks) > _MOST_BLOCKS:
            raise SourceError(Failure.TOO_LARGE, "an identifier stands for a thousand people or more")
        return sorted(blocks)

    def _bytes(self, start: int, end: int) -> bytes:
        return os.pread(self.file.fileno(), end - start, start)

    def _unchanged(self) -> bool:
        return identity_of(self.file) == self.place.identity

    def _is_about(self, raw: Raw, wanted: Mapping[str, str]) -> bool:
        return any(wanted.get(name) == value for name, value in identifiers(raw, self.keys))


def identifiers(raw: Raw, keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The identifiers that `raw` states where `keys` says, as the index writes them."""
    for name, path in keys.items():
        for value in find(steps(path), raw):
            for one in each(value):
                text = one.get(TEXT, "") if isinstance(one, dict) else str(one)
                if alike := written_alike(text):
                    yield name, alike
