"""The whole child: six sources with fifty records each, through the real gateway in a process of its own.

Beside it, in the same run: the slowest source asked directly, and the same records through fhir.resources.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from gateway.demo.issuer import PUBLIC, Issuer, make_issuer
from gateway.keys import new_keys
from tests.benchmarks.agencies import NHS, NUMBER, RECORDS, SOURCES, answers

Figures = dict[str, float]
_ISSUER, _AUDIENCE = "https://bench.example/oauth2", "https://bench.example/fhir"
_ORGANIZATION = {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "BENCH"}


@contextmanager
def _agencies() -> Iterator[list[int]]:
    command = [sys.executable, "-m", "tests.benchmarks.agencies"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def _sources(ports: list[int]) -> str:
    def source(name: str, agency: str, system: str, port: int) -> str:
        return "\n".join(
            [
                "[[source]]",
                f'id = "{name}"',
                f'name = "{name}"',
                f'agency = "{agency}"',
                f'system = "{system}"',
                f'url = "http://127.0.0.1:{port}"',
                'organization = {system = "https://fhir.nhs.uk/Id/ods-organization-code", value = "BENCH"}',
                'policies = ["bench"]',
                "",
            ]
        )

    texts = [source("identity", "identity", "bench-identity", ports[0])]
    texts += [source(f"s{n}", "hospital", "bench-fhir", port) for n, port in enumerate(ports[1:], 1)]
    return "\n".join(texts)


_SHARING = """[[policy]]
id = "bench"
URI = "https://bench.example/policy"
Version = "1"
StartDate = 2020-01-01
EndDate = 2099-12-31
Purpose = ["s47-enquiry"]
Party = [{Name = "Bench", CatalogueID = "BENCH"}]
"""


@contextmanager
def _gateway(folder: Path, ports: list[int]) -> Iterator[tuple[str, psutil.Process]]:
    new_keys(folder / "keys")
    make_issuer(folder)
    (folder / "sources.toml").write_text(_sources(ports))
    (folder / "sharing.toml").write_text(_SHARING)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "GATEWAY_SOURCES": str(folder / "sources.toml"),
        "GATEWAY_SHARING": str(folder / "sharing.toml"),
        "GATEWAY_KEYS": str(folder / "keys"),
        "GATEWAY_DATABASE": str(folder / "gateway.db"),
        "GATEWAY_ISSUER": _ISSUER,
        "GATEWAY_AUDIENCE": _AUDIENCE,
        "GATEWAY_ISSUER_KEYS": str(folder / PUBLIC),
        "GATEWAY_URL": url,
        "GATEWAY_SYSTEMS": str(Path(__file__).parent / "deployment"),
    }
    command = [sys.executable, "-m", "gateway.cli", "serve", "--port", str(port)]
    command += ["--sources", str(folder / "sources.toml")]
    process = subprocess.Popen(command, env=environment)
    try:
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _token(folder: Path) -> str:
    claims = {
        "sub": "bench",
        "role": "social-worker",
        "org_system": _ORGANIZATION["system"],
        "org": _ORGANIZATION["value"],
        "purpose_of_use": "s47-enquiry",
        "reason": "measuring, nothing else",
        "told_family": "yes",
    }
    return Issuer(folder, _ISSUER, _AUDIENCE).token(claims)


async def _ready(session: aiohttp.ClientSession, url: str) -> None:
    for _ in range(200):
        try:
            async with session.get(f"{url}/health/ready"):
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)
    raise RuntimeError("the gateway did not come up")


async def _timed(session: aiohttp.ClientSession, url: str, times: int) -> tuple[list[float], bytes]:
    took, body = [], b""
    for _ in range(times):
        started = time.perf_counter()
        async with session.get(url) as answer:
            body = await answer.read()
            assert answer.status == 200, body
        took.append((time.perf_counter() - started) * 1000)
    return took, body


async def _measure(folder: Path, url: str, gateway: psutil.Process, source: str, times: int) -> Figures:
    headers = {"Authorization": f"Bearer {_token(folder)}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        await _ready(session, url)
        at_rest = gateway.memory_info().rss
        _, found = await _timed(session, f"{url}/fhir/Patient?identifier={NHS}|{NUMBER}", 1)
        child = json.loads(found)["entry"][0]["resource"]["id"]
        whole = f"{url}/fhir/Patient/{child}/$everything"
        _, body = await _timed(session, whole, 50)
        entries = json.loads(body)["entry"]
        assert len(entries) == SOURCES * (RECORDS + 1) + 2, len(entries)
        before = gateway.cpu_times()
        took, body = await _timed(session, whole, times)
        after = gateway.cpu_times()
        alone, _ = await _timed(session, source, times)
    cpu = (after.user + after.system - before.user - before.system) / times * 1000
    quantiles = statistics.quantiles(took, n=100)
    return {
        "cpu_ms": cpu,
        "p50_ms": quantiles[49],
        "p99_ms": quantiles[98],
        "alone_p50_ms": statistics.median(alone),
        "bytes": len(body),
        "rest_mb": at_rest / 1e6,
        "loaded_mb": gateway.memory_info().rss / 1e6,
    }


def round_trips(times: int = 5) -> Figures:
    """The same records parsed into fhir.resources models, validated, merged and dumped, in CPU ms."""
    from fhir.resources.R4B.bundle import Bundle

    bodies = [answers(source)["Observation"] for source in range(1, SOURCES + 1)]
    Bundle.model_validate_json(bodies[0]).model_dump_json()
    started = time.process_time()
    for _ in range(times):
        bundles = [Bundle.model_validate_json(body) for body in bodies]
        entries = [entry for one in bundles for entry in one.entry or []]
        Bundle(type="searchset", entry=entries).model_dump_json()
    return {"cpu_ms": (time.process_time() - started) / times * 1000}


def whole_child(times: int = 300) -> dict[str, Any]:
    """All figures of one run."""
    with tempfile.TemporaryDirectory() as place, _agencies() as ports:
        folder = Path(place)
        with _gateway(folder, ports) as (url, gateway):
            slowest = f"http://127.0.0.1:{ports[1]}/Observation?patient=p-1"
            measured = asyncio.run(_measure(folder, url, gateway, slowest, times))
    return {"gateway": measured, "fhir.resources": round_trips()}
