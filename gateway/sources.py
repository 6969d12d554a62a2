"""Sources: each agency's instance of a system, from a deployment's sources.toml.

The file's form is described in the README, "Connect an agency".
"""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.federation.receipt import Telephone


class SourcesMistake(Exception):
    """sources.toml is not as it should be; the message names the source and the line."""


@dataclass(frozen=True, slots=True)
class Source:
    """One agency's instance of a system.

    `system` is empty for an agency that is named but not connected. `agency` is its kind (social-care,
    hospital, gp, community-health, school, police, identity, ...). `refreshed` says what "as at" means:
    live, hourly, nightly, weekly.
    """

    id: str
    name: str
    system: str
    agency: str
    agency_name: str
    organization: tuple[str, str]
    url: str = ""
    secret: Callable[[], str] = field(default=lambda: "", repr=False)
    secret_variable: str = ""
    deadline_seconds: float = 6.0
    refreshed: str = "live"
    telephone: Telephone = field(default_factory=Telephone)
    policies: tuple[str, ...] = ()
    paused: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def connected(self) -> bool:
        return bool(self.system)


_OWN = {
    "id", "name", "system", "agency", "agency_name", "organization", "url", "secret",
    "deadline_seconds", "refreshed", "telephone", "policies", "paused",
}  # fmt: skip
_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
REFRESHED = ("live", "hourly", "nightly", "weekly")


def read_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a deployment in the order of the file; raises SourcesMistake."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourcesMistake(f"{path.name}: {error}") from error
    bodies = raw.get("source", ())
    if not isinstance(bodies, list) or not bodies or not all(isinstance(body, dict) for body in bodies):
        raise SourcesMistake(f"{path.name} has no [[source]]; see the README, 'Connect an agency'")
    sources = tuple(_source(_Lines(path.name, body)) for body in bodies)
    twice = {s.id for s in sources if sum(t.id == s.id for t in sources) > 1}
    if twice:
        raise SourcesMistake(f"{path.name}: a source id stands twice: {', '.join(sorted(twice))}")
    return sources


def check_secrets(sources: Iterable[Source]) -> None:
    """Raises SourcesMistake if a connected source's secret is not in the environment."""
    for source in sources:
        if source.connected and source.secret_variable and not source.secret():
            raise SourcesMistake(
                f"source {source.id}: the environment variable {source.secret_variable} is not set"
            )


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of one [[source]], each read as what it must be."""

    file: str
    body: Mapping[str, Any]

    def mistake(self, what: str) -> SourcesMistake:
        return SourcesMistake(f"{self.file}: source {self.body.get('id', '?')}: {what}")

    def text(self, line: str, default: str | None = None) -> str:
        value = self.body.get(line, default)
        if value is None:
            raise self.mistake(f"the line '{line}' is missing")
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.mistake(f"'{line}' is a text")
        return value

    def texts(self, line: str, names: frozenset[str]) -> dict[str, str]:
        value = self.body.get(line, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.mistake(f"'{line}' is a table of texts")
        if value.keys() - names:
            raise self.mistake(f"'{line}' takes {', '.join(sorted(names))}")
        return value

    def several(self, line: str) -> tuple[str, ...]:
        value = self.body.get(line, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.mistake(f"'{line}' is a list of texts")
        return tuple(value)

    def seconds(self, line: str, default: float) -> float:
        value = self.body.get(line, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 60:
            raise self.mistake(f"'{line}' is a number of seconds, more than 0 and at most 60")
        return float(value)

    def flag(self, line: str) -> bool:
        value = self.body.get(line, False)
        if not isinstance(value, bool):
            raise self.mistake(f"'{line}' is true or false")
        return value

    def options(self) -> dict[str, Any]:
        """The lines that are the connector's own; one that nearly is one of ours is a misspelling."""
        rest = {line: value for line, value in self.body.items() if line not in _OWN}
        for line in rest:
            near = difflib.get_close_matches(line, _OWN, n=1, cutoff=0.7)
            if near:
                raise self.mistake(f"there is no line '{line}'; is '{near[0]}' meant?")
        return rest


def _source(lines: _Lines) -> Source:
    refreshed = lines.text("refreshed", "live")
    if refreshed not in REFRESHED:
        raise lines.mistake(f"refreshed is one of {', '.join(REFRESHED)}")
    if not _ID.match(lines.text("id")):
        raise lines.mistake("'id' is of small letters, digits and hyphens")
    organization = lines.texts("organization", frozenset({"system", "value"}))
    if not organization.get("system") or not organization.get("value"):
        raise lines.mistake("the line 'organization' is missing, or its system or value")
    variable = _variable(lines)
    return Source(
        id=lines.text("id"),
        name=lines.text("name"),
        system=lines.text("system", ""),
        agency=lines.text("agency"),
        agency_name=lines.text("agency_name", lines.text("name")),
        organization=(organization["system"], organization["value"]),
        url=lines.text("url", ""),
        secret=lambda: os.environ.get(variable, "") if variable else "",
        secret_variable=variable,
        deadline_seconds=lines.seconds("deadline_seconds", 6.0),
        refreshed=refreshed,
        telephone=Telephone(**lines.texts("telephone", frozenset({"office", "out_of_hours"}))),
        policies=lines.several("policies"),
        paused=lines.flag("paused"),
        options=lines.options(),
    )


def _variable(lines: _Lines) -> str:
    named = lines.text("secret", "")
    if named and not (named.startswith("env:") and named.removeprefix("env:").strip()):
        raise lines.mistake("secret is 'env:NAME', never the secret itself")
    return named.removeprefix("env:")
