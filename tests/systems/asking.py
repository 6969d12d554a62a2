"""Asking a demo agency through its real connector, and mapping what it answers.

The agency is the demo's own server or file; the connector and the mappings are those that the gateway uses.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from aiohttp.test_utils import TestServer

from connectors.base import Query, Record
from connectors.connect import Connected, connect
from connectors.digits import Digits
from connectors.system import Endpoint, System, read_systems
from gateway.demo.agencies import FileAgency, ServedAgency, agencies
from gateway.demo.region import facts, region
from gateway.federation.references import rewrite
from gateway.fhir.schema import faults
from mappings import OURS, Made, Mapping_, compile_all, decimal_text
from mappings.run import PlainContext

SYSTEMS = read_systems()
MAPPINGS = compile_all(
    [OURS], {s.id: {kind.name: kind.fields for kind in s.kinds.values()} for s in SYSTEMS.values()}
)


@dataclass(frozen=True)
class Asked:
    """A demo agency with its connector."""

    system: System
    connector: Connected

    async def records(self, kind: str, **person: str) -> list[Record]:
        """What the agency answers about a person, all kinds that come in one answer."""
        query = Query(kind, {name.replace("_", "-"): value for name, value in person.items()})
        async with aclosing(self.connector.fetch(query)) as records:
            return [record async for record in records]

    async def everything(self, **person: str) -> list[Made]:
        """Every kind that can be asked by these identifiers, mapped; each resource is R4."""
        names = {name.replace("_", "-") for name in person}
        offered = self.connector.capabilities
        asked_as = sorted({c.asked_as for c in offered.values() if names & c.person_keys})
        return [one for kind in asked_as for one in mapped(self.system, await self.records(kind, **person))]


def mapped(system: System, records: Iterable[Record]) -> list[Made]:
    """What the mappings make of records, checked against R4."""
    return [
        one
        for record in records
        for mapping in mappings_of(system.id, record.kind)
        if (one := _made(mapping, record)) is not None
    ]


class _Everybody(frozenset[str]):
    """Every Patient that an example refers to is the child: an example is about one child."""

    def __contains__(self, number: object) -> bool:
        return True


class _Frame(PlainContext):
    """A context with readable references, as the gateway's rewriting of passing resources needs it."""

    own_numbers = _Everybody()

    def __init__(self) -> None:
        super().__init__()
        self.ours: dict[str, str] = {}


def _made(mapping: Mapping_, record: Mapping[str, Any]) -> Made | None:
    """One resource as the gateway takes it: checked, and its references ours."""
    context = _Frame()
    one = mapping.make(record, context)
    if one is None:
        return None
    resource = dict(one.resource)
    if mapping.passing:
        rewrite(resource, context)
    assert faults(resource) == [], mapping.name
    return one._replace(resource=resource)


def mappings_of(system: str, kind: str = "") -> list[Mapping_]:
    return [m for m in MAPPINGS if m.system == system and kind in ("", m.kind)]


@asynccontextmanager
async def agency(source: str, system: str, folder: Path, **own: Any) -> AsyncIterator[Asked]:
    """A demo agency that holds the scenario children's facts, and its connector with lines of its own."""
    module, world, rows = agencies()[source], region(), facts(source)
    options = {**getattr(module, "OPTIONS", {}), **own}
    secret = getattr(module, "SECRET", "")
    if isinstance(module, FileAgency):
        module.write(rows, world, folder)
        async with _asked(
            system, Endpoint(source, module.ADDRESS.format(folder=folder), options=options)
        ) as one:
            yield one
        return
    assert isinstance(module, ServedAgency)
    async with TestServer(module.application(rows, world)) as server:
        url = module.ADDRESS.format(base=str(server.make_url("")).rstrip("/"))
        async with _asked(system, Endpoint(source, url, lambda: secret, options=options)) as one:
            yield one


@asynccontextmanager
async def _asked(system: str, endpoint: Endpoint) -> AsyncIterator[Asked]:
    connector = connect(SYSTEMS[system], endpoint)
    try:
        yield Asked(SYSTEMS[system], connector)
    finally:
        await connector.close()


def of(made: Iterable[Made], fact: str) -> list[dict[str, Any]]:
    """The resources of one fact."""
    return [one.resource for one in made if one.fact == fact]


def examples(system: str) -> list[str]:
    """The mappings of a system, by the name of their file."""
    return sorted(m.name.partition("/")[2] for m in mappings_of(system))


def example_pair(system: str, name: str) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """What stands in the two example files of a mapping: records, and what they become."""
    folder = OURS / system / "examples"
    records = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"), parse_float=Digits)
    return records, json.loads((folder / f"{name}.expected.json").read_text(encoding="utf-8"))


def made_of(system: str, name: str, records: Iterable[Mapping[str, Any]]) -> list[Any]:
    """What the mapping makes of example records, as JSON; each resource is R4."""
    mapping = next(m for m in mappings_of(system) if m.name == f"{system}/{name}")
    made = [one.resource for record in records if (one := _made(mapping, record)) is not None]
    read: list[Any] = orjson.loads(orjson.dumps(made, default=decimal_text))
    return read
