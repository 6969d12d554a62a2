"""Drop folders for tests: a connector to one, and what it says of a person."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.base import Query, Record, SourceError
from connectors.connect import Connected, connect
from connectors.system import Endpoint, read_system

XML = """
id = "census"
title = "Census"
transport = "xml_drop"
[xml]
root = "Message"
as_at = "Header/Source/DateTime"
[kinds.person]
element = "Child"
person_keys = {local = "Ids.LAchildID", upn = "Ids.UPN"}
[kinds.person.fields]
"Ids.LAchildID" = "text"
"Ids.UPN" = "text"
Note = "text"
[kinds.episode]
part_of = "person"
path = "CINdetails[]"
carry = {child = "Ids.LAchildID"}
fields = {child = "text", Start = "text"}
"""
CSV = """
id = "pupils"
title = "Pupils"
transport = "csv_drop"
[csv]
complete = "trailer"
[kinds.person]
person_keys = {upn = "UPN", local = "Pupil"}
fields = {UPN = "text", Pupil = "text", Note = "text"}
"""


@dataclass(frozen=True)
class Drop:
    """A folder and the connector to it. `put` replaces a file at once, as a good sender does."""

    folder: Path
    connector: Connected

    def put(self, content: bytes | str, name: str = "drop.xml", at: float | None = None) -> Path:
        raw = content.encode() if isinstance(content, str) else content
        new = self.folder / f".{name}.new"
        new.write_bytes(raw)
        if at is not None:
            os.utime(new, (at, at))
        return new.rename(self.folder / name)

    async def say(self, kind: str = "person", **person: str) -> list[Record]:
        return [record async for record in self.connector.fetch(Query(kind, person))]

    async def notes(self, **person: str) -> list[Any]:
        return [record.get("Note") for record in await self.say(**person) if record.kind == "person"]

    async def failure(self, **person: str) -> SourceError:
        try:
            found = await self.say(**(person or {"local": "nobody"}))
        except SourceError as error:
            return error
        raise AssertionError(f"answered with {len(found)} records")


@asynccontextmanager
async def dropped(tmp_path: Path, system: str, query: str = "", **options: Any) -> AsyncIterator[Drop]:
    folder = tmp_path / "drop"
    folder.mkdir(exist_ok=True)
    file = tmp_path / "system.toml"
    file.write_text(system, encoding="utf-8")
    connector = connect(read_system(file), Endpoint("agency", f"file://{folder}{query}", options=options))
    try:
        yield Drop(folder, connector)
    finally:
        await connector.close()


def child(local: str, note: str = "", upn: str = "", more: str = "") -> str:
    """One element of a census."""
    ids = f"<Ids><LAchildID>{local}</LAchildID>{f'<UPN>{upn}</UPN>' if upn else ''}</Ids>"
    return f"<Child>{ids}<Note>{note}</Note>{more}</Child>"


def census(*children: str, at: str = "2026-11-21T23:30:00") -> str:
    head = f"<Header><Source><DateTime>{at}</DateTime></Source></Header>" if at else "<Header/>"
    inner = "\n".join(children)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Message>{head}<Children>\n{inner}\n</Children></Message>\n'
    )
