"""Southwold Vale Council's children's social care: its children in need census file, written each night.

https://www.gov.uk/guidance/children-in-need-census (XSD of 2026)
"""

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lxml import etree

from gateway.demo.world import Person, Rows, World, local_number

SOURCE = "southwold-csc"
FILE = "CIN_Census_903.xml"
ADDRESS = "file://{folder}/" + FILE
_COUNCIL = "903"
_RUN_BEFORE = timedelta(minutes=52)  # the file is made at a quarter past one

_SOURCES = ("1A", "2A", "2A", "3A", "3B", "3E", "5A", "6", "6", "9")
_NEEDS = ("N1", "N1", "N1", "N2", "N3", "N4", "N5")
_FACTORS = ("1B", "2B", "3B", "3B", "4A", "4B", "4B", "6B", "10A", "14A", "16A", "17A", "21")
_DISABILITIES = ("AUT", "LD", "COMM", "BEH", "MOB", "HEAR", "VIS")


def invent(person: Person, world: World, rng: random.Random) -> Rows:
    """A child's census entry, from the child's situation."""
    today = world.today.date()
    began = min(person.situation.values(), default=today - timedelta(days=rng.randint(40, 500)))
    episode: dict[str, Any] = {
        "referred": began,
        "source": rng.choice(_SOURCES),
        "need": rng.choice(_NEEDS),
        "assessments": [_assessment(began, today, rng)],
    }
    if "child-protection" in person.situation:
        episode |= _protection(person.situation["child-protection"], today)
    elif "child-in-need" in person.situation:
        episode["plans"] = (
            [{"from": began + timedelta(days=50)}] if began + timedelta(days=50) < today else []
        )
    elif began < today - timedelta(days=60):
        episode |= {
            "closed": began + timedelta(days=rng.randint(30, 58)),
            "reason": rng.choice(("RC8", "RC9")),
        }
    disabled = rng.random() < 0.12
    return {
        "number": f"SV{local_number(SOURCE, person)}",
        "upn": person.upn,
        "born": person.birth_date,
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "disabilities": [rng.choice(_DISABILITIES)] if disabled else ["NONE"],
        "episodes": [episode],
    }


def _assessment(began: date, today: date, rng: random.Random) -> dict[str, Any]:
    started, ended = began + timedelta(days=2), began + timedelta(days=rng.randint(25, 44))
    found = {"from": started, "factors": rng.sample(_FACTORS, rng.randint(1, 3))}
    return {**found, "to": ended} if ended < today else found


def _protection(since: date, today: date) -> dict[str, Any]:
    conference = since
    reviews = [since + timedelta(days=84)] if since + timedelta(days=84) < today else []
    plan = {"from": since, "category": "NEG", "earlier": 0, "reviews": reviews}
    enquiry = {"from": since - timedelta(days=17), "due": since, "conference": conference}
    return {"enquiries": [enquiry], "protection": [plan]}


def write(rows: Mapping[str, Rows], world: World, folder: Path) -> None:
    """The census file."""
    message = etree.Element("Message")
    _fill(message, "Header", _header(world))
    children = etree.SubElement(message, "Children")
    for row in rows.values():
        _fill(children, "Child", _child(row))
    etree.ElementTree(message).write(folder / FILE, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _header(world: World) -> dict[str, Any]:
    year = world.today.year
    made = (world.today - _RUN_BEFORE).replace(tzinfo=None)
    return {
        "CollectionDetails": {"Collection": "CIN", "Year": year, "ReferenceDate": f"{year + 1}-03-31"},
        "Source": {
            "SourceLevel": "L",
            "LEA": _COUNCIL,
            "SoftwareCode": "Southwold Case System",
            "Release": "2026.2",
            "SerialNo": "001",
            "DateTime": made.isoformat(timespec="seconds"),
        },
    }


def _child(row: Rows) -> dict[str, Any]:
    return {
        "ChildIdentifiers": {
            "LAchildID": row["number"],
            "UPN": row["upn"],
            "UPNunknown": "" if row["upn"] else "UN1",
            "PersonBirthDate": row["born"],
            "Sex": row["sex"],
        },
        "ChildCharacteristics": {
            "Ethnicity": row["ethnicity"],
            "Disabilities": {"Disability": row.get("disabilities", [])},
        },
        "CINdetails": [_episode(episode) for episode in row.get("episodes", ())],
    }


def _episode(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "CINreferralDate": row["referred"],
        "ReferralSource": row["source"],
        "PrimaryNeedCode": row.get("need"),
        "CINclosureDate": row.get("closed"),
        "ReasonForClosure": row.get("reason"),
        "Assessments": [
            {
                "AssessmentActualStartDate": found["from"],
                "AssessmentAuthorisationDate": found.get("to"),
                "FactorsIdentifiedAtAssessment": {"AssessmentFactors": list(found.get("factors", ()))},
            }
            for found in row.get("assessments", ())
        ],
        "CINPlanDates": [
            {"CINPlanStartDate": plan["from"], "CINPlanEndDate": plan.get("to")}
            for plan in row.get("plans", ())
        ],
        "Section47": [
            {
                "S47ActualStartDate": enquiry["from"],
                "InitialCPCtarget": enquiry.get("due"),
                "DateOfInitialCPC": enquiry.get("conference"),
                "ICPCnotRequired": int("conference" not in enquiry),
            }
            for enquiry in row.get("enquiries", ())
        ],
        "ReferralNFA": int(row.get("nothing_done", False)),
        "ChildProtectionPlans": [_plan(plan) for plan in row.get("protection", ())],
    }


def _plan(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "CPPstartDate": row["from"],
        "CPPendDate": row.get("to"),
        "InitialCategoryOfAbuse": row["category"],
        "LatestCategoryOfAbuse": row["category"],
        "NumberOfPreviousCPP": row["earlier"],
        "Reviews": {"CPPreviewDate": list(row.get("reviews", ()))},
    }


def _fill(parent: etree._Element, name: str, value: Any) -> None:
    """An element for each value; what has no value has no element."""
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    for one in values:
        if one in (None, "") or (isinstance(one, dict) and not _says_anything(one)):
            continue
        element = etree.SubElement(parent, name)
        if isinstance(one, dict):
            for inner, content in one.items():
                _fill(element, inner, content)
        else:
            element.text = str(one)


def _says_anything(block: Mapping[str, Any]) -> bool:
    return any(value not in (None, "", []) for value in block.values())
