"""Made-up children: what five agencies invent about them is found, read and mapped without a loss."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from connectors.connect import connect
from connectors.system import Endpoint
from gateway.demo.agencies import FileAgency, ServedAgency, agencies
from gateway.demo.population import population
from gateway.demo.region import region
from gateway.demo.world import Rows, World
from tests.systems.asking import SYSTEMS, Asked
from tests.systems.whole_answer import everything

SYSTEM_OF = {
    "millbrook-gp": "gp-connect",
    "northshire-community": "child-health-events",
    "northshire-police": "police",
    "hill-road-school": "school-mis",
    "southwold-csc": "cin-census",
}


@cache
def world() -> World:
    return region(population(1500, seed=7))


def invented(source: str) -> dict[str, Rows]:
    agency = agencies()[source]
    known = [child for child in world().children if source in child.known_to and not child.scenario]
    rows = {c.key: agency.invent(c.at(source), world(), random.Random(c.index)) for c in known}
    return {key: found for key, found in rows.items() if found is not None}


@asynccontextmanager
async def asked(source: str, rows: Mapping[str, Rows], folder: Path) -> AsyncIterator[Asked]:
    """The agency with these rows alone, and its connector."""
    module, system = agencies()[source], SYSTEMS[SYSTEM_OF[source]]
    secret, options = getattr(module, "SECRET", ""), getattr(module, "OPTIONS", {})
    if isinstance(module, FileAgency):
        module.write(rows, world(), folder)
        connector = connect(system, Endpoint(source, module.ADDRESS.format(folder=folder)))
        yield Asked(system, connector)
        await connector.close()
        return
    assert isinstance(module, ServedAgency)
    async with TestServer(module.application(rows, world())) as server:
        url = module.ADDRESS.format(base=f"http://127.0.0.1:{server.port}")
        connector = connect(system, Endpoint(source, url, lambda: secret, options=options))
        yield Asked(system, connector)
        await connector.close()


def identifiers(source: str, key: str) -> dict[str, str]:
    """By what the child can be asked for there: the number that the agency holds, else the UPN."""
    child = world().child(key).at(source)
    by_number = source != "southwold-csc" and child.nhs_number
    if by_number:
        return {"nhs-number": child.nhs_number}
    by_upn = source in ("southwold-csc", "hill-road-school") and child.upn
    return {"upn": child.upn} if by_upn else {}


@pytest.mark.parametrize("source", SYSTEM_OF)
def test_an_agency_invents_the_same_with_the_same_dice(source: str) -> None:
    assert invented(source) == invented(source)


@pytest.mark.parametrize("source", SYSTEM_OF)
async def test_every_made_up_child_is_found_and_mapped_whole(source: str, tmp_path: Path) -> None:
    rows = invented(source)
    findable = {key: ids for key in rows if (ids := identifiers(source, key))}
    async with asked(source, rows, tmp_path) as agency:
        for ids in list(findable.values())[:40]:
            answer = await everything(agency, ids)

            assert (bool(answer.of("identity")), answer.foreign, dict(answer.codes)) == (True, [], {})
    assert findable
