"""Which file of a drop folder is today's, and whether it still is the file that was read.

https://www.rfc-editor.org/rfc/rfc8089 (the "file" URI scheme)
"""

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from connectors.base import Failure, SourceError


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one version of a file from another."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @property
    def modified(self) -> datetime:
        return datetime.fromtimestamp(self.modified_ns / 1e9, UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """One file as it was when it was looked at."""

    path: Path
    identity: Identity


@dataclass(frozen=True, slots=True)
class Folder:
    """Where an agency drops its files: a folder and a pattern, or one file."""

    path: Path
    pattern: str

    def newest(self) -> Place:
        """The last modified file that matches, the last by name among equals.

        Raises SourceError (UNAVAILABLE) if there is none.
        """
        try:
            found = self._files() if self.path.is_dir() else [_place(self.path)]
            return max(found, key=lambda place: (place.identity.modified_ns, place.path.name))
        except OSError as error:
            raise SourceError(Failure.UNAVAILABLE, f"the file cannot be reached: {why(error)}") from None
        except ValueError:
            raise SourceError(Failure.UNAVAILABLE, "no file matches in the drop folder") from None

    def _files(self) -> list[Place]:
        with os.scandir(self.path) as entries:
            names = [e.name for e in entries if fnmatchcase(e.name, self.pattern) and e.is_file()]
        return [_place(self.path / name) for name in names]


def folder_of(url: str, pattern: str, otherwise: str) -> Folder:
    """The folder of a source's address `file:///folder?pattern=*.xml`.

    `pattern` goes before the address's own, `otherwise` holds if there is neither.
    """
    parts = urlsplit(url)
    asked = parse_qs(parts.query).get("pattern", [otherwise])
    return Folder(Path(unquote(parts.path)), pattern or asked[0])


def identity_of(file: BinaryIO) -> Identity:
    """What the open `file` is at this moment."""
    return _identity(os.fstat(file.fileno()))


def why(error: OSError) -> str:
    """The system's words for `error`, without the file's name."""
    return os.strerror(error.errno) if error.errno else type(error).__name__


def _place(path: Path) -> Place:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(Failure.UNAVAILABLE, "the drop is not a regular file")
    return Place(path, _identity(status))


def _identity(status: os.stat_result) -> Identity:
    return Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
