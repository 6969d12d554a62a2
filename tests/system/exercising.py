"""Everything that people and programs do with a running demo: searches, reads, pages, faults, refusals.

What may hold content (answers with status 200) is kept apart from what may not (errors, heads, metrics).
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from playwright.async_api import BrowserContext, Page, async_playwright

from gateway.demo.control import turn_fault
from gateway.identity.child import NHS_NUMBER
from tests.browser.conftest import ARGS
from tests.system.asking import ASKER, BORN, known_to
from tests.system.canaries import marked
from tests.system.demo_process import Demo
from tests.system.raw import request, said
from tests.system.running import JORDAN, MAYA
from tests.system.values import FORM, QUERIES

LOOKS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    (MAYA, "dr.sen", "emergency-care", {}),
    (JORDAN, "m.ode", "direct-care", {}),
    (MAYA, "j.patel", "s47-enquiry", {"reason": marked("bruising seen at nursery"), "told": "yes"}),
    (MAYA, "r.front", "direct-care", {}),
    (MAYA, "dr.sen", "research", {}),
    (JORDAN, "k.doyle", "direct-care", {}),
    (JORDAN, "p.lee", "emergency-care", {"break_glass": "risk-to-life"}),
    ("9990008221", "dr.sen", "emergency-care", {}),
)
FAULTS = (
    ("pds", "error"), ("cp-is", "garbage"), ("northtown-csc", "truncate"), ("northtown-general", "swap"),
    ("millbrook-gp", "down"), ("northshire-community", "truncate"), ("hill-road-school", "reject"),
    ("northshire-police", "garbage"), ("southwold-csc", "garbage"), ("northtown-csc", "swap"),
    ("millbrook-gp", "swap"), ("northshire-police", "hang"), ("cp-is", "paused"),
)  # fmt: skip
Json = dict[str, Any]
Ran = tuple[int, str, str]  # a command's status, output and errors


@dataclass
class Spent:
    """What a spent demo has left: its folder, and what its clients heard."""

    folder: Path
    answers: dict[str, Json] = field(default_factory=dict)  # $everything, by child and user
    quiet: list[bytes] = field(default_factory=list)  # heads, errors, metrics: no content may stand here
    terminal: list[Ran] = field(default_factory=list)
    opened: dict[str, bytes] = field(default_factory=dict)  # what the gateway had open to write
    shown: str = ""  # the child's page as the browser had it


class Client:
    """A client of the API that keeps what it hears."""

    def __init__(self, demo: Demo, spent: Spent, session: aiohttp.ClientSession) -> None:
        self._demo, self._spent, self._session = demo, spent, session

    async def asked(self, method: str, path: str, headers: dict[str, str], **more: Any) -> Json:
        """The answer as JSON; its head, and the whole of it unless it is a success, are kept as quiet."""
        url = f"{self._demo.url}{path}"
        async with self._session.request(method, url, headers=headers, **more) as answer:
            body = await answer.read()
            self._spent.quiet.append(repr(dict(answer.headers)).encode())
            if answer.status != 200:
                self._spent.quiet.append(body)
                return {}
            is_json = "json" in answer.headers.get("Content-Type", "")
            return json.loads(body) if is_json else {"text": body.decode()}

    async def look(self, number: str, user: str, purpose: str, said_: dict[str, str]) -> None:
        """Search, $everything in one piece, in pages and as a stream, each type, and each resource again."""
        headers = self._demo.headers(user, purpose, **said_)
        found = await self.asked(
            "POST", "/fhir/Patient/_search", headers, data={"identifier": f"{NHS_NUMBER}|{number}"}
        )
        if not found:
            return
        child = found["entry"][0]["resource"]["id"]
        whole = await self.asked("GET", f"/fhir/Patient/{child}/$everything", headers)
        self._spent.answers[f"{number} {user}"] = whole
        await self._pages(f"/fhir/Patient/{child}/$everything?_count=25", headers)
        await self.asked(
            "GET", f"/fhir/Patient/{child}/$everything", headers | {"Accept": "text/event-stream"}
        )
        resources = [entry["resource"] for entry in whole.get("entry", ())]
        for name in {resource["resourceType"] for resource in resources} - {"OperationOutcome", "Patient"}:
            await self.asked("GET", f"/fhir/{name}?patient=Patient/{child}", headers)
        for resource in resources[::8]:
            await self.asked("GET", f"/fhir/{resource['resourceType']}/{resource['id']}", headers)

    async def _pages(self, path: str, headers: dict[str, str]) -> None:
        while path:
            bundle = await self.asked("GET", path, headers)
            links = [link["url"] for link in bundle.get("link", ()) if link["relation"] == "next"]
            path = "/fhir" + links[0].partition("/fhir")[2] if links else ""


async def over_the_api(demo: Demo, spent: Spent) -> None:
    """Looks by all kinds of people, with every agency failing in turn, and what is malformed or refused."""
    async with aiohttp.ClientSession() as session:
        client = Client(demo, spent, session)
        for number, user, purpose, said_ in LOOKS:
            await client.look(number, user, purpose, said_)
        headers = demo.headers("dr.sen", "emergency-care")
        for source, kind in FAULTS:
            turn_fault(demo.data, source, kind)
            await _once(client, known_to(source), demo)
            turn_fault(demo.data, source, "ok")
        for path in ("/metrics", "/fhir/metadata", "/health/ready", "/oauth2/jwks"):
            spent.quiet.append(json.dumps(await client.asked("GET", path, headers)).encode())
    port = urlsplit(demo.url).port
    assert port is not None
    for query in QUERIES:
        message = request("POST", "/fhir/Patient/_search", headers | FORM, query.encode("latin-1"))
        spent.quiet.append((await said(port, message)).raw)


async def _once(client: Client, number: str, demo: Demo) -> None:
    """One look; a silent agency is waited for a second."""
    user, purpose = ASKER[number]
    headers = demo.headers(user, purpose) | {"Prefer": "wait=1"}
    form = {"identifier": f"{NHS_NUMBER}|{number}", "birthdate": BORN[number]}
    found = await client.asked("POST", "/fhir/Patient/_search", headers, data=form)
    if found:
        child = found["entry"][0]["resource"]["id"]
        await client.asked("GET", f"/fhir/Patient/{child}/$everything?birthdate={BORN[number]}", headers)


async def in_a_terminal(demo: Demo) -> list[Ran]:
    """`gateway ask` for a child seen, a child in JSON, and a refusal."""
    sen = ("--user", "dr.sen", "--purpose", "emergency-care")
    return [
        await demo.command("ask", MAYA, *sen),
        await demo.command("ask", JORDAN, "--user", "m.ode", "--purpose", "direct-care", "--json"),
        await demo.command("ask", MAYA, "--user", "r.front", "--purpose", "direct-care"),
    ]


async def in_a_browser(demo: Demo, profile: Path, chromium: str) -> str:
    """A registrar signs in, finds Maya by number and by name, reads her page, and locks; the page's HTML."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=ARGS, env=dict(demo.environment)
        )
        page = context.pages[0] if context.pages else await context.new_page()
        shown = await _at_the_desk(demo, page)
        await _left_behind(context, profile)
        await context.close()
    return shown


async def _at_the_desk(demo: Demo, page: Page) -> str:
    await page.goto(demo.url)
    await page.click("button[value='dr.sen']")
    await page.check("input[value='emergency-care']")
    await page.click("button:has-text('Continue')")
    await page.fill("input[name='family']", "Oakley")
    for name, value in (("day", "14"), ("month", "3"), ("year", "2022")):
        await page.locator(f"form:has(input[name='family']) input[name='{name}']").fill(value)
    await page.click("button[value='name']")
    await page.go_back()
    await page.fill("input[name='nhs_number']", MAYA)
    await page.click("button[value='number']")
    await page.wait_for_url("**/child/**")
    await page.wait_for_load_state("load")
    shown = await page.content()
    await page.reload()
    await page.go_back()
    await page.go_forward()
    return shown


async def _left_behind(context: BrowserContext, profile: Path) -> None:
    """What scripts of the page could have kept, written beside the profile so that it is searched too."""
    kept = await context.storage_state()
    scripts = [await page.evaluate("[{...localStorage}, {...sessionStorage}]") for page in context.pages]
    (profile / "storage-state.json").write_text(json.dumps([kept, scripts]), encoding="utf-8")
