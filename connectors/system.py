"""A system: one kind of agency case system, read from one TOML file of connectors/systems.

The file's form is described in CONTRIBUTING.md, "A system file, line by line".
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

FIELD_TYPES = frozenset({"text", "integer", "decimal", "boolean", "date", "datetime", "any"})


class SystemMistake(Exception):
    """A system file is not as it should be; the message names the file and the line's key."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record of a system.

    `request` holds what the transport needs to ask for it (a path, a table, a document). A kind with
    `part_of` comes inside the answer for another kind: `path` walks from the answer to it ("a.b[]"),
    `where` picks by equality of its fields, `carry` copies fields of its ancestors under new names.
    `owner` maps an identifier name to the record's field that states whose record it is: the gateway
    checks it against the child asked for. `unmapped` gives the reason for each field left out.
    """

    name: str
    fields: Mapping[str, str]
    person_keys: Mapping[str, str]
    request: Mapping[str, Any]
    part_of: str | None = None
    path: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    carry: Mapping[str, str] = field(default_factory=dict)
    owner: Mapping[str, str] = field(default_factory=dict)
    pushdown: frozenset[str] = frozenset()
    unmapped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class System:
    """A kind of case system that the product knows how to read."""

    id: str
    title: str
    transport: str
    kinds: Mapping[str, Kind]
    options: Mapping[str, Any]
    folder: Traversable


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one agency's instance of a system is, and how to log in there.

    `secret` returns the current secret (empty if there is none), so that it is never held or printed;
    `hash_key` keys the hashes of a file drop's index; `options` are the source's own lines.
    """

    source: str
    url: str
    secret: Callable[[], str] = field(default=lambda: "", repr=False)
    hash_key: bytes = field(default=b"", repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)


_LINES = {"fields", "person_keys", "part_of", "path", "where", "carry", "owner", "pushdown", "unmapped"}


def read_system(file: Traversable) -> System:
    """The system that `file` describes; raises SystemMistake."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SystemMistake(f"{file.name}: {error}") from error
    for line in ("id", "title", "transport", "kinds"):
        if line not in raw:
            raise SystemMistake(f"{file.name}: the line '{line}' is missing")
    kinds = {name: _kind(file.name, name, body) for name, body in raw["kinds"].items()}
    for kind in kinds.values():
        if kind.part_of is not None and kind.part_of not in kinds:
            raise SystemMistake(f"{file.name}: kinds.{kind.name}.part_of names no kind: {kind.part_of}")
    options = {k: v for k, v in raw.items() if k not in ("id", "title", "transport", "kinds")}
    folder = _folder_of(file)
    return System(raw["id"], raw["title"], raw["transport"], kinds, options, folder)


def _folder_of(file: Traversable) -> Traversable:
    return file.parent if isinstance(file, Path) else files("connectors") / "systems"


def _kind(file: str, name: str, body: Mapping[str, Any]) -> Kind:
    fields = body.get("fields", {})
    for path, kind_of_value in fields.items():
        if kind_of_value not in FIELD_TYPES:
            raise SystemMistake(
                f"{file}: kinds.{name}.fields.{path} is '{kind_of_value}'; one of {sorted(FIELD_TYPES)}"
            )
    return Kind(
        name=name,
        fields=fields,
        person_keys=body.get("person_keys", {}),
        request={k: v for k, v in body.items() if k not in _LINES},
        part_of=body.get("part_of"),
        path=body.get("path", ""),
        where=body.get("where", {}),
        carry=body.get("carry", {}),
        owner=body.get("owner", {}),
        pushdown=frozenset(body.get("pushdown", ())),
        unmapped=body.get("unmapped", {}),
    )


def read_systems(folder: Traversable | None = None) -> dict[str, System]:
    """All systems of a folder (ours by default) by id; raises SystemMistake."""
    place = folder if folder is not None else files("connectors") / "systems"
    found = sorted((f for f in place.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    systems = [read_system(file) for file in found]
    return {system.id: system for system in systems}
