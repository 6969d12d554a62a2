"""The general practice: Millbrook Surgery's record of each child, through GP Connect in FHIR STU3.

https://developer.nhs.uk/apis/gpconnect-1-6-0/accessrecord_structured.html
"""

import json
import random
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from gateway.demo.agencies._fhir import NHS_NUMBER, Resource
from gateway.demo.agencies._gp_chart import Chart, Colleague, Digits
from gateway.demo.agencies._gp_record import structured_record
from gateway.demo.world import LONDON, Person, Rows, World, local_number

SOURCE = "millbrook-gp"
ADDRESS = "{base}/DEMO3/STU3/1/gpconnect/structured/fhir"
SECRET = "demo-gp-connect-token"  # the made-up practice's, on loopback only
_PATH = "/DEMO3/STU3/1/gpconnect/structured/fhir"
_ERRORS = "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1"

_GP = ("R0260", "General Medical Practitioner")
_NURSE = ("R0600", "Specialist Nurse Practitioner")
STAFF = {
    "wyn": Colleague("wyn", "Dr", "Wyn", "", "555021603001", _GP),
    "abara": Colleague("abara", "Dr", "Abara", "Chidi", "555021603002", _GP),
    "pell": Colleague("pell", "Nurse", "Pell", "Anita", "555021603007", _NURSE),
}

_SIX_IN_ONE = "Administration of {}diphtheria and Haemophilus influenzae type B and hepatitis B and pertussis and tetanus vaccine"  # noqa: E501
# the routine schedule: months after birth, vaccine, SNOMED CT code and display, dose
_SCHEDULE = (
    (2, "6-in-1", ("770616000", _SIX_IN_ONE.format("first dose of ")), 1),
    (4, "6-in-1", ("770608009", _SIX_IN_ONE.format("")), 3),
    (12, "MMR1", ("38598009", "Administration of measles and mumps and rubella vaccine"), 1),
    (41, "MMR2", ("170433008", "Administration of second dose of measles and mumps and rubella vaccine"), 2),
)
_WEIGHT = ("27113001", "Body weight")
_ASTHMA = ("195967001", "Asthma")
_SALBUTAMOL = ("39113611000001102", "Salbutamol 100micrograms/dose inhaler CFC free")
_PENICILLIN = ("91936005", "Allergy to penicillin")


def invent(person: Person, world: World, rng: random.Random) -> Rows:
    """A child's record at the practice, from age, situation and chance."""
    today = world.today.date()
    rows: dict[str, Any] = {
        "patient": local_number(SOURCE, person),
        "registered": person.birth_date + timedelta(days=rng.randint(5, 30)),
        "gp": rng.choice(("wyn", "abara")),
        "immunisations": [given for given in _given(person.birth_date, today, rng)],
        "measurements": _weights(person, today, rng),
        "consultations": _days(rng, person.birth_date, today),
    }
    if "asthma" in person.situation:
        since = person.situation["asthma"]
        rows["problems"] = [{"code": [*_ASTHMA], "date": since}]
        dose = "Two puffs when needed, through a spacer"
        rows["medications"] = [{"code": [*_SALBUTAMOL], "date": since, "last_issue": today, "dose": dose}]
    if "allergy" in person.situation:
        rows["allergies"] = [
            {"code": [*_PENICILLIN], "date": person.situation["allergy"], "criticality": "low"}
        ]
    return rows


def _given(born: date, today: date, rng: random.Random) -> list[dict[str, Any]]:
    found = []
    for months, vaccine, code, dose in _SCHEDULE:
        day = born + timedelta(days=months * 30 + rng.randint(0, 40))
        if day < today and rng.random() < 0.93:
            found.append({"vaccine": vaccine, "code": [*code], "date": day, "dose": dose})
    return found


def _weights(person: Person, today: date, rng: random.Random) -> list[dict[str, Any]]:
    if rng.random() < 0.4:
        return []
    value = f"{3.4 + 2.6 * person.age(today) + rng.random() * 2:.1f}"
    day = max(person.birth_date, today - timedelta(days=rng.randint(10, 600)))
    return [{"code": [*_WEIGHT], "value": value, "unit": "kg", "date": day}]


def _days(rng: random.Random, born: date, today: date) -> list[date]:
    earliest = max(born, today - timedelta(days=730))
    span = (today - earliest).days
    return sorted(earliest + timedelta(days=rng.randint(0, span)) for _ in range(rng.randint(0, 6)))


def application(rows: Mapping[str, Rows], world: World) -> web.Application:
    """The practice's server: one operation."""
    surgery = Surgery(rows, world)
    app = web.Application()
    app.add_routes([web.post(f"{_PATH}/Patient/$gpc.getstructuredrecord", surgery.record)])
    return app


class Surgery:
    """The records by NHS number; what it gives out is the copy of yesterday evening."""

    def __init__(self, rows: Mapping[str, Rows], world: World) -> None:
        self._rows = rows
        self._world = world
        self._copied = datetime.combine(world.days_ago(1), time(18), LONDON)

    async def record(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {SECRET}":
            return _refusal(401, "security", "UNAUTHORISED", "Unauthorised")
        try:
            number = _number_asked(json.loads(await request.text()))
        except (ValueError, KeyError, TypeError):
            return _refusal(422, "invalid", "INVALID_PARAMETER", "Invalid parameter")
        if number not in self._rows:
            return _refusal(404, "not-found", "PATIENT_NOT_FOUND", "Patient not found")
        return self._answer(number)

    def _answer(self, number: str) -> web.Response:
        person = self._world.child(number).at(SOURCE)
        practice = self._world.organisations[SOURCE]
        chart = Chart(person, self._rows[number], practice, STAFF, self._copied)
        copied = format_datetime(self._copied.astimezone(UTC), usegmt=True)
        return _said(structured_record(chart), headers={"Last-Modified": copied})


def _number_asked(parameters: Any) -> str:
    identifiers = [p["valueIdentifier"] for p in parameters["parameter"] if p["name"] == "patientNHSNumber"]
    return str(next(i["value"] for i in identifiers if i["system"] == NHS_NUMBER))


def _refusal(status: int, code: str, spine_code: str, text: str) -> web.Response:
    coding = {"system": _ERRORS, "code": spine_code, "display": text}
    issue = {"severity": "error", "code": code, "details": {"coding": [coding]}}
    return _said({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def _said(resource: Resource, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    text = json_text(resource)
    return web.Response(text=text, status=status, content_type="application/fhir+json", headers=headers)


def json_text(resource: Resource) -> str:
    """JSON in which Digits are numbers with their digits as they are."""
    marked = json.dumps(_marked(resource), ensure_ascii=False)
    return re.sub(r'"\\u0000([0-9.]+)"', r"\1", marked)


def _marked(value: Any) -> Any:
    if isinstance(value, Digits):
        return f"\0{value}"
    if isinstance(value, dict):
        return {name: _marked(inner) for name, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list) else value
