"""The receipt on the wire: an OperationOutcome with one issue for each source, signed.

https://hl7.org/fhir/R4/operationoutcome.html ; states are `<base>/CodeSystem/source-state`.
"""

import math
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from gateway.federation.receipt import Line, Notice, State
from gateway.federation.view import View
from gateway.fhir.sign import ReceiptSigner, manifest_hash

SEVERITY_AND_CODE = {
    State.ANSWERED_DATA: ("information", "informational"),
    State.ANSWERED_NONE: ("information", "informational"),
    State.ANSWERED_WITHHELD: ("warning", "suppressed"),
    State.NOT_ASKED: ("information", "informational"),
    State.NOT_CONNECTED: ("warning", "incomplete"),
    State.TIMED_OUT: ("warning", "timeout"),
    State.ERROR: ("warning", "exception"),
    State.STALE: ("warning", "incomplete"),
    State.IDENTITY_UNMATCHED: ("warning", "incomplete"),
    State.PAUSED: ("warning", "incomplete"),
}
_STEP = 250  # milliseconds: finer would tell a silent refusal from an empty answer


def outcome_entry(
    view: View, base: str, asker: str, entries: Sequence[dict[str, Any]], signer: ReceiptSigner
) -> dict[str, Any]:
    """The `outcome` entry of a searchset: new on every page."""
    identity = str(uuid.uuid4())
    outcome: dict[str, Any] = {
        "resourceType": "OperationOutcome",
        "id": identity,
        "extension": _about(view, base),
        "issue": [_issue(line, view.notices, base) for line in view.lines],
    }
    signed = signer.sign(_claims(outcome, view, asker, entries))
    outcome["extension"].append(_extension(base, "receipt-jws", "valueString", signed))
    return {"fullUrl": f"urn:uuid:{identity}", "resource": outcome, "search": {"mode": "outcome"}}


def _about(view: View, base: str) -> list[dict[str, Any]]:
    about = [
        _extension(base, "asked-at", "valueDateTime", _iso(view.asked_at)),
        _extension(base, "complete", "valueBoolean", view.complete),
        _extension(base, "policy-version", "valueString", view.policy_version or "none"),
        _extension(base, "request", "valueString", view.reference),
    ]
    if view.location_withheld:
        about.append(_extension(base, "location-withheld", "valueString", view.location_withheld))
    return about


def _claims(outcome: dict[str, Any], view: View, asker: str, entries: Sequence[dict[str, Any]]) -> bytes:
    states = {line.source: line.state.value for line in view.lines}
    claims = {
        "iat": _iso(view.asked_at),
        "outcome": outcome["id"],
        "states": states,
        "entries": manifest_hash(entries),
        "asker": asker,
    }
    return orjson.dumps(claims, option=orjson.OPT_SORT_KEYS)


def _issue(line: Line, notices: Sequence[Notice], base: str) -> dict[str, Any]:
    severity, code = SEVERITY_AND_CODE[line.state]
    issue: dict[str, Any] = {
        "severity": severity,
        "code": code,
        "details": {
            "coding": [{"system": f"{base}/CodeSystem/source-state", "code": line.state.value}],
            "text": f"{line.name}: {line.text}",
        },
    }
    held = [_notice(n, base) for n in notices if n.source == line.source]
    issue["extension"] = [_answer(line, base), *held]
    return issue


def _answer(line: Line, base: str) -> dict[str, Any]:
    """What is known of one source's answer, as one extension with parts."""
    said = not line.state.incomplete or line.items > 0
    parts = [
        _part("source", "valueUri", f"{base}/source/{line.source}"),
        _part("name", "valueString", line.name),
        _part("agency", "valueCode", line.agency),
        _part("agency-name", "valueString", line.agency_name),
        _part("sentence", "valueString", line.text),
        _part("items", "valueInteger", line.items) if said and line.state.answered else None,
        _part("items", "valueInteger", line.items) if line.items and not line.state.answered else None,
        _part("milliseconds", "valueInteger", _rounded(line.seconds)) if line.seconds is not None else None,
        _part("as-at", "valueDateTime", _iso(line.as_at)) if line.as_at else None,
        _part("since", "valueDateTime", _iso(line.since)) if line.since else None,
        _part("error", "valueString", line.reference) if line.reference else None,
        _part("telephone", "valueString", line.telephone.office) if line.telephone.office else None,
        _part("telephone-out-of-hours", "valueString", line.telephone.out_of_hours)
        if line.telephone.out_of_hours
        else None,
        *(_part("section", "valueCode", section) for section in sorted(line.sections)),
    ]
    return {
        "url": f"{base}/StructureDefinition/source-answer",
        "extension": [part for part in parts if part is not None],
    }


def _notice(notice: Notice, base: str) -> dict[str, Any]:
    parts = [_part("what", "valueString", notice.what)]
    if notice.why:
        parts.append(_part("why", "valueString", notice.why))
    if notice.contact:
        parts.append(_part("contact", "valueString", notice.contact))
    parts += [_part("rule", "valueCode", rule) for rule in notice.rules]
    return {"url": f"{base}/StructureDefinition/held-back", "extension": parts}


def _part(name: str, kind: str, value: object) -> dict[str, Any]:
    return {"url": name, kind: value}


def _extension(base: str, name: str, kind: str, value: object) -> dict[str, Any]:
    return {"url": f"{base}/StructureDefinition/{name}", kind: value}


def _rounded(seconds: float) -> int:
    return math.ceil(max(seconds * 1000, 1) / _STEP) * _STEP


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
