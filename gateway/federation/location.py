"""The child's whereabouts: shown only when every source that may restrict them has answered and none does.

One restriction anywhere removes every location-bearing leaf everywhere (rule S-01): a hospital's copy of an
address is as dangerous as the council's.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from auth.decision import Facts, Item
from gateway.federation.answer import Answer, Match
from gateway.federation.connected import Connected
from gateway.federation.masking import ABSENT

NOT_CHECKED = "Location not shown: it could not be checked whether it is restricted."
UNTRACED = "Location not shown: the register that says whether it is restricted did not answer."
WITHHELD = "Location withheld. Ask social care."
_RESTRICTING = frozenset({"LOCIS", "refuge-address", "protected-person"})
_MAY_RESTRICT = frozenset({"identity", "social-care"})

# what says where the child lives, sleeps or can be met, wherever in a resource it stands
_PLACES = frozenset(
    "address telecom contact location locationReference locationCode hospitalization serviceProvider "
    "managingOrganization generalPractitioner organization onBehalfOf custodian assigner partOf position "
    "photo contained valueAddress valueContactPoint valueReference".split()
)
# free text goes too, since it may
_TEXTS = frozenset(
    "text note comment description title conclusion progress instruction patientInstruction outcomeDesc "
    "availabilityExceptions alias valueString valueMarkdown".split()
)
_STAFF = frozenset({"Practitioner", "PractitionerRole", "CareTeam"})  # whose telephone people need
_WHOLE = frozenset({"Location", "Organization", "HealthcareService"})  # their name and address say where
_REFERENCE = frozenset({"reference", "type", "identifier", "display", "id", "extension"})
_HOME: Mapping[str, frozenset[str]] = {
    "Patient": frozenset({"address", "telecom"}),
    "RelatedPerson": frozenset({"address", "telecom"}),
    "Location": frozenset({"address", "position", "telecom"}),
}


class Whereabouts(StrEnum):
    """What may be shown of where the child is."""

    OPEN = "open"
    UNCHECKED = "unchecked"  # an agency that may restrict them has not answered: the home is held
    UNTRACED = "untraced"  # the identity source has not, so nobody knows: all is held, as if restricted
    RESTRICTED = "restricted"

    @property
    def closed(self) -> bool:
        """Nothing that says where may be shown, from whatever source."""
        return self in (Whereabouts.UNTRACED, Whereabouts.RESTRICTED)


def whereabouts(facts: Facts, connected: Iterable[Connected], answers: Mapping[str, Answer]) -> Whereabouts:
    """What may be shown, given the answers so far."""
    labels = {label for a in answers.values() for entry in a.entries for label in entry.item.labels}
    if facts.sensitive or labels & _RESTRICTING:
        return Whereabouts.RESTRICTED
    if not facts.known:
        return Whereabouts.UNTRACED
    checkers = [c.id for c in connected if c.source.agency in _MAY_RESTRICT]
    if any(not _checked(answers.get(source)) for source in checkers):
        return Whereabouts.UNCHECKED
    return Whereabouts.OPEN


def _checked(answer: Answer | None) -> bool:
    """It answered, whole and about this child, so that a restriction would have been seen.

    A source that no identifier of the child reaches was not asked and is not in scope: its silence holds
    nothing back. One that was asked and could not be matched leaves the question open.
    """
    if answer is None or answer.failure is not None or answer.foreign or answer.faulty:
        return False
    never_asked = answer.match is Match.UNMATCHED and not answer.asked_by
    return never_asked or answer.match in (Match.FOUND, Match.NOT_HELD)


def names_the_surgery(item: Item, state: Whereabouts) -> bool:
    """It says who the child's GP is: of a restricted address that is hidden too."""
    return state.closed and item.kind == "gp" and item.type in _STAFF


def without_location(resource: Mapping[str, Any], state: Whereabouts) -> Mapping[str, Any] | None:
    """`resource` without what says where the child is; None if nothing else is in it."""
    resource_type = resource["resourceType"]
    if state is Whereabouts.OPEN:
        return resource
    if state is Whereabouts.UNCHECKED:
        return _less(resource, _HOME.get(resource_type, frozenset()))
    if resource_type in _WHOLE:
        return None
    hidden = _PLACES - {"telecom"} if resource_type in _STAFF else _PLACES
    kept = {n: v if n == "meta" else _plain(v, hidden) for n, v in resource.items()}
    less = {n: v for n, v in kept.items() if not _is_hidden(n, v, hidden) and v not in ({}, [])}
    return resource if less == resource else less


def _less(resource: Mapping[str, Any], names: frozenset[str]) -> Mapping[str, Any]:
    return {k: v for k, v in resource.items() if k not in names} if names & resource.keys() else resource


def _is_hidden(name: str, value: Any, hidden: frozenset[str]) -> bool:
    # a person's name is a list; a team's or an agent's is free text
    element = name.removeprefix("_")
    return element in hidden or element in _TEXTS or (element == "name" and isinstance(value, str))


def _plain(value: Any, hidden: frozenset[str]) -> Any:
    """`value` without places and free text; what R4 may require says that it is masked."""
    if isinstance(value, list):
        return [one for one in (_plain(inner, hidden) for inner in value) if one not in ({}, [])]
    if not isinstance(value, dict):
        return value
    if value.keys() <= _REFERENCE and value.keys() & {"reference", "identifier", "display"}:
        return {name: value[name] for name in ("reference", "type") if name in value} or ABSENT
    if "family" in value or "given" in value:
        return value
    kept = {n: _plain(v, hidden) for n, v in value.items() if not _is_hidden(n, v, hidden)}
    kept = {n: v for n, v in kept.items() if v not in ({}, [])}
    if kept.keys() == {"url"}:
        return {}
    return kept or (ABSENT if "text" in value else {})
