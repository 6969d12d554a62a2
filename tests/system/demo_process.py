"""`gateway demo` as a person starts it, in a folder of its own, with everything that it writes inside.

https://docs.kernel.org/filesystems/proc.html : what a process has open, files without a name among it.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from gateway.commands.northshire import AUDIENCE, ISSUER
from gateway.demo.issuer import Issuer
from gateway.demo.users import claims

ROOT = Path(__file__).parents[2]
SITE = Path(__file__).parent / "site"
GATEWAY = Path(sys.executable).with_name("gateway")
_READY_SECONDS = 90.0


@dataclass
class Demo:
    """A running `gateway demo`; `folder` holds all that it writes, logs and temporary files too."""

    folder: Path
    url: str
    environment: Mapping[str, str]
    process: asyncio.subprocess.Process

    @property
    def data(self) -> Path:
        """Its --dir; the agencies' own store is `agencies` in it."""
        return self.folder / "northshire"

    def is_agencies_own(self, path: Path) -> bool:
        """The file belongs to an agency, not to the gateway."""
        return self.data / "agencies" in (path, *path.parents)

    def headers(self, user: str, purpose: str, **said: str) -> dict[str, str]:
        """Those of a demo user with a fresh token."""
        token = Issuer(self.data, ISSUER, AUDIENCE).token(claims(user, purpose, **said))  # type: ignore[arg-type]  # reason, told and break_glass are texts
        return {"Authorization": f"Bearer {token}"}

    async def command(self, *words: str) -> tuple[int, str, str]:
        """A `gateway` command as another user of the machine would give it: status, output, errors."""
        run = await asyncio.create_subprocess_exec(
            GATEWAY, *words, "--dir", self.data, cwd=self.folder, env=dict(self.environment),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, errors = await run.communicate()
        return run.returncode or 0, out.decode(), errors.decode()

    def opened_for_writing(self) -> dict[str, bytes]:
        """What the gateway's process has open to write, by name; the content of what has no name any more."""
        found = {}
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            name = os.readlink(link)
            flags = int(_line(Path(f"/proc/{self.process.pid}/fdinfo/{link.name}"), "flags"), 8)
            if name.startswith("/") and not name.startswith("/dev/") and flags & (os.O_WRONLY | os.O_RDWR):
                found[name] = link.read_bytes() if name.endswith(" (deleted)") else b""
        return found

    async def kill(self) -> None:
        """kill -9: nothing is tidied up."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
            await self.process.wait()


def _line(file: Path, name: str) -> str:
    return next(line.split()[1] for line in file.read_text().splitlines() if line.startswith(f"{name}:"))


@asynccontextmanager
async def demo(folder: Path, **environment: str) -> AsyncIterator[Demo]:
    """Starts it, waits until it answers, and kills it at the end if nobody has."""
    for name in ("home", "tmp", "cache"):
        (folder / name).mkdir()
    places = {"HOME": folder / "home", "TMPDIR": folder / "tmp", "XDG_CACHE_HOME": folder / "cache"}
    variables = {**os.environ, **{name: str(place) for name, place in places.items()}, **environment}
    # the agencies' canaries and the deliberate leak: tests/system/site
    variables |= {"PYTHONPATH": f"{SITE}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    port = _free_port()
    with (folder / "stdout.log").open("wb") as out, (folder / "stderr.log").open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            GATEWAY, "demo", "--dir", folder / "northshire", "--port", str(port),
            cwd=folder, env=variables, stdout=out, stderr=errors,
        )  # fmt: skip
    one = Demo(folder, f"http://127.0.0.1:{port}", variables, process)
    try:
        await _until_ready(one)
        yield one
    finally:
        await one.kill()


async def _until_ready(one: Demo) -> None:
    async with asyncio.timeout(_READY_SECONDS), aiohttp.ClientSession() as session:
        while True:
            assert one.process.returncode is None, (one.folder / "stderr.log").read_text()
            try:
                async with session.get(f"{one.url}/health/ready") as answer:
                    assert answer.status == 200
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
