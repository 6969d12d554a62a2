"""Nightly CSV files with a row or more a person, found by name of column.

https://www.rfc-editor.org/rfc/rfc4180

A CSV file that was cut at the end of a row looks whole. So a system or its source must say how one knows
(`complete`): by a last row that counts the others, by a checksum beside the file, or because its sender
writes under another name and renames the file when it is whole.
"""

import hashlib
import os
from collections.abc import AsyncGenerator, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from operator import itemgetter
from typing import Any, BinaryIO

from connectors.base import Capability, Failure, Query, Record, SourceError
from connectors.csv_rows import Rows
from connectors.drop import ShowProgress
from connectors.drop_file import Place
from connectors.drop_index import Index, written_alike
from connectors.drop_indexed import Raw
from connectors.drop_progress import Step, shown
from connectors.drop_source import DropSource
from connectors.system import Endpoint, Kind, System, SystemMistake

_STEP_BYTES = 1 << 20
_TRAILER = "END"


class CsvDrop:
    """One agency's nightly CSV files, one for each kind of record."""

    def __init__(self, system: System, endpoint: Endpoint, show: ShowProgress = shown) -> None:
        options = {**system.options.get("csv", {}), **endpoint.options}
        wholes = [kind for kind in system.kinds.values() if kind.part_of is None]
        formats = {kind.name: CsvFormat(system.id, kind, {**options, **kind.request}) for kind in wholes}
        self._source = DropSource(system, endpoint, formats, "*.csv", show)
        self.ready = self._source.ready
        self.close = self._source.close
        self.memory = self._source.memory

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        return self._source.capabilities

    def fetch(self, query: Query) -> AsyncGenerator[Record, None]:
        return self._source.fetch(query)


class CsvFormat:
    """How to read one kind of file: its columns, and how one knows that it is whole."""

    def __init__(self, system: str, kind: Kind, options: Mapping[str, Any]) -> None:
        self.keys: Mapping[str, str] = kind.person_keys
        self._declared = [*kind.fields, *kind.person_keys.values()]
        self._delimiter = options.get("delimiter", ",")
        self._complete = options.get("complete")
        if self._complete not in ("trailer", "sha256", "renamed"):
            raise SystemMistake(f"{system}.toml: kinds.{kind.name}: complete is trailer, sha256 or renamed")

    def read(self, file: BinaryIO, place: Place, index: Index, step: Step) -> "CsvContents":
        """Fills the index with every row; raises SourceError if any row is not as it should be."""
        if self._complete == "sha256":
            _check_sum(file, place)
        if self._complete == "renamed":
            _check_last_line(file)
        rows = Rows(file, self._delimiter)
        header = self._header(rows)
        columns = [(name, header.index(column)) for name, column in self.keys.items()]
        _Reading(index, columns, len(header), self._complete == "trailer").take(rows, step)
        return CsvContents(tuple(header), self._delimiter)

    def _header(self, rows: Rows) -> list[str]:
        header = next(iter(rows), [])
        for name in self._declared:
            if name not in header:
                raise SourceError(Failure.UNREADABLE, f"the column {name} is missing")
        if len(set(header)) != len(header):
            raise SourceError(Failure.UNREADABLE, "a column stands twice in the header")
        return header


@dataclass(frozen=True, slots=True)
class CsvContents:
    """A CSV file that has been read: its columns, by which blocks of it are read."""

    header: tuple[str, ...]
    delimiter: str
    as_at: datetime | None = None

    def raws(self, block: bytes, _: Set[str]) -> Iterator[Raw]:
        """The rows of `block` by column, without empty cells."""
        for cells in Rows(BytesIO(block), self.delimiter):
            yield {name: cell for name, cell in zip(self.header, cells, strict=True) if cell}


class _Reading:
    """The rows of a file below its header, which go to the index."""

    def __init__(self, index: Index, columns: list[tuple[str, int]], width: int, trailer: bool) -> None:
        self._index = index
        self._columns = columns
        self._width = width
        self._trailer = trailer

    def take(self, rows: Rows, step: Step) -> None:
        piece, width, trailer = self._index.piece, self._width, self._trailer
        key = itemgetter(*(column for _, column in self._columns))
        start = told = rows.end
        count, counted = 0, False
        last: tuple[object, ...] = ()
        for cells in rows:
            if counted and cells:
                raise SourceError(Failure.UNREADABLE, "there are rows after the one that counts them")
            if len(cells) == width and not (trailer and self._counts(cells, count)):
                count += 1
                seen = (piece(start, rows.end), key(cells))
                # the rows of one person mostly follow each other
                if seen != last:
                    last = seen
                    self._person(cells)
            elif cells:
                counted = self._last_row(cells, count)
            start = rows.end
            if start - told > _STEP_BYTES:
                told = start
                step(start)
        if trailer and not counted:
            raise SourceError(Failure.UNREADABLE, "the file is cut off: no last row counts the others")

    def _counts(self, cells: list[str], count: int) -> bool:
        return cells[0] == _TRAILER and cells == [_TRAILER, str(count)]

    def _last_row(self, cells: list[str], count: int) -> bool:
        if not (self._trailer and self._counts(cells, count)):
            raise SourceError(Failure.UNREADABLE, f"row {count + 1} has too many cells or too few")
        return True

    def _person(self, cells: list[str]) -> None:
        for name, column in self._columns:
            if alike := written_alike(cells[column]):
                self._index.person(name, alike)


def _check_sum(file: BinaryIO, place: Place) -> None:
    """Compares the file with the checksum beside it; raises SourceError."""
    try:
        beside = place.path.with_name(f"{place.path.name}.sha256").read_text("ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        raise SourceError(Failure.UNREADABLE, "there is no checksum beside the file") from None
    if _sha256(file) != beside.split(" ")[0].strip().lower():
        raise SourceError(Failure.UNREADABLE, "the file is not the one that its checksum is of")
    file.seek(0)


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    for chunk in iter(partial(file.read, _STEP_BYTES), b""):
        digest.update(chunk)
    return digest.hexdigest()


def _check_last_line(file: BinaryIO) -> None:
    """Raises SourceError if the file ends within a line."""
    file.seek(0, os.SEEK_END)
    file.seek(max(file.tell() - 1, 0))
    if file.read(1) != b"\n":
        raise SourceError(Failure.UNREADABLE, "the file is cut off within its last line")
    file.seek(0)
