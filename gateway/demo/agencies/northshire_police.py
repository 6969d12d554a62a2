"""The police: a safeguarding exchange that finds a child and tells what concerns them (SOAP 1.2).

https://www.w3.org/TR/soap12-part1/ ; its two messages are described in connectors/systems/police.toml
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from aiohttp import web
from lxml import etree

from gateway.demo.world import Organisation, Person, Rows, World, local_number

SOURCE = "northshire-police"
ADDRESS = "{base}/services/safeguarding"
SECRET = "demo-police-password"  # the made-up force's, on loopback only
OPTIONS: Mapping[str, str] = {"username": "northshire-gateway"}
_PATH = "/services/safeguarding"

_SOAP = "http://www.w3.org/2003/05/soap-envelope"
_OURS = "urn:police:safeguarding-exchange:2"
_SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_SPACES = {"soap": _SOAP, "se": _OURS, "wsse": _SECURITY}
_LOCAL = "%Y-%m-%dT%H:%M:%S"  # a force's clock knows no offset

_RISKS = ("SexualExploitation", "CriminalExploitation", "Radicalisation", "GangsAndYouthViolence")


def invent(person: Person, world: World, rng: random.Random) -> Rows | None:
    """What a force may hold about a child: mostly one kind of thing, from the child's situation."""
    if not person.nhs_number:
        return None
    rows: dict[str, Any] = {"reference": f"NP{local_number(SOURCE, person)}"}
    if "domestic-abuse" in person.situation:
        rows["incidents"] = [_incident(rows, person.situation["domestic-abuse"], rng)]
    if "missing" in person.situation:
        rows["missing"] = list(_missing(rows, person.situation["missing"], rng))
    if "exploitation" in person.situation:
        since = person.situation["exploitation"]
        rows["risks"] = [{"type": rng.choice(_RISKS), "present": True, "recorded": since}]
    return rows


def _at(day: date, rng: random.Random) -> datetime:
    return datetime.combine(day, time(rng.randint(0, 23), rng.choice((0, 10, 20, 35, 50))))


def _incident(rows: Mapping[str, Any], day: date, rng: random.Random) -> dict[str, Any]:
    number = f"{rows['reference']}-DA{day:%y%m%d}"
    return {"reference": number, "at": _at(day, rng), "child_present": rng.random() < 0.85}


def _missing(rows: Mapping[str, Any], day: date, rng: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(rng.randint(1, 3)):
        gone = _at(day + timedelta(days=number * rng.randint(8, 40)), rng)
        found = gone + timedelta(hours=rng.randint(2, 40))
        interview = rng.choice(("Held", "Declined", "Offered", ""))
        row = {"reference": f"{rows['reference']}-M{number + 1}", "at": gone, "found": found}
        yield {**row, "interview": interview, "offered": found.date()} if interview else row


def application(rows: Mapping[str, Rows], world: World) -> web.Application:
    """The exchange's server: one address, two messages."""
    app = web.Application()
    app.add_routes([web.post(_PATH, Exchange(rows, world).answer)])
    return app


class Exchange:
    """Answers FindPerson by NHS number and PersonEvents by the force's own reference."""

    def __init__(self, rows: Mapping[str, Rows], world: World) -> None:
        self._rows = rows
        self._world = world
        self._by_reference = {str(row["reference"]): key for key, row in rows.items()}

    async def answer(self, request: web.Request) -> web.Response:
        try:
            envelope = etree.fromstring(await request.read())
        except etree.XMLSyntaxError:
            return _fault("Sender", "MalformedRequest", "The request is not XML")
        if not _known_caller(envelope):
            return _fault("Sender", "NotAuthorised", "Not authorised")
        number = _text(envelope, "se:FindPersonRequest/se:NhsNumber")
        if number is not None:
            return self._person(number)
        reference = _text(envelope, "se:PersonEventsRequest/se:PersonReference")
        if reference is not None:
            return self._events(reference)
        return _fault("Sender", "UnknownMessage", "Unknown message")

    def _person(self, number: str) -> web.Response:
        body = _element("FindPersonResponse")
        if number in self._rows:
            _add(body, "Person", _person(self._world.child(number).at(SOURCE), self._rows[number]))
        return _said(body)

    def _events(self, reference: str) -> web.Response:
        key = self._by_reference.get(reference)
        if key is None:
            return _fault("Sender", "PersonNotFound", "No such person")
        body = _element("PersonEventsResponse")
        _add(body, "Events", _told(self._rows[key], self._world.organisations[SOURCE]))
        return _said(body)


def _known_caller(envelope: etree._Element) -> bool:
    token = envelope.find("soap:Header/wsse:Security/wsse:UsernameToken", _SPACES)
    if token is None:
        return False
    given = [token.findtext(f"wsse:{name}", "", _SPACES) for name in ("Username", "Password")]
    return given == [OPTIONS["username"], SECRET]


def _text(envelope: etree._Element, path: str) -> str | None:
    return envelope.findtext(f"soap:Body/{path}", None, _SPACES)


def _person(person: Person, rows: Rows) -> dict[str, Any]:
    lives = person.address
    return {
        "PersonReference": rows["reference"],
        "NhsNumber": person.nhs_number,
        "FamilyName": person.family,
        "GivenName": list(person.given),
        "DateOfBirth": person.birth_date.isoformat(),
        "Sex": person.sex,
        "Address": {"Line": list(lives.lines), "Town": lives.city, "Postcode": lives.postcode},
    }


def _told(rows: Rows, force: Organisation) -> dict[str, Any]:
    return {
        "PersonReference": rows["reference"],
        "Force": {
            "Code": force.value,
            "Name": force.name,
            "Telephone": force.telephone,
            "OutOfHours": force.out_of_hours,
        },
        "DomesticAbuseIncidents": {"Incident": [_told_incident(row) for row in rows.get("incidents", ())]},
        "MissingEpisodes": {"Episode": [_told_missing(row) for row in rows.get("missing", ())]},
        "PoliceProtections": {"Protection": [_told_protection(row) for row in rows.get("protections", ())]},
        "ExploitationRisks": {"Risk": [_told_risk(row) for row in rows.get("risks", ())]},
    }


def _told_incident(row: Mapping[str, Any]) -> dict[str, Any]:
    adults = [{"Role": role, "Name": name} for role, name in row.get("adults", {}).items()]
    return {
        "Reference": row["reference"],
        "OccurredAt": row["at"].strftime(_LOCAL),
        "RecordedAt": (row["at"] + timedelta(hours=3)).strftime(_LOCAL),
        "ChildPresent": "true" if row["child_present"] else "false",
        "RiskGrading": row.get("grading", "standard"),
        "Handling": row.get("handling", "OFFICIAL"),
        "InvolvedPersons": {"Person": adults},
        "Narrative": row.get("narrative", ""),
    }


def _told_missing(row: Mapping[str, Any]) -> dict[str, Any]:
    interview = {
        "Status": row.get("interview", ""),
        "OfferedOn": row["offered"].isoformat() if "offered" in row else "",
        "HeldOn": row["held"].isoformat() if "held" in row else "",
    }
    return {
        "Reference": row["reference"],
        "ReportedAt": row["at"].strftime(_LOCAL),
        "FoundAt": row["found"].strftime(_LOCAL) if "found" in row else "",
        "Category": row.get("category", "Missing"),
        "Handling": row.get("handling", "OFFICIAL"),
        "ReturnInterview": interview,
    }


def _told_protection(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Reference": row["reference"],
        "StartedAt": row["at"].strftime(_LOCAL),
        "EndedAt": row["ended"].strftime(_LOCAL) if "ended" in row else "",
        "Handling": row.get("handling", "OFFICIAL"),
    }


def _told_risk(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": row["type"],
        "Present": "true" if row["present"] else "false",
        "RecordedOn": row["recorded"].isoformat(),
        "ClosedOn": row["closed"].isoformat() if "closed" in row else "",
        "Handling": row.get("handling", "OFFICIAL"),
    }


# --- SOAP -----------------------------------------------------------------------------------------------


def _element(name: str) -> etree._Element:
    return etree.Element(f"{{{_OURS}}}{name}", nsmap={"se": _OURS})


def _add(parent: etree._Element, name: str, value: Any) -> None:
    """An element for each value; what has no value has no element."""
    for one in value if isinstance(value, list) else [value]:
        if one in ("", None, {}, []):
            continue
        element = etree.SubElement(parent, f"{{{_OURS}}}{name}")
        if isinstance(one, dict):
            for inner, content in one.items():
                if inner.startswith("@"):
                    element.set(inner[1:], content)
                else:
                    _add(element, inner, content)
        else:
            element.text = str(one)


def _said(body: etree._Element, status: int = 200) -> web.Response:
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soap": _SOAP, "se": _OURS})
    etree.SubElement(envelope, f"{{{_SOAP}}}Body").append(body)
    text = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
    return web.Response(body=text, status=status, content_type="application/soap+xml", charset="utf-8")


def _fault(who: str, code: str, reason: str) -> web.Response:
    fault = etree.Element(f"{{{_SOAP}}}Fault", nsmap={"soap": _SOAP, "se": _OURS})
    named = etree.SubElement(fault, f"{{{_SOAP}}}Code")
    etree.SubElement(named, f"{{{_SOAP}}}Value").text = f"soap:{who}"
    below = etree.SubElement(named, f"{{{_SOAP}}}Subcode")
    etree.SubElement(below, f"{{{_SOAP}}}Value").text = f"se:{code}"
    told = etree.SubElement(etree.SubElement(fault, f"{{{_SOAP}}}Reason"), f"{{{_SOAP}}}Text")
    told.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    told.text = reason
    return _said(fault, 400)
