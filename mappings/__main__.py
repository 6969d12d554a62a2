"""Tries mappings out from the command line: `python -m mappings check | run | show | functions | docs`.

For people who write mappings; the product's command is `gateway mapping`.
"""

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any

import orjson

from mappings.check import OURS, all_mistakes, compile_all, compile_file
from mappings.mapping import Mapping_
from mappings.mistakes import MappingMistakes
from mappings.numbers import decimal_text
from mappings.run import Outcome, run
from mappings.table import functions_table, page, with_functions

Kinds = dict[str, dict[str, Any]]


def main(words: list[str] | None = None) -> int:
    """Runs one command; 1 if there were mistakes."""
    parser = argparse.ArgumentParser(prog="python -m mappings", description=__doc__)
    parser.add_argument(
        "--systems", type=Path, default=Path("connectors/systems"), help="folder of system files"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="all mistakes of all mappings")
    check.add_argument("folder", type=Path, nargs="*", help="folders with mappings; ours if none is given")
    for name, meaning in (
        ("run", "runs one mapping file on records"),
        ("show", "prints the generated function"),
    ):
        command = commands.add_parser(name, help=meaning)
        command.add_argument("mapping", type=Path)
        command.add_argument(
            "records", type=Path, nargs="?", help="JSON list of records (default: the example)"
        )
    commands.add_parser("functions", help="the functions that mappings may name")
    docs = commands.add_parser("docs", help="writes the page of each system and the guide's table")
    docs.add_argument("folder", type=Path, nargs="?", default=Path("openapi"))
    arguments = parser.parse_args(words)
    declared = _declared(arguments.systems)
    if arguments.command == "functions":
        return _functions()
    if arguments.command == "docs":
        return _docs(arguments.systems, arguments.folder)
    if arguments.command == "check":
        return _check(arguments.folder, declared)
    return _one(arguments, declared)


def _systems(folder: Path) -> list[dict[str, Any]]:
    """The system files, read as data."""
    return [tomllib.loads(f.read_text(encoding="utf-8")) for f in sorted(folder.glob("*.toml"))]


def _declared(folder: Path) -> dict[str, Kinds]:
    return {str(system["id"]): system["kinds"] for system in _systems(folder)}


def _docs(systems: Path, folder: Path) -> int:
    mappings = compile_all([OURS], _fields(_declared(systems)))
    (folder / "systems").mkdir(parents=True, exist_ok=True)
    for system in _systems(systems):
        (folder / "systems" / f"{system['id']}.md").write_text(page(system, mappings), encoding="utf-8")
    guide = folder / "mappings.md"
    guide.write_text(with_functions(guide.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def _fields(declared: dict[str, Kinds]) -> dict[str, dict[str, dict[str, str]]]:
    return {s: {k: body.get("fields", {}) for k, body in kinds.items()} for s, kinds in declared.items()}


def _functions() -> int:
    print(functions_table(), end="")
    return 0


def _check(folders: list[Path], declared: dict[str, Kinds]) -> int:
    mistakes = all_mistakes(folders or [OURS], _fields(declared))
    print("\n".join(map(str, mistakes)) or "no mistakes")
    return 1 if mistakes else 0


def _one(arguments: argparse.Namespace, declared: dict[str, Kinds]) -> int:
    own = arguments.mapping.resolve().parent.parent
    folders = [OURS] if own == Path(str(OURS)).resolve() else [OURS, own]
    try:
        mapping = compile_file(arguments.mapping, _fields(declared), folders)
    except MappingMistakes as error:
        print(error)
        return 1
    if arguments.command == "show":
        print(mapping.source)
        return 0
    path = arguments.records or arguments.mapping.parent / "examples" / f"{arguments.mapping.stem}.json"
    kind = declared[mapping.system][mapping.kind]
    _print(_run(mapping, path, kind))
    return 0


def _run(mapping: Mapping_, records: Path, kind: dict[str, Any]) -> Outcome:
    found = orjson.loads(records.read_bytes())
    return run([mapping], found if isinstance(found, list) else [found], kind["fields"], kind.get("unmapped"))


def _print(outcome: Outcome) -> None:
    resources = [made.resource for made in outcome.made]
    sys.stdout.flush()
    sys.stdout.buffer.write(orjson.dumps(resources, decimal_text, orjson.OPT_INDENT_2) + b"\n")
    for left in outcome.left:
        print(f"record {left.record}: not mapped: {left.field}: {left.reason}")
    for note in outcome.noted:
        print(f"record {note.record}: noted: {note.field}: {note.reason}")
    for name, reason in outcome.unread.items():
        print(f"not read by this mapping: {name}" + (f" ({reason})" if reason else ""))
    for (concept_map, code), count in outcome.codes.items():
        print(f"not known to {concept_map}: {code} ({count})")


if __name__ == "__main__":
    sys.exit(main())
