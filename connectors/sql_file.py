"""A SQLite file on disk: is it still the same one, and is it all there.

https://www.sqlite.org/fileformat2.html#the_database_header

SQLite reads what is missing of a last page as zeros, so that a file cut within it looks like one with fewer
rows. The header says how many pages there must be.
"""

import time
from pathlib import Path

from connectors.base import Failure, SourceError

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
# a writer at work writes the header before the pages that it adds
_LOOKS = 4
_BETWEEN_LOOKS_SECONDS = 0.05


def version_of(file: Path) -> tuple[int, int]:
    """What changes when another file takes the place of this one; raises SourceError if it is cut off."""
    for look in range(_LOOKS):
        if look:
            time.sleep(_BETWEEN_LOOKS_SECONDS)
        with file.open("rb") as opened:
            header = opened.read(_HEADER_BYTES)
        status = file.stat()
        if status.st_size >= _bytes_promised(header):
            return status.st_dev, status.st_ino
    raise SourceError(Failure.UNREADABLE, "the database file is cut off")


def _bytes_promised(header: bytes) -> int:
    """How long the file must be; 0 where the header does not say, or is none."""
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        return 0
    # the page count holds only if these two agree
    if header[24:28] != header[92:96]:
        return 0
    page = int.from_bytes(header[16:18], "big")
    return int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)
