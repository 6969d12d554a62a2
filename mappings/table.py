"""What each agency shares: the table made from the mappings, and the page of each system made from it.

`gateway mapping table` prints it; openapi/systems/<system>.md holds it, and a test keeps that current.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mappings.functions import FUNCTIONS
from mappings.mapping import Mapping_, Row
from mappings.run import unread_fields

BEGIN, END = "<!-- functions, by `python -m mappings docs` -->", "<!-- end of functions -->"
_KEYS = ("person_keys", "owner", "identifiers")


class Shared(NamedTuple):
    """One field of one kind of record, and the element that it becomes."""

    system: str
    kind: str
    fact: str
    field: str
    element: str
    expression: str


def shared(mappings: Iterable[Mapping_]) -> Iterator[Shared]:
    """Every field that becomes something, in the order of the mappings."""
    for mapping in mappings:
        for row in mapping.rows:
            yield Shared(mapping.system, mapping.kind, mapping.fact, row.field, row.element, row.expression)


def page(system: Mapping[str, Any], mappings: Iterable[Mapping_]) -> str:
    """The page of one system in Markdown; `system` is its file, read."""
    own = [m for m in mappings if m.system == system["id"]]
    parts = [f"# {system['title']}\n", "Generated from its system file and mappings; do not edit.\n"]
    parts.append(f"System `{system['id']}`, read by `{system['transport']}`.\n")
    for kind, body in system["kinds"].items():
        parts += _kind(kind, body, [m for m in own if m.kind == kind])
    return "\n".join(parts)


def functions_table() -> str:
    """The functions that mappings may name, in Markdown."""
    rows = [(_code(f.name), _code(f.arguments) if f.arguments else "", f.meaning) for f in FUNCTIONS.values()]
    return _table(("function", "arguments", "meaning"), rows)


def with_functions(guide: str) -> str:
    """The guide to mappings with the table of functions as it is now."""
    head, _, rest = guide.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{functions_table()}{END}{tail}"


def _kind(kind: str, body: Mapping[str, Any], mappings: list[Mapping_]) -> Iterator[str]:
    yield f"## `{kind}`\n"
    for mapping in mappings:
        yield f"### {mapping.resource_type}: {mapping.fact} (`{mapping.name}`)\n"
        yield _table(("field", "becomes", "how"), [_cells(row) for row in mapping.rows])
    left = unread_fields(mappings, body.get("fields", {}), body.get("unmapped", {}))
    keys = {name for line in _KEYS for rule in body.get(line, {}).values() for name in _fields_of(rule)}
    rows = [
        (_code(name), reason or ("finds or checks the child" if name in keys else "not yet mapped"))
        for name, reason in left.items()
    ]
    if rows:
        yield "Not in FHIR:\n"
        yield _table(("field", "why"), rows)


def _fields_of(rule: Any) -> Iterator[str]:
    """A rule is a field, or a block with the field and conditions on others."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, dict):
        yield from (rule.get("field", ""), *rule.get("where", {}), *rule.get("without", ()))


def _cells(row: Row) -> tuple[str, ...]:
    return _code(row.field or "the whole record"), _code(row.element), _code(f"= {row.expression}")


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
