"""The child's whereabouts: shown only when every source that may restrict them has answered and none does.

One restriction anywhere removes every location-bearing leaf everywhere (rule S-01): a hospital's copy of an
address is as dangerous as the council's.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from auth.decision import Facts
from gateway.federation.answer import Answer, Match
from gateway.federation.connected import Connected

NOT_CHECKED = "Location not shown: it could not be checked whether it is restricted."
WITHHELD = "Location withheld. Ask social care."
_RESTRICTING = frozenset({"LOCIS", "refuge-address", "protected-person"})
_MAY_RESTRICT = frozenset({"identity", "social-care"})

# what says where the child lives, sleeps or can be met; free text goes too, since it may
_LEAVES: Mapping[str, frozenset[str]] = {
    "Patient": frozenset({"address", "telecom", "contact", "generalPractitioner", "managingOrganization"}),
    "RelatedPerson": frozenset({"address", "telecom"}),
    "Encounter": frozenset({"location", "serviceProvider", "hospitalization"}),
    "EpisodeOfCare": frozenset({"managingOrganization"}),
    "CarePlan": frozenset({"description"}),
    "ServiceRequest": frozenset({"locationReference", "locationCode"}),
    "Immunization": frozenset({"location"}),
    "Procedure": frozenset({"location"}),
}
_TEXTS = frozenset({"text", "note", "comment", "description"})
_WHOLE = frozenset({"Location", "Organization"})  # an organisation's name and address say where
_HOME: Mapping[str, frozenset[str]] = {
    "Patient": frozenset({"address", "telecom"}),
    "RelatedPerson": frozenset({"address", "telecom"}),
}


class Whereabouts(StrEnum):
    """What may be shown of where the child is."""

    OPEN = "open"
    UNCHECKED = "unchecked"
    RESTRICTED = "restricted"


def whereabouts(facts: Facts, connected: Iterable[Connected], answers: Mapping[str, Answer]) -> Whereabouts:
    """What may be shown, given the answers so far."""
    labels = {label for a in answers.values() for entry in a.entries for label in entry.item.labels}
    if facts.sensitive or labels & _RESTRICTING:
        return Whereabouts.RESTRICTED
    checkers = [c.id for c in connected if c.source.agency in _MAY_RESTRICT]
    if not facts.known or any(not _checked(answers.get(source)) for source in checkers):
        return Whereabouts.UNCHECKED
    return Whereabouts.OPEN


def _checked(answer: Answer | None) -> bool:
    """It answered fully; that it could not be asked about this child leaves the question open."""
    return answer is not None and answer.failure is None and answer.match in (Match.FOUND, Match.NOT_HELD)


def without_location(resource: Mapping[str, Any], state: Whereabouts) -> Mapping[str, Any] | None:
    """`resource` without what says where the child is; None if nothing else is in it."""
    resource_type = resource["resourceType"]
    if state is Whereabouts.OPEN:
        return resource
    if state is Whereabouts.UNCHECKED:
        return _less(resource, _HOME.get(resource_type, frozenset()))
    if resource_type in _WHOLE:
        return None
    leaves = _LEAVES.get(resource_type, frozenset()) | _TEXTS
    return _without_free_text(_less(resource, leaves))


def _less(resource: Mapping[str, Any], names: frozenset[str]) -> Mapping[str, Any]:
    return {k: v for k, v in resource.items() if k not in names} if names & resource.keys() else resource


def _without_free_text(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """No CodeableConcept.text beside a coding, no display of a reference: they may name a place."""
    return {name: _plain(value) for name, value in resource.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    dropped = ({"text"} if "coding" in value else set()) | ({"display"} if "reference" in value else set())
    return {name: _plain(inner) for name, inner in value.items() if name not in dropped}
