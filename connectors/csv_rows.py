"""The rows of a CSV file with their places in it: quoted line ends, UTF-8 only, nothing guessed.

https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from connectors.base import Failure, SourceError

_MOST_LINE_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"


class Rows:
    """Reads rows one by one; `end` is where the last one ended. Raises SourceError (UNREADABLE)."""

    def __init__(self, file: BinaryIO, delimiter: str) -> None:
        self.end = 0
        self._file = file
        # strict: a quote out of place is a defect of the file, and so is one that is never closed
        self._cells = csv.reader(self._lines(), delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[list[str]]:
        try:
            yield from self._cells
        except csv.Error:
            # the reader's words are about the format, but where it stands it may quote a cell
            raise SourceError(Failure.UNREADABLE, f"row {self._row()} is malformed or cut off") from None
        except UnicodeDecodeError:
            raise SourceError(Failure.UNREADABLE, f"row {self._row()} is not UTF-8") from None

    def _lines(self) -> Iterator[str]:
        for line in iter(partial(self._file.readline, _MOST_LINE_BYTES), b""):
            if len(line) == _MOST_LINE_BYTES or b"\0" in line:
                raise SourceError(Failure.UNREADABLE, f"row {self._row()} is no text, or over 1 MB")
            text = line.removeprefix(_BOM) if self.end == 0 else line
            self.end += len(line)
            yield text.decode()

    def _row(self) -> int:
        return self._cells.line_num + 1
