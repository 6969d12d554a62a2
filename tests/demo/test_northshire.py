"""The running region: its sources.toml, its control port, its process."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from auth.policy.sharing import read_sharing
from gateway.demo.agencies import agencies
from gateway.demo.control import Control, FaultRefused, NoDemo, faults_now, turn_fault
from gateway.demo.delays import Delay
from gateway.demo.faults import Kind
from gateway.demo.northshire import Northshire, Plan, agency_rows, demo_secrets, northshire
from gateway.demo.population import population
from gateway.demo.region import organisations, planned_sources, region
from gateway.sources import read_sources


@pytest_asyncio.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Northshire]:
    plan = Plan(children=200, delay=Delay.NONE)
    async with northshire(tmp_path_factory.mktemp("northshire"), plan) as started:
        yield started


async def test_every_agency_is_a_source_that_the_gateway_can_read(running: Northshire) -> None:
    sources = {source.id: source for source in read_sources(running.sources)}

    assert sources.keys() == {source["id"] for source in planned_sources()}
    assert {source.id for source in sources.values() if source.connected} == running.switches.keys()
    assert all(source.url for source in sources.values() if source.connected)
    assert all(source.telephone.office.startswith("01632 960") for source in sources.values())


def test_every_source_that_names_a_system_has_an_agency_here() -> None:
    assert {source["id"] for source in planned_sources() if "system" in source} == agencies().keys()


async def test_every_secret_that_a_source_names_has_a_value(running: Northshire) -> None:
    named = {
        source["secret"].removeprefix("env:")
        for source in tomllib.loads(running.sources.read_text())["source"]
        if "secret" in source
    }

    assert named == demo_secrets().keys()
    assert all(demo_secrets().values())


async def test_the_agencies_have_signed_the_sharing_policy_but_for_the_housing_association(
    running: Northshire,
) -> None:
    policy = read_sharing(running.sharing)["northshire-msp-2026"]
    parties = {organisations()[source["id"]].value for source in planned_sources()} - policy.parties

    assert parties == {organisations()["northtown-homes"].value}


async def test_every_agency_that_is_a_server_answers(running: Northshire) -> None:
    async with aiohttp.ClientSession() as client:
        for address in running.addresses.values():
            if address.startswith("http://"):
                async with client.get(address) as response:
                    assert response.status < 600


@pytest.mark.parametrize("kind", Kind)
async def test_every_agency_can_have_every_fault(running: Northshire, kind: Kind) -> None:
    for source in running.switches:
        await running.turn(source, kind)
        assert running.switches[source].kind is kind
        await running.turn(source, Kind.OK)


async def test_a_paused_agency_stands_in_the_demos_folder_until_it_is_not(running: Northshire) -> None:
    source = next(iter(running.switches))
    await running.turn(source, Kind.PAUSED)
    during = json.loads((running.folder / "paused.json").read_text())
    await running.turn(source, Kind.OK)

    assert (during, json.loads((running.folder / "paused.json").read_text())) == ([source], [])


@pytest.mark.parametrize("source", agencies())
def test_an_agency_holds_the_same_about_the_same_seed_and_knows_two_scenario_children(source: str) -> None:
    world = region(population(150, 5))
    module = agencies()[source]
    rows = agency_rows(module, world, 5)

    assert rows == agency_rows(module, world, 5)
    assert len([key for key in rows if world.child(key).scenario]) >= 2


class Process:
    """The agencies as `gateway demo` starts them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gateway.demo", "--dir", str(folder), "--until-input-ends"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    started = Process(tmp_path / "demo")
    with started.process:
        yield started
        started.process.kill()


def test_the_process_says_when_it_is_ready_and_takes_faults_from_its_folder(process: Process) -> None:
    source = next(iter(agencies()))

    assert process.said.startswith(f"ready {process.folder / 'sources.toml'}")
    assert set(faults_now(process.folder).values()) == {"ok"}
    assert turn_fault(process.folder, source, "error", 60)[source] == "error"
    with pytest.raises(FaultRefused, match="There is no agency nobody; there are "):
        turn_fault(process.folder, "nobody", "hang")
    with pytest.raises(FaultRefused, match="There is no fault sulk; there are ok, hang, "):
        turn_fault(process.folder, source, "sulk")


def test_nobody_without_the_token_can_set_a_fault(process: Process) -> None:
    control = Control.read(process.folder)
    (process.folder / "other").mkdir()
    Control(control.url, "a guess").write(process.folder / "other")

    with pytest.raises(FaultRefused, match="token"):
        turn_fault(process.folder / "other", next(iter(agencies())), "down")
    assert stat.S_IMODE((process.folder / "agencies.json").stat().st_mode) == 0o600


def test_the_process_ends_well_when_it_is_told_to(process: Process) -> None:
    process.process.send_signal(signal.SIGTERM)

    assert process.process.wait(timeout=10) == 0
    with pytest.raises(NoDemo, match="no demo runs in"):
        faults_now(process.folder)


def test_the_process_ends_when_whoever_started_it_is_gone(process: Process) -> None:
    assert process.process.stdin is not None
    process.process.stdin.close()

    assert process.process.wait(timeout=10) == 0


def test_the_process_ends_even_while_a_question_hangs(process: Process) -> None:
    source = next(s for s, a in agencies().items() if hasattr(a, "application"))
    url = next(
        entry["url"]
        for entry in tomllib.loads((process.folder / "sources.toml").read_text())["source"]
        if entry["id"] == source
    )
    turn_fault(process.folder, source, "hang")

    async def ask() -> None:
        async with aiohttp.ClientSession() as client:
            asking = asyncio.create_task(client.post(url).__aenter__())
            await asyncio.sleep(0.2)
            os.kill(process.process.pid, signal.SIGTERM)
            with pytest.raises(aiohttp.ClientError):
                await asking

    asyncio.run(ask())
    assert process.process.wait(timeout=10) == 0
