"""The documents that are made from code and data: what each should say today, by its path.

`gateway docs` writes them, and `gateway docs --check` says which are no longer true.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from gateway.fhir.interactions.capabilities import software
from gateway.fhir.publish import definitions
from gateway.readme_tables import tables
from gateway.start import read_knowledge
from mappings import Mapping_
from mappings.table import page, with_functions

README = Path("README.md")
GUIDE = Path("openapi") / "mappings.md"
STATEMENT = Path("openapi") / "capability-statement.json"
SYSTEMS = Path("openapi") / "systems"
DEFINITIONS = Path("openapi") / "definitions"
_END = "<!-- end -->"


def documents(root: Path) -> dict[Path, bytes]:
    """What each generated document below `root` should say; what is written by hand in it stays."""
    mappings, systems = read_knowledge(None).mappings, _systems()
    texts = {README: _readme(_read(root / README), systems), GUIDE: with_functions(_read(root / GUIDE))}
    texts |= {SYSTEMS / f"{system['id']}.md": page(system, mappings) for system in systems}
    made = {path: text.encode() for path, text in texts.items()}
    made[STATEMENT] = _statement(root / STATEMENT, mappings)
    for definition in definitions():
        made[DEFINITIONS / f"{definition['resourceType']}-{definition['id']}.json"] = _json(definition)
    return made


def stale(root: Path) -> list[Path]:
    """The documents that do not say what is, and those of things that are no more."""
    made = documents(root)
    return [path for path in made if _bytes(root / path) != made[path]] + _abandoned(root, made)


def write(root: Path) -> list[Path]:
    """Makes every document say what is; those that it changed or removed."""
    made, changed = documents(root), stale(root)
    for path in changed:
        if path in made:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(made[path])
        else:
            (root / path).unlink()
    return changed


def _abandoned(root: Path, made: Mapping[Path, bytes]) -> list[Path]:
    there = {p.relative_to(root) for folder in (SYSTEMS, DEFINITIONS) for p in (root / folder).glob("*.*")}
    return sorted(there - made.keys())


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _json(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"


def _systems() -> list[dict[str, Any]]:
    """The system files, read as data."""
    folder = files("connectors") / "systems"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in found]


def _readme(text: str, systems: Iterable[Mapping[str, Any]]) -> str:
    for name, table in tables(systems).items():
        text = _with(text, f"<!-- {name}, by gateway docs -->", table)
    return text


def _with(text: str, begin: str, table: str) -> str:
    """`text` with what stands between `begin` and the next end replaced; as it is if there is no `begin`."""
    head, found, rest = text.partition(begin)
    _, _, tail = rest.partition(_END)
    return f"{head}{begin}\n{table}{_END}{tail}" if found else text


def _statement(path: Path, mappings: Iterable[Mapping_]) -> bytes:
    """The CapabilityStatement of the product with all its systems; its date is that of its last change."""
    before = orjson.loads(_bytes(path) or b"{}")
    types = {mapping.resource_type for mapping in mappings}
    made = software(types, before.get("date", ""))
    return _json(made if made == before else software(types, date.today().isoformat()))
