"""The kill switch: sources that are switched off, read anew whenever the file changes.

It takes effect at the next request of every process that reads the file, and on answers under way.
"""

import json
from pathlib import Path


class Paused:
    """The sources switched off, as a file says; a file that cannot be read pauses every source."""

    def __init__(self, file: Path | None, always: frozenset[str] = frozenset()) -> None:
        self._file = file
        self._always = always
        self._stamp: tuple[int, int] | None = None
        self._now: frozenset[str] | None = frozenset()

    def __contains__(self, source: str) -> bool:
        self._refresh()
        return self._now is None or source in self._now or source in self._always

    def _refresh(self) -> None:
        if self._file is None:
            return
        try:
            status = self._file.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                self._now = frozenset(str(one) for one in json.loads(self._file.read_text(encoding="utf-8")))
                self._stamp = stamp
        except (OSError, ValueError, TypeError):
            # a switch that cannot be read is a switch that may have been thrown
            self._now, self._stamp = None, None
