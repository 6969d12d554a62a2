"""The facts that the gateway knows, from mappings/model.toml: type, section, label, timeline."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of fact: its resource type, where it stands, what people read, and whether it is an event."""

    code: str
    type: str
    section: str
    label: str
    timeline: bool = False


@dataclass(frozen=True)
class Model:
    """All kinds of fact by code."""

    facts: Mapping[str, Fact]

    def section(self, fact: str) -> str:
        return self.facts[fact].section

    @property
    def types(self) -> frozenset[str]:
        return frozenset(fact.type for fact in self.facts.values())


def read_model() -> Model:
    """The facts of mappings/model.toml."""
    raw = tomllib.loads((files("mappings") / "model.toml").read_text(encoding="utf-8"))
    return Model({code: Fact(code, **body) for code, body in raw["facts"].items()})
