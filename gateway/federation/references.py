"""References inside resources that a source already speaks in R4: made ours, or made harmless.

https://hl7.org/fhir/R4/references.html ; a reference is never followed, and only one to a resource of the
same source and child keeps its target.
"""

import re
from decimal import Decimal
from typing import Any, Protocol

from connectors.digits import Digits
from gateway.identity.ids import TYPES

_RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?\Z")
_KNOWN = frozenset(TYPES)


class Referrer(Protocol):
    """Where a reference of this source and child leads."""

    @property
    def subject(self) -> Any: ...

    def reference(self, resource_type: str, key: str) -> str: ...


def rewrite(resource: dict[str, Any], frame: Referrer) -> None:
    """Replaces every reference in `resource`, whose nested parts are copied where they change."""
    for name, value in resource.items():
        resource[name] = _value(value, frame)


def _value(value: Any, frame: Referrer) -> Any:
    if isinstance(value, list):
        return [_value(one, frame) for one in value]
    if isinstance(value, Digits):
        return Decimal(value)
    if not isinstance(value, dict):
        return value
    changed = {name: _value(inner, frame) for name, inner in value.items()}
    if isinstance(changed.get("reference"), str):
        return _reference(changed, frame)
    return changed


def _reference(value: dict[str, Any], frame: Referrer) -> dict[str, Any]:
    target = value["reference"]
    if target.startswith("#"):
        return value
    relative = _RELATIVE.match(target)
    if relative and relative[1] == "Patient" and frame.subject:
        return {**value, **frame.subject}
    if relative and relative[1] in _KNOWN:
        return {**value, "reference": frame.reference(relative[1], relative[2])}
    rest = {name: inner for name, inner in value.items() if name != "reference"}
    return rest or {"display": "not shown"}
