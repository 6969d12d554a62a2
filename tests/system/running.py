"""A gateway running in this process on a loopback port, with Northshire behind it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn

from gateway.app import application
from gateway.clock import LONDON
from gateway.demo.faults import Kind
from gateway.demo.issuer import PUBLIC, Issuer, make_issuer
from gateway.demo.northshire import PAUSED_FILE, Northshire, Plan, demo_secrets, northshire
from gateway.demo.users import claims
from gateway.identity.child import NHS_NUMBER
from gateway.keys import new_keys
from gateway.runtime import Runtime
from gateway.settings import Settings
from gateway.start import start

ISSUER = "https://northshire.example/oauth2"
AUDIENCE = "https://northshire.example/fhir"
START = datetime(2026, 11, 22, 2, 7, tzinfo=LONDON)
MAYA = "9990001375"
JORDAN = "9990002746"
Json = dict[str, Any]


@dataclass(frozen=True)
class Running:
    """A gateway at `url`; `region` are its agencies, `runtime` its parts."""

    url: str
    folder: Path
    region: Northshire
    runtime: Runtime
    session: aiohttp.ClientSession

    def token(self, user: str = "dr.sen", purpose: str = "emergency-care", **said: Any) -> str:
        """An access token of a demo user."""
        return Issuer(self.folder, ISSUER, AUDIENCE).token(claims(user, purpose, **said))

    def headers(self, user: str = "dr.sen", purpose: str = "emergency-care", **said: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(user, purpose, **said)}"}

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, Json]:
        """Status and JSON of a GET below /fhir, as Dr Sen unless told otherwise."""
        async with self.session.get(f"{self.url}/fhir/{path}", headers=headers or self.headers()) as answer:
            return answer.status, await answer.json(content_type=None)

    async def find(self, number: str, headers: Mapping[str, str] | None = None) -> tuple[int, Json]:
        """Status and JSON of a search for the child by number."""
        form = {"identifier": f"{NHS_NUMBER}|{number}"}
        place = f"{self.url}/fhir/Patient/_search"
        async with self.session.post(place, data=form, headers=headers or self.headers()) as answer:
            return answer.status, await answer.json(content_type=None)

    async def everything(
        self, number: str = MAYA, headers: Mapping[str, str] | None = None, query: str = ""
    ) -> Json:
        """The $everything Bundle of a child."""
        status, found = await self.find(number, headers)
        assert status == 200, found
        identifier = found["entry"][0]["resource"]["id"]
        status, bundle = await self.get(f"Patient/{identifier}/$everything{query}", headers)
        assert status == 200, bundle
        return bundle

    async def fault(self, source: str, kind: str) -> None:
        """Makes an agency misbehave, and forgets what its breaker has learned."""
        await self.region.turn(source, Kind(kind))
        for connected in self.runtime.connected:
            if connected.id == source:
                connected.breaker.record(None, self.runtime.clock())


@asynccontextmanager
async def running(folder: Path, **changed: Any) -> AsyncIterator[Running]:
    """Starts Northshire and a gateway in front of it; `changed` are settings."""
    async with northshire(folder, Plan()) as region, in_front_of(region, **changed) as one:
        yield one


@asynccontextmanager
async def in_front_of(region: Northshire, **changed: Any) -> AsyncIterator[Running]:
    """Starts a gateway in front of agencies that run; `changed` are settings, `sources` one of them."""
    folder = region.folder
    new_keys(folder / "keys")
    make_issuer(folder)
    os.environ.update(demo_secrets())
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    runtime = start(_settings(folder, url, changed))
    server = uvicorn.Server(uvicorn.Config(application(runtime), log_level="warning", access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    async with aiohttp.ClientSession() as session:
        yield Running(url, folder, region, runtime, session)
    server.should_exit = True
    await serving


def _settings(folder: Path, url: str, changed: Mapping[str, Any]) -> Settings:
    plain: dict[str, Any] = {
        "sources": folder / "sources.toml",
        "sharing": folder / "sharing.toml",
        "keys": folder / "keys",
        "database": folder / "gateway.db",
        "issuer_keys": folder / PUBLIC,
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "url": url,
        "demo_start": START,
        "demo_folder": folder,
        "paused": folder / PAUSED_FILE,
    }
    return Settings(**(plain | dict(changed)))


def receipt(bundle: Mapping[str, Any]) -> dict[str, Json]:
    """The receipt's issues by source."""
    outcome = next(e["resource"] for e in bundle["entry"] if e["search"]["mode"] == "outcome")
    issues = {}
    for issue in outcome["issue"]:
        for part in issue.get("extension", [{}])[0].get("extension", []):
            if part["url"] == "source":
                issues[part["valueUri"].rpartition("/")[2]] = issue
    return issues


def states(bundle: Mapping[str, Any]) -> dict[str, str]:
    """Each source's state."""
    return {source: issue["details"]["coding"][0]["code"] for source, issue in receipt(bundle).items()}


def resources(bundle: Mapping[str, Any], source: str = "") -> list[Json]:
    """The resources of a Bundle, of one source if named; the receipt is not one."""
    found = [e["resource"] for e in bundle["entry"] if e["search"]["mode"] != "outcome"]
    return [r for r in found if r["meta"]["source"].endswith(f"/source/{source}")] if source else found
