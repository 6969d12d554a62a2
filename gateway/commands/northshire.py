"""Starting the demo: keys and tokens of its own, the agencies in a process of theirs, then the gateway."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import FrameType

import typer

from gateway.clock import LONDON
from gateway.commands.serve import run
from gateway.demo.issuer import PUBLIC, make_issuer
from gateway.demo.northshire import PAUSED_FILE, demo_secrets
from gateway.demo.place import Place
from gateway.demo.seeded import seed
from gateway.keys import new_keys
from gateway.runtime import Runtime

ISSUER = "https://northshire.example/oauth2"
AUDIENCE = "https://northshire.example/fhir"


def run_demo(folder: Path, port: int, children: int, seed: int, today: str) -> int:
    """Runs until interrupted; the exit status."""
    started = time.monotonic()
    start = _start_of(today)
    if start is None:
        typer.secho("--today takes a date like 2026-11-22", fg="red", err=True)
        return 2
    if _taken(port):
        words = f"Port {port} is taken, perhaps by a demo that still runs. Stop it, or choose another: --port"
        typer.secho(words, fg="red", err=True)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "keys").exists():
        new_keys(folder / "keys")
    make_issuer(folder)
    agencies = _start_agencies(folder, children, seed, start)
    try:
        if not _ready(agencies):
            typer.secho("The agencies did not come up; see above.", fg="red", err=True)
            return 1
        _configure(folder, port, start)
        Place(f"http://127.0.0.1:{port}", ISSUER, AUDIENCE).write(folder)
        signal.signal(signal.SIGTERM, _interrupt)
        run("127.0.0.1", port, lambda runtime: _begin(runtime, port, started))
    except KeyboardInterrupt:
        pass
    finally:
        _stop(agencies)
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _start_of(today: str) -> datetime | None:
    """Seven minutes past two in the morning of that day."""
    try:
        return datetime.fromisoformat(today).replace(hour=2, minute=7, tzinfo=LONDON)
    except ValueError:
        return None


def _start_agencies(folder: Path, children: int, seed: int, start: datetime) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "gateway.demo", "--dir", str(folder)]
    command += ["--children", str(children), "--seed", str(seed), "--today", start.isoformat()]
    # the pipe ends with this process, and the agencies with the pipe: none outlives the demo
    command.append("--until-input-ends")
    # in a group of their own, so that Ctrl-C reaches them through us, after the gateway has ended
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def _ready(agencies: subprocess.Popen[str]) -> bool:
    """Waits for the line that says that all agencies answer; False if they end instead."""
    assert agencies.stdout is not None
    return agencies.stdout.readline().startswith("ready")


def _stop(agencies: subprocess.Popen[str]) -> None:
    agencies.terminate()
    try:
        agencies.wait(timeout=5)
    except subprocess.TimeoutExpired:
        agencies.kill()
        agencies.wait()


def _configure(folder: Path, port: int, start: datetime) -> None:
    """The settings of the demo's gateway, as any deployment would give them."""
    os.environ.update(demo_secrets())
    os.environ.update(
        GATEWAY_SOURCES=str(folder / "sources.toml"),
        GATEWAY_SHARING=str(folder / "sharing.toml"),
        GATEWAY_KEYS=str(folder / "keys"),
        GATEWAY_DATABASE=str(folder / "gateway.db"),
        GATEWAY_URL=f"http://127.0.0.1:{port}",
        GATEWAY_ISSUER=ISSUER,
        GATEWAY_AUDIENCE=AUDIENCE,
        GATEWAY_ISSUER_KEYS=str(folder / PUBLIC),
        GATEWAY_PAUSED=str(folder / PAUSED_FILE),
        GATEWAY_DEMO_START=start.isoformat(),
        GATEWAY_DEMO_FOLDER=str(folder),
    )


def _begin(runtime: Runtime, port: int, started: float) -> None:
    seed(runtime)
    _announce(port, started)


def _taken(port: int) -> bool:
    """Another program already answers on this port."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _announce(port: int, started: float) -> None:
    seconds = time.monotonic() - started
    url = f"http://127.0.0.1:{port}"
    typer.secho(f"\nNorthshire is ready after {seconds:.1f} s. Stop it with Ctrl-C.\n", bold=True)
    typer.echo(f"  Viewer   {url}/")
    typer.echo(f"  FHIR     {url}/fhir/metadata\n")
    typer.echo("In another terminal, the whole child, in the terminal:\n")
    typer.echo("  .venv/bin/gateway ask 9990001375 --user dr.sen --purpose emergency-care\n")
    typer.echo("or over the API:\n")
    typer.echo("  TOKEN=$(.venv/bin/gateway token --user dr.sen --purpose emergency-care)")
    typer.echo(
        f'  curl -s -H "Authorization: Bearer $TOKEN" {url}/fhir/Patient/_search '
        "-d identifier='https://fhir.nhs.uk/Id/nhs-number|9990001375'"
    )
    typer.echo(f"  curl -s {url}/fhir/metadata\n")
    typer.echo("Make an agency fail, and look again:\n")
    typer.echo("  .venv/bin/gateway demo fault northshire-police hang\n")
