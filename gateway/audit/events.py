"""AuditEvents as values: one for the request, a decision and a question for each source, a manifest.

Shapes follow IHE Basic Audit Log Patterns: https://profiles.ihe.net/ITI/BALP/content.html . The child is
named by pseudonym, queries are never quoted, and no event holds content.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from auth.decision import Outcome, Ruling
from auth.principal import Principal
from gateway.audit.chain import Row

Event = dict[str, Any]
_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_EVENT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_INTERACTION = "http://hl7.org/fhir/restful-interaction"
_ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
_ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
_NEAREST = {
    "s47-enquiry": "THREAT",
    "safeguarding-concern": "THREAT",
    "s17-assessment": "COC",
    "early-help": "COC",
    "looked-after-care": "COC",
    "send-support": "COC",
    "youth-justice": "COC",
    "direct-care": "TREAT",
    "emergency-care": "ERTREAT",
    "break-glass": "BTG",
    "child-death-review": "HCOMPL",
    "audit-review": "HCOMPL",
    "subject-request": "PATRQT",
    "family-request": "FAMRQT",
}
SUCCESS, PARTIAL, FAILED, MAJOR = "0", "4", "8", "12"


@dataclass(frozen=True, slots=True)
class Frame:
    """What every event of one request has in common."""

    base: str
    request: str
    interaction: str  # read, search-type, operation
    principal: Principal | None
    child: str  # pseudonym
    policy_version: str = ""
    sealed_reason: str = ""


def row(frame: Frame, event: Event) -> Row:
    """The event as a row of the chain."""
    return Row(
        recorded=event["recorded"],
        child=frame.child,
        actor=frame.principal.user if frame.principal else "",
        request=frame.request,
        body=orjson.dumps(event, option=orjson.OPT_SORT_KEYS),
    )


def request_event(frame: Frame, now: datetime, outcome: str = SUCCESS, why: str = "") -> Event:
    """Somebody asked; written before any agency learns of it."""
    details = []
    if frame.principal is not None:
        principal = frame.principal
        stated = {
            "unscheduled": str(principal.unscheduled).lower(),
            "told-family": "stated" if principal.told_family else "",
            "reason": frame.sealed_reason,
            "token": principal.token_id,
        }
        details = [{"type": k, "valueString": v} for k, v in stated.items() if v]
    event = _event(frame, now, "R" if frame.interaction == "read" else "E", outcome, why)
    event["entity"][-1]["detail"] = details or [{"type": "token", "valueString": "none"}]
    return event


def decision_event(frame: Frame, now: datetime, source: str, ruling: Ruling) -> Event:
    """What the rules said about asking one source (or about the whole request, if `source` is empty)."""
    permitted = ruling.outcome is Outcome.PERMIT
    event = _event(frame, now, "E", SUCCESS if permitted else FAILED, ruling.text)
    event["type"] = {"system": _DCM, "code": "110113", "display": "Security Alert"}
    event["subtype"] = [
        {"system": "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", "code": "AuthZ-Consent"}
    ]
    event["entity"].append(
        {
            "what": {"identifier": {"system": f"{frame.base}/policy", "value": frame.policy_version}},
            "type": {"system": _ENTITY_TYPE, "code": "2", "display": "System Object"},
            "detail": [
                {"type": "rules", "valueString": " ".join(ruling.rules) or "none"},
                {"type": "outcome", "valueString": ruling.outcome.value},
                {"type": "source", "valueString": source or "request"},
            ],
        }
    )
    return event


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question to a source, as the audit keeps it."""

    source: str
    state: str
    asked_by: Sequence[str]
    items: int
    failed: bool
    foreign: int = 0
    faulty: int = 0


def query_event(frame: Frame, now: datetime, asked: Asked) -> Event:
    """A source was asked about the child, and this became of it."""
    event = _event(frame, now, "E", FAILED if asked.failed else SUCCESS, asked.state)
    event["subtype"] = [{"system": _INTERACTION, "code": "search-type", "display": "search-type"}]
    event["agent"].append(
        {
            "type": {"coding": [{"system": _DCM, "code": "110152", "display": "Destination Role ID"}]},
            "who": {"identifier": {"system": f"{frame.base}/source", "value": asked.source}},
            "requestor": False,
        }
    )
    counts = {
        "identifiers": " ".join(sorted(asked.asked_by)) or "none",
        "items": str(asked.items),
        "foreign": str(asked.foreign),
        "faulty": str(asked.faulty),
    }
    event["entity"][-1]["detail"] = [{"type": k, "valueString": v} for k, v in counts.items()]
    return event


def manifest_event(
    frame: Frame, now: datetime, shown: Sequence[tuple[str, str, Sequence[str]]], complete: bool
) -> Event:
    """What was shown: each resource's reference, keyed hash, and the rules that let it through."""
    event = _event(frame, now, "R", SUCCESS if complete else PARTIAL, "" if complete else "incomplete")
    event["subtype"] = [{"system": f"{frame.base}/CodeSystem/audit", "code": "view-manifest"}]
    event["entity"][-1]["detail"] = [
        {"type": "items", "valueString": str(len(shown))},
        {"type": "policy", "valueString": frame.policy_version},
        *(
            {"type": reference, "valueString": f"{fingerprint} {' '.join(rules)}".strip()}
            for reference, fingerprint, rules in shown
        ),
    ]
    return event


def notice_event(frame: Frame, now: datetime, obligation: str, to: str) -> Event:
    """An obligation that fired: somebody is to be told of this look."""
    event = _event(frame, now, "E", SUCCESS, "")
    event["subtype"] = [{"system": f"{frame.base}/CodeSystem/audit", "code": "notify"}]
    event["entity"][-1]["detail"] = [
        {"type": "obligation", "valueString": obligation},
        {"type": "to", "valueString": to},
    ]
    return event


def _event(frame: Frame, now: datetime, action: str, outcome: str, why: str) -> Event:
    event: Event = {
        "resourceType": "AuditEvent",
        "type": {"system": _EVENT_TYPE, "code": "rest", "display": "RESTful Operation"},
        "subtype": [{"system": _INTERACTION, "code": frame.interaction, "display": frame.interaction}],
        "action": action,
        "recorded": now.isoformat(timespec="milliseconds"),
        "outcome": outcome,
        "agent": _agents(frame),
        "source": {"observer": {"display": "Whole-child gateway"}},
        "entity": _entities(frame),
    }
    if why:
        event["outcomeDesc"] = why
    if frame.principal is not None and frame.principal.purpose:
        event["purposeOfEvent"] = [{"coding": _purpose(frame.base, frame.principal.purpose)}]
    return event


def _purpose(base: str, purpose: str) -> list[dict[str, str]]:
    local = {"system": f"{base}/CodeSystem/cs-sharing-purpose", "code": purpose}
    nearest = _NEAREST.get(purpose)
    return [local, {"system": _ACT_REASON, "code": nearest}] if nearest else [local]


def _agents(frame: Frame) -> list[dict[str, Any]]:
    if frame.principal is None:
        return [{"who": {"display": "not authenticated"}, "requestor": True}]
    principal = frame.principal
    system, code = principal.organization
    return [
        {
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                                 "code": "IRCP", "display": "information recipient"}]},
            "role": [{"text": principal.role}],
            "who": {"identifier": {"system": f"{frame.base}/user", "value": principal.user}},
            "requestor": True,
        },
        {
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleClass",
                                 "code": "PROV", "display": "healthcare provider"}]},
            "who": {"identifier": {"system": system, "value": code}} if system else {"display": code},
            "requestor": False,
        },
    ]  # fmt: skip


def _entities(frame: Frame) -> list[dict[str, Any]]:
    entities = []
    if frame.child:
        entities.append(
            {
                "what": {"identifier": {"system": f"{frame.base}/pseudonym", "value": frame.child}},
                "type": {"system": _ENTITY_TYPE, "code": "1", "display": "Person"},
                "role": {"system": _ROLE, "code": "1", "display": "Patient"},
            }
        )
    request = {
        "what": {"identifier": {"system": f"{frame.base}/request", "value": frame.request}},
        "type": {"system": "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
                 "code": "XrequestId"},
    }  # fmt: skip
    return [*entities, request]


def counted(values: Mapping[str, int]) -> int:
    """How many in all."""
    return sum(values.values())
