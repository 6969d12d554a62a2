"""Northshire running: every agency as its own server or file drop, and the sources.toml that leads to them.

`northshire(folder)` in a program; for a process of its own see gateway/demo/__main__.py.
"""

import json
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiohttp import web

from gateway.demo.agencies import FileAgency, ServedAgency, agencies
from gateway.demo.delays import Delay, delay_answers
from gateway.demo.fault_files import FaultyFiles
from gateway.demo.fault_server import FaultyServer
from gateway.demo.faults import STALE_DAYS, Kind, Switch
from gateway.demo.population import population
from gateway.demo.region import facts, planned_sources, region
from gateway.demo.sources_file import sources_file
from gateway.demo.swap import partners, swapped_question
from gateway.demo.world import CLOCK_START, Rows, World

PAUSED_FILE = "paused.json"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: how many made-up children from which seed, when, and how slow agencies are."""

    children: int = 0
    seed: int = 1
    today: datetime = CLOCK_START
    delay: Delay = Delay.SMALL


@dataclass(frozen=True, slots=True)
class Northshire:
    """The running region. `sources` is the path of its sources.toml, `known` counts children by source."""

    folder: Path
    world: World
    switches: Mapping[str, Switch]
    addresses: Mapping[str, str]
    known: Mapping[str, int]
    sources: Path
    sharing: Path

    async def turn(self, source: str, kind: Kind, seconds: float | None = None) -> None:
        """Makes an agency misbehave; raises FaultImpossible."""
        await self.switches[source].turn(kind, seconds)


@dataclass(slots=True)
class _Started:
    """The agencies that have been started so far."""

    folder: Path
    switches: dict[str, Switch] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def note_paused(self) -> None:
        """Leaves the list of paused agencies where the demo's gateway looks for it."""
        paused = [source for source, switch in self.switches.items() if switch.kind is Kind.PAUSED]
        _write(self.folder / PAUSED_FILE, json.dumps(paused))


@asynccontextmanager
async def northshire(folder: Path, plan: Plan = Plan()) -> AsyncIterator[Northshire]:
    """Starts every agency, writes sources.toml and sharing.toml into `folder`, and stops them at the end."""
    modules = agencies()
    world = region(population(plan.children, plan.seed, plan.today), plan.today)
    rows = {source: agency_rows(module, world, plan.seed) for source, module in modules.items()}
    started = _Started(folder)
    (folder / "agencies").mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        for source, module in modules.items():
            agency, address = await _start(module, rows[source], world, started.folder, plan)
            started.switches[source] = Switch(agency, started.note_paused)
            started.addresses[source] = address
            stack.push_async_callback(started.switches[source].close)
        started.note_paused()
        yield Northshire(
            folder=folder,
            world=world,
            switches=started.switches,
            addresses=started.addresses,
            known={source: len(held) for source, held in rows.items()},
            sources=_write(folder / "sources.toml", sources_file(_sources(modules, started.addresses))),
            sharing=_write(folder / "sharing.toml", (files("gateway.demo") / "sharing.toml").read_text()),
        )


def agency_rows(module: ServedAgency | FileAgency, world: World, seed: int) -> dict[str, Rows]:
    """What an agency holds, by person key: its scenario facts, and what it invents for made-up children."""
    source = module.SOURCE
    held = {number: rows for number, rows in facts(source).items() if number in world.by_key}
    for person in world.children:
        if source in person.known_to and not person.scenario:
            rng = random.Random(f"{seed}/{source}/{person.key}")
            rows = module.invent(person.at(source), world, rng)
            if rows is not None:
                held[person.key] = rows
    return held


def demo_secrets() -> dict[str, str]:
    """The environment variables that sources.toml names, with the made-up secrets of the agencies."""
    return {
        _variable(source): module.SECRET for source, module in agencies().items() if hasattr(module, "SECRET")
    }


async def _start(
    module: ServedAgency | FileAgency, rows: Mapping[str, Rows], world: World, folder: Path, plan: Plan
) -> tuple[FaultyServer | FaultyFiles, str]:
    place = folder / "agencies" / module.SOURCE
    if isinstance(module, FileAgency):
        files_agency = FaultyFiles(module.write, rows, world, place)
        await files_agency.start()
        return files_agency, str(place.resolve())
    server = FaultyServer(
        _application(module, rows, world, plan),
        swapped_question(partners(rows, world), module.SOURCE, world),
        plan.today - timedelta(days=STALE_DAYS),
    )
    await server.start()
    return server, f"http://127.0.0.1:{server.port}"


def _application(module: ServedAgency, rows: Mapping[str, Rows], world: World, plan: Plan) -> web.Application:
    application = module.application(rows, world)
    delay_answers(application, module.SOURCE, plan.delay, random.Random(plan.seed))
    return application


def _sources(
    modules: Mapping[str, ServedAgency | FileAgency], addresses: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        _source(plan, modules.get(plan["id"]), addresses.get(plan["id"], "")) for plan in planned_sources()
    ]


def _source(
    plan: Mapping[str, Any], module: ServedAgency | FileAgency | None, address: str
) -> dict[str, Any]:
    if module is None:
        # an agency of which there is no module is named, and not connected
        return {name: value for name, value in plan.items() if name != "system"}
    options = {name: _filled(value, address) for name, value in getattr(module, "OPTIONS", {}).items()}
    secret = {"secret": f"env:{_variable(module.SOURCE)}"} if hasattr(module, "SECRET") else {}
    return {**plan, "url": _filled(module.ADDRESS, address), **secret, "deadline_seconds": 6, **options}


def _filled(value: Any, address: str) -> Any:
    """A line of sources.toml with {base} or {folder} filled in."""
    return value.replace("{base}", address).replace("{folder}", address) if isinstance(value, str) else value


def _variable(source: str) -> str:
    return f"NORTHSHIRE_{source.upper().replace('-', '_')}"


def _write(file: Path, text: str) -> Path:
    # in one step: whoever reads it meanwhile must not find half of it
    new = file.with_name(f".{file.name}.new")
    new.write_text(text, encoding="utf-8")
    return new.replace(file)
