"""The README's tables that are made from what is: settings, states of a source, the demo's sources and users.

`gateway docs` puts them between the README's markers.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from pydantic.fields import FieldInfo

from auth.policy.rules import read_rules
from gateway.clock import LONDON
from gateway.demo.agencies import agencies
from gateway.demo.region import planned_sources
from gateway.demo.users import organisation_of, users
from gateway.federation.receipt import State
from gateway.federation.wording import sentence
from gateway.fhir.receipt import SEVERITY_AND_CODE
from gateway.settings import Settings

_NOW = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)
_COPY = datetime(2026, 11, 20, 23, 10, tzinfo=LONDON)


def tables(systems: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Each table by the name that its marker has."""
    return {"settings": _settings(), "states": _states(), "sources": _sources(systems), "users": _users()}


def _settings() -> str:
    """Every setting: its variable, default, limits and meaning."""
    rows = [
        (f"`GATEWAY_{name.upper()}`", _default(field), f"{field.description}{_limits(field)}")
        for name, field in Settings.model_fields.items()
    ]
    return _table(("variable", "default", "what it is"), rows)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    return "" if field.default is None else f"`{field.default}`"


def _limits(field: FieldInfo) -> str:
    words = {"gt": "more than", "ge": "at least", "le": "at most"}
    said = [
        f"{words[name]} {getattr(rule, name)}"
        for rule in field.metadata
        for name in words
        if hasattr(rule, name)
    ]
    return f" ({', '.join(said)})" if said else ""


def _states() -> str:
    """The ten states of a source: what each means, and what people read."""
    published = tomllib.loads((files("gateway.fhir") / "published.toml").read_text(encoding="utf-8"))
    means = published["systems"]["source-state"]["codes"]
    rows = [
        (f"`{state}`", means[state], _said(state), " / ".join(SEVERITY_AND_CODE[state])) for state in State
    ]
    return _table(("state", "means", "people read", "severity / code"), rows)


def _said(state: State) -> str:
    """What people read of a made-up answer in this state."""
    items = 9 if state in (State.ANSWERED_DATA, State.ANSWERED_WITHHELD) else 0
    as_at = _COPY if state is State.STALE else _NOW
    return sentence(state, "Northshire Police", items, 6.0, as_at, _NOW, "4f1d22a0")


def _sources(systems: Iterable[Mapping[str, Any]]) -> str:
    """The demo's sources, and by which system and transport each is read."""
    known, there, rows = {system["id"]: system for system in systems}, agencies(), []
    for source in planned_sources():
        system = known.get(source.get("system", "")) if source["id"] in there else None
        how = (f"`{system['id']}`", f"`{system['transport']}`") if system else ("not connected", "")
        rows.append((f"`{source['id']}`", source["name"], *how))
    return _table(("source", "agency", "system", "read by"), rows)


def _users() -> str:
    """The demo's users, and the purposes that the rules let each state."""
    roles = read_rules({}).roles
    rows = [
        (f"`{user.user}`", user.job, organisation_of(user).name, _listed(roles[user.role].purposes))
        for user in users()
    ]
    return _table(("user", "who", "works for", "may state"), rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line).replace('<', '&lt;')} |\n" for line in lines)
