"""A running gateway whose agencies can turn hostile one at a time, and what must hold whatever they say."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectors.system import read_systems
from gateway.demo.agencies import ServedAgency, agencies
from gateway.demo.delays import Delay
from gateway.demo.northshire import Plan, northshire
from gateway.demo.region import planned_sources
from gateway.federation.receipt import State
from tests.system.asking import everything, known_to, page
from tests.system.between import Between, Canary, Trick, between, canary
from tests.system.lines import lines
from tests.system.running import MAYA, Json, Running, in_front_of, resources, states
from tests.system.tricks import MARK

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# what a missing answer of one agency may do to another's: whereabouts are then not shown
_AS_GOOD = {"answered-data": {"answered-data", "answered-withheld"}}
# a census knows the child only by the pupil number that the school lends
_LENT_BY = {"southwold-csc": "hill-road-school"}


def forms() -> dict[str, str]:
    """The format in which each agency with a server speaks."""
    systems, served = read_systems(), agencies()
    found = {}
    for source in planned_sources():
        if isinstance(served.get(source["id"]), ServedAgency):
            system = systems[source["system"]]
            shape = system.options.get("fhir", {}).get("format", "json")
            found[source["id"]] = {
                "fhir": f"fhir-{shape}", "soap": "soap", "json_api": "json"
            }[system.transport]  # fmt: skip
    return found


def one_of_each_form() -> dict[str, str]:
    """An agency of each format, none of them the identity source."""
    return {form: source for source, form in forms().items() if source != "pds"}


@dataclass(frozen=True)
class Told:
    """What one look at a child gave while an agency was hostile."""

    bundle: Json = field(repr=False)
    page: str = field(repr=False)
    logged: str
    state: str
    own: list[Json] = field(repr=False)

    @property
    def unsafe(self) -> set[str]:
        """Letters on the page that no reader sees, or that turn the text around."""
        return {letter for letter in self.page if letter not in "\n\r\t" and _UNSAFE.match(letter)}


@dataclass
class Hostile:
    """The gateway, a server in front of each agency, and a listener that nobody may reach."""

    running: Running
    placed: dict[str, Between]
    canary: Canary
    secret: Path  # a pipe: whoever opened it would still be waiting
    healthy: dict[str, Json] = field(default_factory=dict)

    async def look(self, source: str, trick: Trick) -> Told:
        """One look over the API and one at the page while the agency plays the trick."""
        self.placed[source].trick = trick
        try:
            return await self.look_at(source)
        finally:
            self.placed[source].trick = None
            await self.running.fault(source, "ok")

    def own(self, source: str) -> list[Json]:
        """What the agency says when it is well; a look must have been had at its child."""
        return resources(self.healthy[known_to(source)], source)

    async def look_at(self, source: str) -> Told:
        """The same, of agencies as they are now; what must always hold is asserted here."""
        number = known_to(source)
        before = await self._healthy(number)
        with lines() as logged:
            bundle = await everything(self.running, number)
            html = await page(self.running, number)
        now = states(bundle)
        for other, state in states(before).items():
            if other == source:
                continue
            if _LENT_BY.get(other) == source:
                assert now[other] in (state, "identity-unmatched")
                continue
            assert now[other] in _AS_GOOD.get(state, {state}), other
            assert bool(resources(bundle, other)) == bool(resources(before, other)), other
        for private in (MARK, number, "Traceback"):
            assert private not in logged.text, logged.text
        # one agency's silence must not have another left alone
        assert not [c.id for c in self.running.runtime.connected if c.id != source and c.breaker.failures]
        assert not self.canary.hits
        assert not _is_read(self.secret)
        assert State(now[source]).answered or "total" not in bundle
        return Told(bundle, html, logged.text, now[source], resources(bundle, source))

    async def _healthy(self, number: str) -> Json:
        """All about the child when every agency is well."""
        if number not in self.healthy:
            tricks = {source: one.trick for source, one in self.placed.items()}
            for one in self.placed.values():
                one.trick = None
            self.healthy[number] = await everything(self.running, number)
            for source, one in self.placed.items():
                one.trick = tricks[source]
        return self.healthy[number]


def _is_read(pipe: Path) -> bool:
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


@asynccontextmanager
async def hostile(folder: Path) -> AsyncIterator[Hostile]:
    """Starts it all; the budget is short, so that a slow agency costs a second."""
    pipe = folder / "secret.txt"
    os.mkfifo(pipe)
    async with (
        northshire(folder, Plan(delay=Delay.NONE)) as region,
        between(region) as (placed, file),
        canary() as listener,
        in_front_of(region, sources=file, budget_seconds=2.0, gate_seconds=2.0) as running,
    ):
        one = Hostile(running, placed, listener, pipe)
        await one._healthy(MAYA)
        yield one
