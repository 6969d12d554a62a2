"""Each demo agency read by the connector of its system, well and with every fault."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

import pytest
import pytest_asyncio

from connectors.base import Failure, Query, Record, SourceError
from connectors.connect import Connected, connect
from connectors.system import Endpoint, read_systems
from gateway.demo.agencies import agencies
from gateway.demo.delays import Delay
from gateway.demo.faults import Kind
from gateway.demo.northshire import Northshire, Plan, demo_secrets, northshire
from gateway.sources import read_sources

# how a fault may reach a caller: any of these is honest, an empty answer is not
FAILS: Mapping[Kind, frozenset[Failure]] = {
    Kind.DOWN: frozenset({Failure.UNAVAILABLE}),
    Kind.ERROR: frozenset({Failure.UNAVAILABLE, Failure.UNREADABLE}),
    Kind.GARBAGE: frozenset({Failure.UNREADABLE}),
    Kind.TRUNCATE: frozenset({Failure.UNREADABLE, Failure.UNAVAILABLE}),
    Kind.REJECT: frozenset({Failure.REJECTED, Failure.UNAVAILABLE}),
}


@pytest_asyncio.fixture(scope="module")
async def region(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Northshire]:
    async with northshire(tmp_path_factory.mktemp("northshire"), Plan(20, delay=Delay.NONE)) as started:
        yield started


@dataclass(frozen=True)
class Asked:
    """One agency's connector and a question about a scenario child whom it knows."""

    connector: Connected
    query: Query

    async def records(self) -> list[Record]:
        async with aclosing(self.connector.fetch(self.query)) as records:
            return [record async for record in records]


@pytest_asyncio.fixture
async def asked(region: Northshire, source: str) -> AsyncIterator[Asked]:
    await region.turn(source, Kind.OK)
    connector = _connector(region, source)
    yield Asked(connector, _question(region, source, connector))
    await connector.close()
    await region.turn(source, Kind.OK)


def _connector(region: Northshire, source: str) -> Connected:
    line = next(each for each in read_sources(region.sources) if each.id == source)
    secret = demo_secrets().get(f"NORTHSHIRE_{source.upper().replace('-', '_')}", "")
    endpoint = Endpoint(source, line.url, lambda: secret, b"key", line.options)
    return connect(read_systems()[line.system], endpoint)


def _question(region: Northshire, source: str, connector: Connected) -> Query:
    """The first kind that can be asked by a number that the identity service or a school supplies."""
    for kind, capability in connector.capabilities.items():
        for child in region.world.children:
            numbers = {"nhs-number": child.nhs_number, "upn": child.upn}
            known = {name: numbers[name] for name in capability.person_keys & numbers.keys() if numbers[name]}
            if source in child.known_to and known and kind == "person":
                return Query(capability.asked_as, known)
    capability = next(c for c in connector.capabilities.values() if "nhs-number" in c.person_keys)
    child = next(child for child in region.world.children if source in child.known_to)
    return Query(capability.asked_as, {"nhs-number": child.nhs_number})


sources = pytest.mark.parametrize("source", agencies())


@sources
async def test_an_agency_that_is_well_gives_records(asked: Asked) -> None:
    assert await asked.records()


@sources
@pytest.mark.parametrize("kind", FAILS)
async def test_a_fault_is_a_failure_and_never_an_empty_answer(
    region: Northshire, asked: Asked, source: str, kind: Kind
) -> None:
    await asked.records()
    await region.turn(source, kind)

    with pytest.raises(SourceError) as raised:
        await asked.records()
    assert raised.value.failure in FAILS[kind]


@sources
async def test_a_connector_that_first_meets_the_agency_during_a_fault_is_no_wiser(
    region: Northshire, asked: Asked, source: str
) -> None:
    for kind in FAILS:
        await region.turn(source, kind)
        connector = _connector(region, source)
        with pytest.raises(SourceError):
            await Asked(connector, asked.query).records()
        await connector.close()


@sources
async def test_an_agency_that_hangs_is_left_at_the_deadline(
    region: Northshire, asked: Asked, source: str
) -> None:
    await region.turn(source, Kind.HANG)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await asked.records()


@sources
async def test_a_slow_agency_gives_the_same_records_in_the_end(
    region: Northshire, asked: Asked, source: str
) -> None:
    before = await asked.records()
    await region.turn(source, Kind.SLOW)

    assert await asked.records() == before


@sources
async def test_an_agency_that_mixes_children_up_gives_other_records(
    region: Northshire, asked: Asked, source: str
) -> None:
    before = await asked.records()
    await region.turn(source, Kind.SWAP)
    after = await asked.records()

    assert after and after != before


@sources
async def test_a_stale_agency_gives_the_same_records_and_no_newer_a_time(
    region: Northshire, asked: Asked, source: str
) -> None:
    before = await asked.records()
    await region.turn(source, Kind.STALE)
    after = await asked.records()

    assert len(after) == len(before)
    assert all(
        old.as_at is None or (new.as_at is not None and new.as_at < old.as_at)
        for old, new in zip(before, after, strict=True)
    )


@sources
async def test_after_a_fault_the_same_connector_gives_the_same_records(
    region: Northshire, asked: Asked, source: str
) -> None:
    before = await asked.records()
    for kind in (*FAILS, Kind.SWAP, Kind.PAUSED):
        await region.turn(source, kind)
        await region.turn(source, Kind.OK)

        assert await asked.records() == before
