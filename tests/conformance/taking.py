"""All that leaves one running gateway: Bundles, refusals, its CapabilityStatement and its audit.

Every scenario child, as somebody of each column of the decision tables; then Maya with agencies that fail.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gateway.demo.region import scenario_children
from tests.system.running import MAYA, Json, Running

ASKERS = (
    ("dr.sen", "emergency-care"),
    ("dr.sen", "direct-care"),
    ("dr.wyn", "direct-care"),
    ("k.doyle", "direct-care"),
    ("m.ode", "safeguarding-concern"),
    ("j.patel", "s47-enquiry"),
    ("j.patel", "s17-assessment"),
    ("dsl.hill", "safeguarding-concern"),
    ("dsl.hill", "send-support"),
    ("s.college", "send-support"),
    ("p.lee", "s47-enquiry"),
    ("y.ahmed", "youth-justice"),
    ("d.lane", "early-help"),
    ("c.review", "child-death-review"),
)
FAULTS = {
    "millbrook-gp": "hang",
    "northshire-community": "garbage",
    "cp-is": "paused",
    "northtown-csc": "down",
}


@dataclass
class Taken:
    """What was taken: each Bundle under the child's number, asker and question, the rest as it came."""

    bundles: dict[str, Json] = field(default_factory=dict)
    refusals: list[Json] = field(default_factory=list)
    capabilities: Json = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)

    def keep(self, name: str, answer: Json) -> None:
        if answer["resourceType"] == "Bundle":
            self.bundles[name] = answer
        else:
            self.refusals.append(answer)

    def resources(self) -> Iterator[Json]:
        """Every resource of every Bundle but the receipts, as often as it came."""
        for bundle in self.bundles.values():
            yield from (e["resource"] for e in bundle["entry"] if e["search"]["mode"] != "outcome")

    def receipts(self) -> Iterator[Json]:
        for bundle in self.bundles.values():
            yield from (e["resource"] for e in bundle["entry"] if e["search"]["mode"] == "outcome")


async def take(gateway: Running) -> Taken:
    """Asks for everything of everybody."""
    taken = Taken()
    _, taken.capabilities = await gateway.get("metadata")
    for child in scenario_children():
        for user, purpose in ASKERS:
            await _everything(gateway, taken, child.nhs_number, user, purpose)
    await _other_questions(gateway, taken)
    for source, kind in FAULTS.items():
        await gateway.fault(source, kind)
    await _everything(gateway, taken, MAYA, "dr.sen", "emergency-care", " with faults")
    await gateway.fault("pds", "error")
    await _everything(gateway, taken, MAYA, "dr.sen", "emergency-care", " unidentified")
    taken.events = _audit(gateway.folder / "gateway.db")
    return taken


async def _everything(
    gateway: Running, taken: Taken, number: str, user: str, purpose: str, said: str = ""
) -> None:
    headers = gateway.headers(user, purpose, reason="bruising seen at nursery", told="yes")
    status, found = await gateway.find(number, headers)
    name = f"{number} {user} {purpose}{said}"
    taken.keep(f"{name} found", found)
    if status == 200:
        patient = found["entry"][0]["resource"]["id"]
        taken.keep(name, (await gateway.get(f"Patient/{patient}/$everything", headers))[1])


async def _other_questions(gateway: Running, taken: Taken) -> None:
    """A page, a search by type, an unknown parameter, and each kind of error that needs no fault."""
    _, found = await gateway.find(MAYA)
    patient = found["entry"][0]["resource"]["id"]
    questions = [
        f"Patient/{patient}/$everything?_count=5",
        f"Patient/{patient}/$everything?colour=blue",
        f"CarePlan?patient={patient}",
        f"Encounter?patient={patient}&_count=1",
        "CarePlan",
        "Patient/no-such-id",
        "Patient?identifier=abc",
        "NoSuchType?patient=x",
    ]
    for question in questions:
        taken.keep(question.replace("/", " ").replace("?", " "), (await gateway.get(question))[1])
    taken.keep("no token", (await gateway.get("metadata/x", {"Authorization": "Bearer x"}))[1])


def _audit(database: Path) -> list[Json]:
    with sqlite3.connect(database) as connection:
        return [json.loads(body) for (body,) in connection.execute("SELECT body FROM audit ORDER BY seq")]
