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

    @property
    def own_numbers(self) -> frozenset[str]: ...

    def reference(self, resource_type: str, key: str) -> str: ...


def rewrite(resource: dict[str, Any], frame: Referrer) -> None:
    """Replaces every reference in `resource`, in place: nobody else holds a source's answer."""
    for name, value in resource.items():
        kind = type(value)
        if kind is dict:
            resource[name] = _inner(value, frame)
        elif kind is list:
            _items(value, frame)
        elif kind is Digits:
            resource[name] = _number(value)


def _items(values: list[Any], frame: Referrer) -> None:
    for place, value in enumerate(values):
        kind = type(value)
        if kind is dict:
            values[place] = _inner(value, frame)
        elif kind is list:
            _items(value, frame)
        elif kind is Digits:
            values[place] = _number(value)


def _number(digits: Digits) -> float | Decimal:
    """A number that is written with the same digits again; 14.10 needs a Decimal for that, 14.1 does not."""
    number = float(digits)
    return number if repr(number) == digits else Decimal(digits)


def _inner(value: dict[str, Any], frame: Referrer) -> dict[str, Any]:
    rewrite(value, frame)
    target = value.get("reference")
    return _reference(value, target, frame) if type(target) is str else value


def _reference(value: dict[str, Any], target: str, frame: Referrer) -> dict[str, Any]:
    if target.startswith("#"):
        return value
    relative = _RELATIVE.match(target)
    if relative and relative[1] == "Patient":
        # a sibling or a twin is a Patient too: only the child's own number means the child
        ours = frame.subject and (target == frame.subject["reference"] or relative[2] in frame.own_numbers)
        return {**value, **frame.subject} if ours else _harmless(value)
    if relative and relative[1] in _KNOWN:
        value["reference"] = frame.reference(relative[1], relative[2])
        return value
    return _harmless(value)


def _harmless(value: dict[str, Any]) -> dict[str, Any]:
    """What is left of a reference that leads nowhere."""
    del value["reference"]
    return value or {"display": "not shown"}
