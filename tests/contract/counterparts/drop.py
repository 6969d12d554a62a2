"""Nightly files, XML and CSV, that hold a note an element or a row."""

import csv
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from io import StringIO
from pathlib import Path
from xml.sax.saxutils import escape

from connectors.base import Failure
from connectors.connect import Connected, connect
from connectors.system import Endpoint
from tests.contract.counterpart import NOTES, Note, system_from

_XML = """
id = "notes"
title = "Notes"
transport = "xml_drop"
[xml]
root = "Notes"
[kinds.note]
element = "Note"
person_keys = {local = "child"}
[kinds.note.fields]
id = "text"
text = "text"
"""
_CSV = """
id = "notes"
title = "Notes"
transport = "csv_drop"
[csv]
complete = "trailer"
[kinds.note]
person_keys = {local = "child"}
[kinds.note.fields]
id = "text"
text = "text"
"""
_UNREADABLE = frozenset({Failure.UNREADABLE})


def _every() -> Iterator[tuple[str, Note]]:
    return ((child, note) for child, notes in NOTES.items() for note in notes)


def _xml() -> str:
    notes = "".join(
        f"<Note><child>{child}</child><id>{note.key}</id><text>{escape(note.text)}</text>"
        f"<hidden>{note.hidden}</hidden></Note>\n"
        for child, note in _every()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Notes>\n{notes}</Notes>\n'


def _csv() -> str:
    text = StringIO()
    rows = [[child, note.key, note.text, note.hidden] for child, note in _every()]
    csv.writer(text).writerows([["child", "id", "text", "hidden"], *rows, ["END", len(rows)]])
    return text.getvalue()


class DropSource:
    """One file in a folder; a fault replaces it, as a nightly run that went wrong does."""

    key, text = "id", "text"
    failures: Mapping[str, frozenset[Failure]] = {
        "down": frozenset({Failure.UNAVAILABLE}),
        "garbage": _UNREADABLE,
        "truncated": _UNREADABLE,
        "login-page": _UNREADABLE,
    }

    def __init__(self, name: str, system: str, content: Callable[[], str]) -> None:
        self.name = name
        self._system = system
        self._content = content
        self._file = Path()

    @asynccontextmanager
    async def started(self, folder: Path) -> AsyncIterator[Connected]:
        self._file = folder / "drop" / f"notes.{self.name.partition('_')[0]}"
        self._file.parent.mkdir()
        await self.play("ok")
        connector = connect(system_from(folder, self._system), Endpoint("contract", f"file://{folder}/drop"))
        try:
            yield connector
        finally:
            await connector.close()

    async def play(self, fault: str) -> None:
        good = self._content().encode()
        contents = {
            "ok": good,
            "garbage": bytes(range(1, 256)) * 4,
            "truncated": good[: len(good) // 2],
            "login-page": b"<html><body>Log in CNRY</body></html>\n",
        }
        if fault == "down":
            self._file.unlink()
            return
        replacement = self._file.with_suffix(".new")
        replacement.write_bytes(contents[fault])
        replacement.rename(self._file)

    def held(self) -> int:
        # the file stays open with its index, by design, and nothing else is
        return 0


COUNTERPARTS = (DropSource("xml_drop", _XML, _xml), DropSource("csv_drop", _CSV, _csv))
