"""The community trust: health visiting, school nursing and CAMHS, as a store of event messages (FHIR STU3).

https://developer.nhs.uk/apis/ems-beta/ ; its search is https://hl7.org/fhir/STU3/search.html
"""

import base64
import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from gateway.demo.agencies._event_parts import Folder, Worker
from gateway.demo.agencies._fhir import NHS_NUMBER, Resource, token_value
from gateway.demo.agencies._messages import messages
from gateway.demo.agencies._stu3_xml import xml
from gateway.demo.world import Person, Rows, World

SOURCE = "northshire-community"
ADDRESS = "{base}/child-health/STU3"
SECRET = "demo-child-health-token"  # the made-up trust's, on loopback only
_PATH = "/child-health/STU3"
PAGE = 5  # messages

_VISITOR = ("1052581000000109", "Health visitor")
_NURSE = ("159003003", "School nurse")
_CAMHS = ("224563006", "Mental health nurse")
WORKERS = {
    "doyle": Worker("doyle", ("", "K.", "Doyle"), "NCH-1180", _VISITOR, "01632 960130"),
    "ode": Worker("ode", ("", "M.", "Ode"), "NCH-1322", _NURSE, "01632 960130"),
    "cassidy": Worker("cassidy", ("", "W.", "Cassidy"), "NCH-2045", _CAMHS, "01632 960149"),
}

# months after birth, code and display of the programme's encounter types, words
_REVIEWS = (
    (0, "new-birth-visit", "New Birth Visit", "New birth visit, seen at home"),
    (2, "009", "6-8 Week GP Led Review", "6 to 8 week review"),
    (12, "1-year-review", "1 Year Review", "1-year review"),
    (27, "2-year-review", "2-2.5 Year Review", "2-year review"),
)
_CLEAR = (
    "276781000000109",
    "Newborn hearing screening programme completed, clear response no follow-up required",
)
_OUTCOME = ("276771000000107", "Newborn hearing screening programme outcome")


def invent(person: Person, world: World, rng: random.Random) -> Rows | None:
    """A child's reviews and open services, from age, situation and chance."""
    today, age = world.today.date(), person.age(world.today.date())
    episodes = list(_services(person, age, rng))
    contacts = [c for c in _reviews(person.birth_date, today, rng)]
    rows: dict[str, Any] = {"episodes": episodes, "contacts": contacts, "screenings": [], "measurements": []}
    if age < 6:
        day = person.birth_date + timedelta(days=rng.randint(1, 20))
        result = {"code": [*_OUTCOME], "value": [*_CLEAR]}
        hearing = {"event": "newborn-hearing-1", "code": "007", "title": "Newborn Hearing Screening"}
        rows["screenings"].append({**hearing, "date": day, "result": result})
        rows["birth"] = {"grams": rng.randint(2300, 4400), "weeks": f"{rng.randint(36, 41)}.0"}
    return rows if person.nhs_number else None


def _services(person: Person, age: int, rng: random.Random) -> Any:
    if age < 5:
        yield {
            "service": "health-visiting",
            "since": person.birth_date + timedelta(days=14),
            "worker": "doyle",
        }
    elif rng.random() < 0.4:
        since = person.birth_date + timedelta(days=365 * 5 + rng.randint(0, 100))
        yield {"service": "school-nursing", "since": since, "worker": "ode"}
    if "camhs" in person.situation:
        yield {"service": "camhs", "since": person.situation["camhs"], "worker": "cassidy"}


def _reviews(born: date, today: date, rng: random.Random) -> Any:
    for months, code, kind, title in _REVIEWS:
        day = born + timedelta(days=months * 30 + 10 + rng.randint(0, 20))
        if day < today and rng.random() < 0.9:
            row = {"date": day, "code": code, "type": kind, "title": title, "worker": "doyle"}
            if "at home" in title:
                row["place"] = "HH"
            yield {**row, "not_seen": "was not brought"} if rng.random() < 0.08 else row


def application(rows: Mapping[str, Rows], world: World) -> web.Application:
    """The trust's store: messages found by the child's NHS number."""
    store = Store(rows, world)
    app = web.Application()
    app.add_routes(
        [web.get(f"{_PATH}/Bundle", store.search), web.post(f"{_PATH}/Bundle/_search", store.search)]
    )
    return app


class Store:
    """Messages by NHS number, in pages."""

    def __init__(self, rows: Mapping[str, Rows], world: World) -> None:
        self._rows = rows
        self._world = world

    async def search(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            return _refusal(401, "login", "Not logged in")
        asked = {**request.query, **await request.post()}
        number, start = _asked(asked)
        if not number:
            return _refusal(400, "invalid", "patient.identifier is missing")
        found = self._messages(number)
        base = f"{request.scheme}://{request.host}{_PATH}"
        return _said(_page(base, number, found, start))

    def _messages(self, number: str) -> list[Resource]:
        if number not in self._rows:
            return []
        person = self._world.child(number).at(SOURCE)
        trust = self._world.organisations[SOURCE]
        return messages(Folder(person, self._rows[number], trust, WORKERS))


def _asked(parameters: Mapping[str, Any]) -> tuple[str, int]:
    """The number that is asked about, and from which message on: a page's own link says both."""
    if "page" in parameters:
        number, _, start = base64.urlsafe_b64decode(str(parameters["page"])).decode().partition(":")
        return number, int(start)
    return token_value(str(parameters.get("patient.identifier", "")), NHS_NUMBER), 0


def _page(base: str, number: str, found: list[Resource], start: int) -> Resource:
    end = start + PAGE
    links = [{"relation": "self", "url": f"{base}/Bundle"}]
    if end < len(found):
        token = base64.urlsafe_b64encode(f"{number}:{end}".encode()).decode()
        links.append({"relation": "next", "url": f"{base}/Bundle?page={token}"})
    entries = [
        {"fullUrl": f"{base}/Bundle/{m['id']}", "resource": m, "search": {"mode": "match"}}
        for m in found[start:end]
    ]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links}
    return {**bundle, "entry": entries} if entries else bundle


def _refusal(status: int, code: str, text: str) -> web.Response:
    issue = {"severity": "error", "code": code, "diagnostics": text}
    return _said({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def _said(resource: Resource, status: int = 200) -> web.Response:
    return web.Response(body=xml(resource), status=status, content_type="application/fhir+xml")
