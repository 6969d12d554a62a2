"""The agencies of Northshire: one module a source, each its system's true format on the wire.

A module `gateway/demo/agencies/<source id with _>.py` has

    SOURCE = "northshire-police"     its id in gateway/demo/sources.toml
    ADDRESS = "{base}/services/safeguarding"      the url of sources.toml; {base} is http://127.0.0.1:<port>,
                                     {folder} the folder that `write` was given
    SECRET = "..."                   optional: what the gateway must present; sources.toml names env:<SOURCE>
    def invent(person, world, rng) -> Rows | None        facts about a made-up child; None: not known there
    def application(rows, world) -> web.Application      an agency with a server, or
    def write(rows, world, folder) -> None               an agency with a database file or a file drop

`rows` are by person key. The scenario children's come from gateway/demo/facts/<source id>.toml.
"""

import random
from collections.abc import Mapping
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Protocol, runtime_checkable

from aiohttp import web

from gateway.demo.world import Person, Rows, World


class Agency(Protocol):
    """What every agency module offers."""

    SOURCE: str
    ADDRESS: str

    def invent(self, person: Person, world: World, rng: random.Random) -> Rows | None: ...


@runtime_checkable
class ServedAgency(Agency, Protocol):
    """An agency that is asked over HTTP."""

    def application(self, rows: Mapping[str, Rows], world: World) -> web.Application: ...


@runtime_checkable
class FileAgency(Agency, Protocol):
    """An agency that leaves a database file or a file drop."""

    def write(self, rows: Mapping[str, Rows], world: World, folder: Path) -> None: ...


def agencies() -> dict[str, ServedAgency | FileAgency]:
    """All agency modules of this folder by source id."""
    names = sorted(
        file.name.removesuffix(".py")
        for file in files(__name__).iterdir()
        if file.name.endswith(".py") and not file.name.startswith("_")
    )
    found: dict[str, ServedAgency | FileAgency] = {}
    for name in names:
        module = import_module(f"{__name__}.{name}")
        if isinstance(module, ServedAgency | FileAgency):
            found[module.SOURCE] = module
    return found
