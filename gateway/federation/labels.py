"""Security labels that a resource carries when it leaves its source's translation.

https://terminology.hl7.org/CodeSystem-v3-Confidentiality.html: a resource that its source did not label
gets its section's default, the stricter one wherever we are not sure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.model import Model

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
INTEGRITY = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
_NORMAL = {"system": CONFIDENTIALITY, "code": "N", "display": "normal"}
_RESTRICTED = {"system": CONFIDENTIALITY, "code": "R", "display": "restricted"}
_NORMAL_FACTS = frozenset({"practitioner", "practitioner-role", "organization", "location", "involvement"})
REDACTED = {"system": INTEGRITY, "code": "REDACTED", "display": "redacted"}
SUBSETTED = {"system": INTEGRITY, "code": "SUBSETTED", "display": "subsetted"}


def confidentiality(
    security: Sequence[Mapping[str, Any]], fact: str, model: Model
) -> list[Mapping[str, Any]]:
    """The labels of a source, with a confidentiality if it gave none."""
    if any(label.get("system") == CONFIDENTIALITY for label in security):
        return list(security)
    normal = fact in _NORMAL_FACTS or model.section(fact) in ("health", "education", "identity")
    return [_NORMAL if normal else _RESTRICTED, *security]
