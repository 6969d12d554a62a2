"""The child protection information agency: a made-up Child Protection Information Sharing service.

https://digital.nhs.uk/services/child-protection-information-sharing-project
"""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from gateway.demo.agencies._fhir import (
    NHS_NUMBER,
    ODS,
    Resource,
    filled,
    known_caller,
    refusal,
    resource_id,
    searchset,
    token_value,
)
from gateway.demo.world import LONDON, Organisation, Person, Rows, World

SOURCE = "cp-is"
ADDRESS = "{base}/child-protection/FHIR/R4"
SECRET = "demo-cp-is-token"  # the made-up service's, on loopback only
_PATH = "/child-protection/FHIR/R4"
# the service's own example names the value set where the code system belongs
_PLAN_TYPES = "https://fhir.nhs.uk/R4/ValueSet/CPIS-PlanType"
_DISPLAYS = {
    "CPPI": "Child Protection Plan Information",
    "LACI": "Looked After Child Information",
    "UCPI": "Unborn Child Plan Information",
}
_COUNCILS = {"northtown": "northtown-csc", "eastmere": "eastmere-csc", "southwold-vale": "southwold-csc"}
_JOBS = (
    ("ED Nurse", "northtown-general"),
    ("Health Visitor", "northshire-community"),
    ("GP", "millbrook-gp"),
)
_SHOWN_VIEWS = 25  # the service tells of no more


def invent(person: Person, world: World, rng: random.Random) -> Rows | None:
    """Plans in force, looked-after children, and plans that ended within a year."""
    plans = [*_plans(person)]
    if not plans:
        return None
    views = [_view(world, rng) for _ in range(rng.choice((0, 0, 1, 2)))]
    return {"plans": plans, "views": sorted(views, key=lambda view: view["at"], reverse=True)}


def _plans(person: Person) -> list[dict[str, Any]]:
    council, found = _COUNCILS[person.area], person.situation
    plans = []
    if "child-protection" in found:
        plans.append({"type": "CPPI", "start": found["child-protection"], "council": council})
    if "child-protection-ended" in found:
        end = found["child-protection-ended"]
        plans.append({"type": "CPPI", "start": end - timedelta(days=250), "end": end, "council": council})
    if "looked-after" in found:
        plans.append({"type": "LACI", "start": found["looked-after"], "council": council})
    return plans


def _view(world: World, rng: random.Random) -> dict[str, Any]:
    job, organisation = rng.choice(_JOBS)
    seen = world.today - timedelta(minutes=rng.randint(2000, 300000))
    return {"at": seen, "name": "A. Person", "job": job, "organisation": organisation}


def application(rows: Mapping[str, Rows], world: World) -> web.Application:
    """The service's server: CarePlan and AuditEvent, searched by NHS number."""
    service = Service(rows, world)
    app = web.Application(middlewares=[known_caller(SECRET)])
    app.add_routes(
        [
            web.get(f"{_PATH}/CarePlan", service.plans),
            web.get(f"{_PATH}/AuditEvent", service.views),
        ]
    )
    return app


class Service:
    """Both searches; each answers with a List, what it lists, and what that refers to."""

    def __init__(self, rows: Mapping[str, Rows], world: World) -> None:
        children = {child.key: child.at(SOURCE) for child in world.children if child.key in rows}
        self._rows = {child.nhs_number: rows[key] for key, child in children.items() if child.nhs_number}
        self._world = world

    async def plans(self, request: web.Request) -> web.Response:
        number = _number(request)
        if not number:
            return _bad_search()
        plans = self._rows.get(number, {}).get("plans", ())
        councils = {plan["council"]: self._world.organisations[plan["council"]] for plan in plans}
        found = [care_plan(number, n, plan) for n, plan in enumerate(plans)]
        listed = [_list(number, "734163000", "Care Plan", found)] if found else []
        return searchset(_base(request), found, [*listed, *map(council, councils.values())])

    async def views(self, request: web.Request) -> web.Response:
        number = _number(request)
        if not number:
            return _bad_search()
        views = self._rows.get(number, {}).get("views", ())[:_SHOWN_VIEWS]
        found = [audit_event(number, n, view) for n, view in enumerate(views)]
        roles = [role(number, n, view, self._world) for n, view in enumerate(views)]
        listed = [_list(number, "713481000000109", "Audit administration", found)] if found else []
        return searchset(_base(request), found, [*listed, *roles])


def _number(request: web.Request) -> str:
    return token_value(request.query.get("patient:identifier", ""), NHS_NUMBER)


def _bad_search() -> web.Response:
    return refusal(400, "required", "MISSING_OR_INVALID_PARAMETER", "patient:identifier is missing")


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}{_PATH}"


def _child(number: str) -> Resource:
    reference = f"Patient/{resource_id(SOURCE, 'patient', number)}"
    return {"reference": reference, "identifier": {"system": NHS_NUMBER, "value": number}}


def _list(number: str, code: str, display: str, items: Sequence[Resource]) -> Resource:
    coding = {"system": "http://snomed.info/sct", "code": code, "display": display}
    return {
        "resourceType": "List",
        "id": resource_id(SOURCE, "list", code, number),
        "status": "current",
        "mode": "snapshot",
        "code": {"coding": [coding]},
        "subject": _child(number),
        "entry": [{"item": {"reference": f"{item['resourceType']}/{item['id']}"}} for item in items],
    }


def care_plan(number: str, n: int, plan: Mapping[str, Any]) -> Resource:
    """A plan: its kind, from when to when, and which council answers for it."""
    coding = {"system": _PLAN_TYPES, "code": plan["type"], "display": _DISPLAYS[plan["type"]]}
    period = filled(start=_day(plan["start"]), end=_day(plan.get("end")))
    return {
        "resourceType": "CarePlan",
        "id": resource_id(SOURCE, "plan", number, n),
        "status": "completed" if plan.get("end") else "active",
        "intent": "plan",
        "category": [{"coding": [coding]}],
        "subject": _child(number),
        "period": period,
        "author": {"reference": f"Organization/{resource_id(SOURCE, plan['council'])}"},
    }


def council(organisation: Organisation) -> Resource:
    """A council with its two telephone numbers."""
    contacts = [_contact("EC", "emergency contact", organisation.out_of_hours, "mobile")]
    contacts.append(_contact("WP", "work place", organisation.telephone, "work"))
    return {
        "resourceType": "Organization",
        "id": resource_id(SOURCE, organisation.id),
        "identifier": [{"system": ODS, "value": organisation.value}],
        "name": organisation.name,
        "contact": [contact for contact in contacts if contact],
    }


def _contact(code: str, display: str, number: str, use: str) -> Resource:
    if not number:
        return {}
    system = "http://terminology.hl7.org/CodeSystem/v3-AddressUse"
    purpose = {"coding": [{"system": system, "code": code, "display": display}]}
    return {"purpose": purpose, "telecom": [{"system": "phone", "value": number, "use": use}]}


def audit_event(number: str, n: int, view: Mapping[str, Any]) -> Resource:
    """Somebody's look at the child's record."""
    who = {"reference": f"PractitionerRole/{resource_id(SOURCE, 'role', number, n)}"}
    participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    author = {"system": participation, "code": "AUT", "display": "author (originator)"}
    lifecycle = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
    return {
        "resourceType": "AuditEvent",
        "id": resource_id(SOURCE, "view", number, n),
        "type": {"system": lifecycle, "code": "access", "display": "Access/View Record Lifecycle Event"},
        "recorded": _moment(view["at"]),
        "agent": [{"role": [{"coding": [author]}], "who": who, "requestor": True}],
        "source": {"observer": who},
        "entity": [{"what": _child(number)}],
    }


def role(number: str, n: int, view: Mapping[str, Any], world: World) -> Resource:
    """In what role, and where, somebody looked."""
    employer = world.organisations[view["organisation"]]
    return {
        "resourceType": "PractitionerRole",
        "id": resource_id(SOURCE, "role", number, n),
        "practitioner": {"display": view["name"]},
        "organization": {
            "identifier": {"system": ODS, "value": employer.value},
            "display": employer.name,
        },
        "code": [{"text": view["job"]}],
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _moment(moment: datetime) -> str:
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).isoformat()
