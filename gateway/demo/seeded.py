"""The demo's audit before its clock starts: past look-ups, marked as seeded and chained like any other.

They stand in gateway/demo/looks.toml; nothing is shown for them, so that each manifest is empty.
"""

import asyncio
import secrets
import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from auth.principal import Principal
from gateway.audit import events
from gateway.audit.chain import Row
from gateway.clock import LONDON
from gateway.demo.users import claims
from gateway.runtime import Runtime


def seed(runtime: Runtime) -> int:
    """Writes the past look-ups into a chain that is empty, and returns how many; 0 for one that is not."""
    raw = tomllib.loads((files("gateway.demo") / "looks.toml").read_text(encoding="utf-8"))
    looks = sorted(raw["look"], key=lambda look: look["at"])
    if not runtime.chain.is_empty():
        return 0
    rows = [row for look in looks for row in _rows(runtime, look)]
    asyncio.run(runtime.chain.write(rows))
    return len(looks)


def _rows(runtime: Runtime, look: dict[str, Any]) -> list[Row]:
    at = look["at"].astimezone(LONDON)
    frame = events.Frame(
        base=runtime.base,
        request=secrets.token_hex(8),
        interaction="operation",
        principal=_principal(look, at),
        child=runtime.pseudonyms.of(look["child"]),
        policy_version=runtime.rules.version,
    )
    asked = events.request_event(frame, at)
    shown = events.manifest_event(frame, at, (), complete=True)
    for event in (asked, shown):
        event["entity"][-1]["detail"].append({"type": "seeded", "valueString": "true"})
    return [events.row(frame, asked), events.row(frame, shown)]


def _principal(look: dict[str, Any], at: datetime) -> Principal:
    said = claims(look["user"], look["purpose"], scheduled=look.get("scheduled", False))
    return Principal(
        user=str(said["sub"]),
        name=str(said["name"]),
        role=str(said["role"]),
        job=str(said["job"]),
        organization=(str(said["org_system"]), str(said["org"])),
        organization_name=str(said["org_name"]),
        purpose=look["purpose"],
        expires=at.astimezone(UTC),
        token_id="seeded",
        unscheduled=not look.get("scheduled", False),
    )
