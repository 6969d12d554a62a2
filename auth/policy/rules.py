"""The rules of auth/policy as values: roles, the sensitivity matrix and role minimisation.

Read once at start; a mistake stops the start, and a label or section that no rule names is refused.
"""

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from auth.policy.sharing import SharingPolicy

CELLS = frozenset(
    ["permit", "permit-under-13", "fact", "mask", "own", "exists", "review", "deny", "silent"]
)  # what sensitivity.toml may say
AMOUNTS = ("none", "own", "expressly", "exists", "summary", "full")  # what sections.toml may say
NOBODYS = "none"  # the column of those to whom no matrix gives anything


class RulesMistake(Exception):
    """A file of auth/policy is not as it should be; the message names the file and the row."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the two matrices that a role uses for a purpose."""

    sensitivity: str
    sections: str


@dataclass(frozen=True, slots=True)
class Role:
    """What a role may claim."""

    id: str
    purposes: Mapping[str, Columns]
    regulated: bool = False
    clinician: bool = False
    safeguarding: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a label does, by column, or for a role that a rule names before its column.

    `masks` are the element paths that a mask removes (all but that something is recorded, if empty).
    """

    id: str
    labels: frozenset[str]
    cells: Mapping[str, str]
    text: str = ""
    absolute: bool = False
    masks: frozenset[str] = frozenset()
    roles: Mapping[str, str] = field(default_factory=dict)

    def cell(self, column: str, role: str) -> str:
        return self.roles.get(role) or self.cells.get(column) or self.cells.get("*") or "deny"


@dataclass(frozen=True)
class Rules:
    """All rules in force, and the version that names them."""

    roles: Mapping[str, Role]
    purposes: frozenset[str]
    refused_purposes: frozenset[str]
    rows: tuple[Row, ...]
    sections: Mapping[str, Mapping[str, str]]
    handling: frozenset[str] = frozenset()
    sharing: Mapping[str, SharingPolicy] = field(default_factory=dict)
    version: str = ""

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label that somebody has decided about; any other is refused."""
        return self.handling.union(*(row.labels for row in self.rows))


def read_rules(sharing: Mapping[str, SharingPolicy], folder: Traversable | None = None) -> Rules:
    """The rules of a folder (ours by default) with a deployment's sharing policies; raises RulesMistake."""
    place = folder if folder is not None else files("auth") / "policy"
    texts = {name: _text(place / f"{name}.toml") for name in ("roles", "sections", "sensitivity")}
    try:
        roles, sections, rows = (tomllib.loads(texts[n]) for n in ("roles", "sections", "sensitivity"))
        rules = Rules(
            roles={name: _role(name, body) for name, body in roles["role"].items()},
            purposes=frozenset(roles["purposes"]),
            refused_purposes=frozenset(roles["refused_purposes"]),
            rows=tuple(_row(body) for body in rows["row"]),
            sections={name: _amounts(name, body) for name, body in sections["column"].items()},
            handling=frozenset(rows["handling"]),
            sharing=sharing,
            version=_version(texts, sharing),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise RulesMistake(f"auth/policy: {type(error).__name__}: {error}") from error
    _check(rules)
    return rules


def _check(rules: Rules) -> None:
    """Every name in one file is a name of another: a misspelt one must not quietly refuse or permit."""
    used = {columns for role in rules.roles.values() for columns in role.purposes.values()}
    named = {column for row in rules.rows for column in row.cells} - {"*"}
    sensitivity = {columns.sensitivity for columns in used} - {NOBODYS}
    purposes = {purpose for role in rules.roles.values() for purpose in role.purposes}
    _same("sensitivity.toml", "columns", named - sensitivity)
    _same("roles.toml", "columns of sensitivity.toml", sensitivity - named)
    _same("roles.toml", "columns of sections.toml", {c.sections for c in used} - rules.sections.keys())
    _same("roles.toml", "purposes", purposes - rules.purposes)
    _same("sensitivity.toml", "roles", {r for row in rules.rows for r in row.roles} - rules.roles.keys())
    _same("sensitivity.toml", "labels in two places", rules.handling & frozenset().union(*_labels(rules)))


def _labels(rules: Rules) -> list[frozenset[str]]:
    return [row.labels for row in rules.rows]


def _same(file: str, what: str, strangers: Collection[str]) -> None:
    if strangers:
        raise RulesMistake(f"{file}: {what}: {', '.join(sorted(strangers))}")


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesMistake(f"{file.name} cannot be read") from error


def _version(texts: Mapping[str, str], sharing: Mapping[str, SharingPolicy]) -> str:
    """A name for exactly these rules: the agreements' ids and versions, and a digest of the matrices."""
    digest = hashlib.sha256("\0".join(texts[name] for name in sorted(texts)).encode()).hexdigest()[:12]
    names = "+".join(f"{policy.id}.{policy.version}" for policy in sharing.values())
    return f"{names or 'no-agreement'}/{digest}"


def _role(name: str, body: Mapping[str, Any]) -> Role:
    purposes = {purpose: Columns(**columns) for purpose, columns in body.get("purposes", {}).items()}
    return Role(
        name,
        purposes,
        regulated=body.get("regulated", False),
        clinician=body.get("clinician", False),
        safeguarding=body.get("safeguarding", False),
    )


def _row(body: Mapping[str, Any]) -> Row:
    for column, cell in [*body["cells"].items(), *body.get("roles", {}).items()]:
        if cell not in CELLS:
            raise RulesMistake(f"sensitivity.toml: row {body['id']}, {column}: '{cell}' is not a cell")
    return Row(
        body["id"],
        frozenset(body["labels"]),
        body["cells"],
        body.get("text", ""),
        body.get("absolute", False),
        frozenset(body.get("masks", ())),
        body.get("roles", {}),
    )


def _amounts(name: str, body: Mapping[str, str]) -> Mapping[str, str]:
    for section, amount in body.items():
        if amount not in AMOUNTS:
            raise RulesMistake(f"sections.toml: column {name}, {section}: '{amount}' is not an amount")
    return dict(body)
