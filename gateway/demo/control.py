"""The control port of a running demo: it makes agencies misbehave and says which do.

`gateway demo fault SOURCE KIND [SECONDS]` is its client. Whoever calls it shows the token that the demo
wrote into its folder.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hmac import compare_digest
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from aiohttp import web

from gateway.demo.faults import FaultImpossible, Kind, Switch

FILE = "agencies.json"


class NoDemo(Exception):
    """No demo runs in this folder."""


class FaultRefused(Exception):
    """The demo would not do this; the message says why."""


@dataclass(frozen=True, slots=True)
class Control:
    """Where a demo's agencies are controlled, and the token to show there."""

    url: str
    token: str = field(repr=False)

    def write(self, folder: Path) -> None:
        """Leaves itself in the demo's folder, readable by its owner only."""
        file = folder / FILE
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Control":
        """What the demo of this folder left; raises NoDemo."""
        try:
            return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise NoDemo(f"no demo runs in {folder}; start one with: gateway demo") from error


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def turn_fault(folder: Path, source: str, kind: str, seconds: float | None = None) -> dict[str, str]:
    """Asks the demo of this folder for a fault, and returns every agency's; raises NoDemo, FaultRefused."""
    return _asked(Control.read(folder), {"source": source, "kind": kind, "seconds": seconds})


def faults_now(folder: Path) -> dict[str, str]:
    """Every agency of the demo of this folder and what it does now; raises NoDemo."""
    return _asked(Control.read(folder), None)


def _asked(control: Control, wish: Mapping[str, object] | None) -> dict[str, str]:
    body = json.dumps(wish).encode() if wish else None
    request = Request(f"{control.url}/__fault", body, {"Authorization": f"Bearer {control.token}"})
    try:
        with urlopen(request, timeout=30) as answer:
            states: dict[str, str] = json.load(answer)
            return states
    except HTTPError as error:
        raise FaultRefused(error.read().decode()) from error
    except URLError as error:
        raise NoDemo("the demo of this folder no longer runs") from error


def states_of(switches: Mapping[str, Switch]) -> dict[str, str]:
    """Every agency and what it does now."""
    return {source: str(switch.kind) for source, switch in switches.items()}


def control_application(switches: Mapping[str, Switch], token: str) -> web.Application:
    """The application behind the control port."""

    def check(request: web.Request) -> None:
        if not compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}"):
            raise web.HTTPUnauthorized(text="This needs the token in the demo's folder.")

    async def now(request: web.Request) -> web.Response:
        check(request)
        return web.json_response(states_of(switches))

    async def turn(request: web.Request) -> web.Response:
        check(request)
        wish = await request.json()
        switch, kind = _wanted(switches, wish)
        try:
            await switch.turn(kind, wish.get("seconds"))
        except FaultImpossible as impossible:
            raise web.HTTPConflict(text=f"{wish['source']}: {impossible}") from impossible
        return web.json_response(states_of(switches))

    application = web.Application()
    application.add_routes([web.get("/__fault", now), web.post("/__fault", turn)])
    return application


def _wanted(switches: Mapping[str, Switch], wish: Mapping[str, object]) -> tuple[Switch, Kind]:
    source, kind = str(wish.get("source")), str(wish.get("kind"))
    if source not in switches:
        raise web.HTTPNotFound(text=f"There is no agency {source}; there are {', '.join(switches)}.")
    if kind not in tuple(Kind):
        raise web.HTTPBadRequest(text=f"There is no fault {kind}; there are {', '.join(Kind)}.")
    return switches[source], Kind(kind)
