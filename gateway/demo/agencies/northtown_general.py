"""Northtown General Hospital: a FHIR R4 server that speaks UK Core.

https://simplifier.net/hl7fhirukcorer4 ; https://hl7.org/fhir/R4/http.html#search
"""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from gateway.demo.agencies import _hospital
from gateway.demo.agencies._fhir import Resource, answer, known_caller, refusal, searchset
from gateway.demo.world import Person, Rows, World, local_number

SOURCE = "northtown-general"
ADDRESS = "{base}/fhir/R4"
SECRET = "demo-hospital-token"  # the made-up server's, on loopback only
_PATH = "/fhir/R4"
_REASONS = ("Fever", "Head injury", "Wheeze", "Fall at home", "Vomiting", "Cut to the hand", "Sore throat")


def invent(person: Person, world: World, rng: random.Random) -> Rows:
    """Attendances, asthma, an allergy, a safeguarding flag where the child's situation has them."""
    number, found = local_number(SOURCE, person), person.situation
    rows: dict[str, Any] = {"number": f"N{number}"}
    if "emergency-attendances" in found:
        rows["encounters"] = [_attendance(number, n, rng, world) for n in range(rng.randint(1, 4))]
    if "asthma" in found:
        rows["conditions"] = [_condition(number, "195967001", "Asthma", found["asthma"])]
    if "allergy" in found:
        rows["allergies"] = [{"id": f"al-{number}", "code": "91936005", "text": "Allergy to penicillin"}]
    if "child-protection" in found:
        rows["named_nurse"] = True
        rows["flags"] = [
            {"id": f"fl-{number}", "text": "Child protection plan", "start": found["child-protection"]}
        ]
    return rows


def _attendance(number: str, n: int, rng: random.Random, world: World) -> dict[str, Any]:
    start = world.today - timedelta(days=rng.randint(3, 700), minutes=rng.randint(0, 1440))
    end = start + timedelta(minutes=rng.randint(40, 300))
    reason = rng.choice(_REASONS)
    return {"id": f"ed-{number}-{n}", "kind": "EMER", "start": start, "end": end, "reason": reason}


def _condition(number: str, code: str, text: str, onset: date) -> dict[str, Any]:
    return {"id": f"co-{number}-{code}", "code": code, "text": text, "onset": onset}


def application(rows: Mapping[str, Rows], world: World) -> web.Application:
    """The hospital's server: search by GET and by POST, and read."""
    hospital = Hospital(rows, world)
    app = web.Application(middlewares=[known_caller(SECRET)])
    app.add_routes(
        [
            web.get(f"{_PATH}/{{type}}", hospital.search),
            web.post(f"{_PATH}/{{type}}/_search", hospital.search),
            web.get(f"{_PATH}/{{type}}/{{id}}", hospital.read),
        ]
    )
    return app


class Hospital:
    """Every child's resources; they are made when they are asked for."""

    def __init__(self, rows: Mapping[str, Rows], world: World) -> None:
        self._world = world
        self._shared = {f"{r['resourceType']}/{r['id']}": r for r in _hospital.shared()}
        self._charts: dict[str, tuple[Person, Rows]] = {}
        for child in (person.at(SOURCE) for person in world.children if person.key in rows):
            for name in _hospital.names(child, rows[child.key]):
                self._charts[name] = (child, rows[child.key])

    async def search(self, request: web.Request) -> web.Response:
        type_ = request.match_info["type"]
        asked = await request.post() if request.method == "POST" else request.query
        if type_ not in _hospital.TYPES:
            return refusal(404, "not-supported", "NOT_IMPLEMENTED", "Resource type not supported")
        found = self._resources(type_, {name: str(value) for name, value in asked.items()})
        base = f"{request.scheme}://{request.host}{_PATH}"
        wanted = {str(path).partition(":")[2] for path in asked.getall("_include", [])}
        return searchset(base, found, self._included(found, wanted))

    async def read(self, request: web.Request) -> web.Response:
        found = self._shared.get(f"{request.match_info['type']}/{request.match_info['id']}")
        if found is None:
            return refusal(404, "not-found", "RESOURCE_NOT_FOUND", "Resource not found")
        return answer(found)

    def _resources(self, type_: str, asked: Mapping[str, str]) -> list[Resource]:
        """Those of the child asked for, by the hospital's number or by NHS number."""
        names = ("_id", "identifier") if type_ == "Patient" else ("patient", "patient:identifier")
        values = (asked[name].removeprefix("Patient/") for name in names if name in asked)
        chart = next((self._charts[value] for value in values if value in self._charts), None)
        return _hospital.resources(type_, *chart, self._world) if chart else []

    def _included(self, found: list[Resource], wanted: set[str]) -> list[Resource]:
        references = {ref for resource in found for ref in _hospital.references(resource, wanted)}
        return [resource for reference, resource in self._shared.items() if reference in references]
