"""Hill Road Primary: its management information system's REST interface in JSON.

The interface is described in connectors/systems/school-mis.toml.
"""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from aiohttp import web

from gateway.demo.agencies._fhir import filled, resource_id
from gateway.demo.population import school_year
from gateway.demo.world import Organisation, Person, Rows, World, local_number

SOURCE = "hill-road-school"
ADDRESS = "{base}/mis/v2"
SECRET = "demo-school-key"  # the made-up school's, on loopback only
_PATH = "/mis/v2"
_PAGE = 2  # terms of attendance on a page

_NEEDS = ("SEMH", "SLCN", "SPLD", "MLD", "ASD")
_LEAD = {
    "staffId": "HRP-DSL-1",
    "title": "",
    "forename": "B.",
    "surname": "Hillier",
    "telephone": "01632 960146",
    "email": "safeguarding@hill-road-primary.example",
}

Raw = dict[str, Any]


def invent(person: Person, world: World, rng: random.Random) -> Rows:
    """A pupil's record, from age, situation and chance."""
    today = world.today.date()
    started = date(today.year - (today.month < 9) - max(school_year(person.birth_date, today), 0), 9, 4)
    low = "low-attendance" in person.situation
    possible = 112
    attended = round(possible * (rng.uniform(0.6, 0.85) if low else rng.uniform(0.9, 1.0)))
    rows: dict[str, Any] = {
        "number": local_number(SOURCE, person),
        "upn": person.upn,
        "nhs_number": person.nhs_number,
        "enrolments": [{"urn": "999901", "since": started}],
        "attendance": [_autumn(today, possible, attended)],
    }
    if "send" in person.situation:
        since = person.situation["send"]
        rows["provision"] = [{"provision": rng.choice(("K", "K", "K", "E")), "since": since}]
        rows["needs"] = [{"type": rng.choice(_NEEDS), "rank": 1, "since": since}]
    if low and rng.random() < 0.15:
        day = today - timedelta(days=rng.randint(20, 300))
        rows["suspensions"] = [{"from": day, "to": day + timedelta(days=1), "sessions": 4, "reasons": ["DB"]}]
    return rows


def _autumn(today: date, possible: int, attended: int) -> Raw:
    year = today.year - (today.month < 9)
    missed = possible - attended
    return {
        "year": f"{year}/{(year + 1) % 100:02}",
        "term": "autumn",
        "from": date(year, 9, 3),
        "to": min(today, date(year, 12, 18)),
        "possible": possible,
        "attended": attended,
        "unauthorised": str(_percent(missed // 2, possible)),
        "average": "95.0",
    }


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"))


def application(rows: Mapping[str, Rows], world: World) -> web.Application:
    """The system's server."""
    system = Mis(rows, world)
    app = web.Application(middlewares=[_known_caller])
    app.add_routes([web.get(f"{_PATH}/students", system.students)])
    for name, told in _PARTS.items():
        app.add_routes([web.get(f"{_PATH}/students/{{number}}/{name}", system.part(told))])
    app.add_routes([web.get(f"{_PATH}/students/{{number}}/attendance", system.attendance)])
    app.add_routes([web.get(f"{_PATH}/students/{{number}}/safeguarding", system.safeguarding)])
    return app


@web.middleware
async def _known_caller(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.headers.get("X-Api-Key") != SECRET:
        return web.json_response({"error": "unauthorised"}, status=401)
    answer: web.StreamResponse = await handler(request)
    return answer


class Mis:
    """Pupils by UPN, by NHS number where the school has it, and by the school's own number."""

    def __init__(self, rows: Mapping[str, Rows], world: World) -> None:
        self._rows = rows
        self._world = world
        self._by_number = {str(row["number"]): row for row in rows.values()}

    async def students(self, request: web.Request) -> web.Response:
        upn, number = request.query.get("upn"), request.query.get("nhsNumber")
        if not upn and not number:
            return web.json_response({"error": "upn or nhsNumber is needed"}, status=400)
        found = [
            _student(self._world.child(key).at(SOURCE), row)
            for key, row in self._rows.items()
            if (upn and row["upn"] == upn) or (number and row["nhs_number"] == number)
        ]
        return _listed(found)

    def part(self, told: Callable[[Rows, World], list[Raw]]) -> Any:
        """The handler of one list below a pupil."""

        async def answer(request: web.Request) -> web.Response:
            row = self._by_number.get(request.match_info["number"])
            return _unknown() if row is None else _listed(told(row, self._world))

        return answer

    async def attendance(self, request: web.Request) -> web.Response:
        row = self._by_number.get(request.match_info["number"])
        if row is None:
            return _unknown()
        terms, page = _attendance(row), int(request.query.get("page", "1"))
        pages = max(1, -(-len(terms) // _PAGE))
        shown = terms[(page - 1) * _PAGE : page * _PAGE]
        meta = {"page": page, "pages": pages, "total": len(terms)}
        return web.json_response({"data": shown, "meta": meta})

    async def safeguarding(self, request: web.Request) -> web.Response:
        row = self._by_number.get(request.match_info["number"])
        if row is None:
            return _unknown()
        school = self._world.organisations[SOURCE]
        named = {"urn": school.value, "name": school.name}
        return web.json_response(
            {"data": {"studentId": row["number"], "lead": filled(**_LEAD), "school": named}}
        )


def _unknown() -> web.Response:
    return web.json_response({"error": "no such student"}, status=404)


def _listed(found: list[Raw]) -> web.Response:
    return web.json_response({"data": found, "meta": {"total": len(found)}})


def _student(person: Person, row: Rows) -> Raw:
    lives = person.address
    # the school writes null where it does not know
    return {
        "id": row["number"],
        "upn": row["upn"] or None,
        "nhsNumber": row["nhs_number"] or None,
        "legalSurname": person.family,
        "legalForename": person.given[0],
        "middleNames": " ".join(person.given[1:]) or None,
        "preferredForename": person.known_as or None,
        "dateOfBirth": person.birth_date.isoformat(),
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "address": {"lines": list(lives.lines), "town": lives.city, "postcode": lives.postcode},
        "contacts": [],
    }


def _own(row: Rows, *parts: object) -> Raw:
    return {"id": resource_id(row["number"], *parts), "studentId": row["number"]}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _enrolments(row: Rows, world: World) -> list[Raw]:
    return [
        {
            **_own(row, "enrolment", enrolled["since"]),
            "status": "previous" if "until" in enrolled else "current",
            "startDate": _day(enrolled["since"]),
            "endDate": _day(enrolled.get("until")),
            "school": _school(enrolled["urn"], world),
        }
        for enrolled in row.get("enrolments", ())
    ]


def _school(urn: str, world: World) -> Raw:
    found: Organisation = next(o for o in world.organisations.values() if o.value == urn)
    return {"urn": urn, "name": found.name, "telephone": found.telephone}


def _attendance(row: Rows) -> list[Raw]:
    return [
        {
            **_own(row, "attendance", term["year"], term["term"]),
            "academicYear": term["year"],
            "term": term["term"],
            "from": _day(term["from"]),
            "to": _day(term["to"]),
            "sessionsPossible": term["possible"],
            "sessionsAttended": term["attended"],
            "attendancePercentage": float(_percent(term["attended"], term["possible"])),
            "unauthorisedAbsencePercentage": float(term["unauthorised"]) if "unauthorised" in term else None,
            "schoolAveragePercentage": float(term["average"]),
        }
        for term in row.get("attendance", ())
    ]


def _suspensions(row: Rows, world: World) -> list[Raw]:
    return [
        {
            **_own(row, "suspension", found["from"]),
            "category": found.get("category", "SUSP"),
            "startDate": _day(found["from"]),
            "endDate": _day(found.get("to")),
            "sessions": found["sessions"],
            "reasons": list(found["reasons"]),
        }
        for found in row.get("suspensions", ())
    ]


def _provision(row: Rows, world: World) -> list[Raw]:
    return [
        {
            **_own(row, "provision", found["since"]),
            "provision": found["provision"],
            "startDate": _day(found["since"]),
            "endDate": _day(found.get("until")),
            "reviewDate": _day(found.get("review")),
        }
        for found in row.get("provision", ())
    ]


def _needs(row: Rows, world: World) -> list[Raw]:
    return [
        {
            **_own(row, "need", found["type"]),
            "type": found["type"],
            "rank": found["rank"],
            "startDate": _day(found["since"]),
        }
        for found in row.get("needs", ())
    ]


_PARTS: Mapping[str, Callable[[Rows, World], list[Raw]]] = {
    "enrolments": _enrolments,
    "suspensions": _suspensions,
    "sen-provision": _provision,
    "sen-needs": _needs,
}
