"""Short ways to write R4 resources and receipt lines as the gateway makes them.

https://hl7.org/fhir/R4/resource.html
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.federation.receipt import Line, State, Telephone

BASE = "https://wholechild.example/fhir"
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 22, 2, 7, 6, tzinfo=LONDON)
SATURDAY = datetime(2026, 11, 21, 18, 0, tzinfo=LONDON)
CHILD = {"reference": "Patient/maya"}
REDACTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "REDACTED"}
_NUMBERS = iter(range(1, 100_000))

Made = dict[str, Any]


def resource(type_: str, fact: str, origin: str, /, **elements: Any) -> Made:
    """A resource of a source with its fact; `id` and `security` may be given."""
    security = elements.pop("security", [])
    meta: Made = {
        "source": f"{BASE}/source/{origin}",
        "tag": [{"system": f"{BASE}/CodeSystem/fact", "code": fact}],
    }
    if security:
        meta["security"] = security
    id_ = elements.pop("id", f"{origin}-{next(_NUMBERS)}")
    return {"resourceType": type_, "id": id_, "meta": meta, **elements}


def said(text: str, *codes: str) -> Made:
    """A CodeableConcept."""
    coding = [{"system": f"{BASE}/CodeSystem/cs-event", "code": code} for code in codes]
    return {"text": text, "coding": coding} if coding else {"text": text}


def period(start: str, end: str = "") -> Made:
    return {"start": start, "end": end} if end else {"start": start}


def display(text: str) -> Made:
    return {"display": text}


def to(resource_: Made) -> Made:
    return {"reference": f"{resource_['resourceType']}/{resource_['id']}"}


def line(source: str, name: str, agency: str, state: State = State.ANSWERED_DATA, **more: Any) -> Line:
    """A receipt line; the agency's name is the source's unless given."""
    agency_name = more.pop("agency_name", name)
    sections = frozenset(more.pop("sections", ()))
    phones = Telephone(*more.pop("phones", ()))
    made = Line(
        source, name, agency, agency_name, state, more.pop("text", ""), sections=sections, telephone=phones
    )
    return replace(made, **more)
