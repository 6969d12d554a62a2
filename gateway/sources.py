"""Sources: each agency's instance of a system, from a deployment's sources.toml.

The file's form is described in the README, "Connect an agency".
"""

import os
import tomllib
from collections.abc import Callable, Mapping
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
REFRESHED = ("live", "hourly", "nightly", "weekly")


def read_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a deployment in the order of the file; raises SourcesMistake."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourcesMistake(f"{path.name}: {error}") from error
    sources = tuple(_source(path.name, body) for body in raw.get("source", ()))
    if not sources:
        raise SourcesMistake(f"{path.name} has no [[source]]; see the README, 'Connect an agency'")
    twice = {s.id for s in sources if sum(t.id == s.id for t in sources) > 1}
    if twice:
        raise SourcesMistake(f"{path.name}: a source id stands twice: {', '.join(sorted(twice))}")
    return sources


def _source(file: str, body: Mapping[str, Any]) -> Source:
    for line in ("id", "name", "agency", "organization"):
        if line not in body:
            raise SourcesMistake(f"{file}: source {body.get('id', '?')}: the line '{line}' is missing")
    if body.get("refreshed", "live") not in REFRESHED:
        raise SourcesMistake(f"{file}: source {body['id']}: refreshed is one of {', '.join(REFRESHED)}")
    return Source(
        id=body["id"],
        name=body["name"],
        system=body.get("system", ""),
        agency=body["agency"],
        agency_name=body.get("agency_name", body["name"]),
        organization=(body["organization"]["system"], body["organization"]["value"]),
        url=body.get("url", ""),
        secret=_secret(file, body),
        deadline_seconds=float(body.get("deadline_seconds", 6.0)),
        refreshed=body.get("refreshed", "live"),
        telephone=Telephone(**body.get("telephone", {})),
        policies=tuple(body.get("policies", ())),
        paused=bool(body.get("paused", False)),
        options={k: v for k, v in body.items() if k not in _OWN},
    )


def _secret(file: str, body: Mapping[str, Any]) -> Callable[[], str]:
    named = body.get("secret", "")
    if not named:
        return lambda: ""
    if not named.startswith("env:"):
        raise SourcesMistake(f"{file}: source {body['id']}: secret is 'env:NAME', never the secret itself")
    variable = named.removeprefix("env:")
    return lambda: os.environ.get(variable, "")
