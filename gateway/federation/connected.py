"""A connected source: its system, its connector, and the mappings that its records go through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.connect import Connected as Connector
from connectors.connect import connect
from connectors.system import Endpoint, System
from gateway.federation.breaker import Breaker
from gateway.model import Model
from gateway.sources import Source, SourcesMistake
from mappings import Mapping_

PERSON = "person"


@dataclass(frozen=True)
class Connected:
    """One agency's system, ready to be asked. `by_kind` holds each kind of record's mappings."""

    source: Source
    system: System
    connector: Connector
    by_kind: Mapping[str, tuple[Mapping_, ...]]
    sections: frozenset[str]
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def id(self) -> str:
        return self.source.id

    def groups(self, types: frozenset[str] | None) -> tuple[str, ...]:
        """The questions that bring these resource types (all, if None), the person's first."""
        wanted = {
            self.connector.capabilities[kind].asked_as
            for kind, mappings in self.by_kind.items()
            if kind in self.connector.capabilities
            and mappings
            and (kind == PERSON or types is None or any(m.resource_type in types for m in mappings))
        }
        wanted |= {
            self.connector.capabilities[name].asked_as
            for name, kind in self.system.kinds.items()
            if "identifiers" in kind.request and name in self.connector.capabilities
        }
        first = self.person_group
        rest = sorted(wanted - {first})
        return (first, *rest) if first else tuple(rest)

    @property
    def person_group(self) -> str:
        """The question that finds the child there; empty if every record states its owner itself."""
        capability = self.connector.capabilities.get(PERSON)
        return capability.asked_as if capability else ""

    @property
    def supplies(self) -> frozenset[str]:
        """The names of identifiers that its answer can lend to others."""
        kinds = self.system.kinds.values()
        return frozenset(name for kind in kinds for name in kind.request.get("identifiers", {}))


def connect_all(
    sources: Iterable[Source],
    systems: Mapping[str, System],
    mappings: Iterable[Mapping_],
    model: Model,
    hash_key: bytes,
) -> tuple[Connected, ...]:
    """Every source that names a system, connected; raises SourcesMistake for a system that nobody knows."""
    every = tuple(mappings)
    return tuple(_connected(s, systems, every, model, hash_key) for s in sources if s.connected)


def _connected(
    source: Source, systems: Mapping[str, System], mappings: tuple[Mapping_, ...], model: Model, key: bytes
) -> Connected:
    if source.system not in systems:
        known = ", ".join(sorted(systems))
        raise SourcesMistake(f"source {source.id}: no system is called {source.system}; there are {known}")
    system = systems[source.system]
    endpoint = Endpoint(source.id, source.url, source.secret, key, source.options)
    ours = [m for m in mappings if m.system == system.id]
    by_kind = {kind: tuple(m for m in ours if m.kind == kind) for kind in system.kinds}
    sections = frozenset(model.section(m.fact) for m in ours)
    return Connected(source, system, connect(system, endpoint), by_kind, sections)
