"""References inside resources that a source already speaks in R4: made ours, or made harmless.

https://hl7.org/fhir/R4/references.html ; a reference is never followed, and only one to a resource of the
same source and child keeps its target. What a source writes beside a reference to a person may be an earlier
name or somebody else's number, so it goes.
"""

import re
from decimal import Decimal
from typing import Any, Protocol

from connectors.digits import Digits
from gateway.identity.child import NHS_NUMBER
from gateway.identity.ids import TYPES

_RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?\Z")
_KNOWN = frozenset(TYPES)


class Referrer(Protocol):
    """Where a reference of this source and child leads."""

    @property
    def subject(self) -> Any: ...

    @property
    def own_numbers(self) -> frozenset[str]: ...

    @property
    def ours(self) -> dict[str, str]:
        """What each reference met so far has become."""
        ...

    def reference(self, resource_type: str, key: str) -> str: ...


def rewrite(resource: dict[str, Any], frame: Referrer) -> None:
    """Replaces every reference in `resource`, in place: nobody else holds a source's answer.

    A loop over a heap of holders, not a recursion: this runs for every part of every resource.
    """
    holders: list[Any] = [resource]
    while holders:
        holder = holders.pop()
        places = holder.items() if type(holder) is dict else enumerate(holder)
        for place, value in places:
            kind = type(value)
            if kind is dict or kind is list:
                holders.append(value)
            elif kind is Digits:
                holder[place] = _number(value)
        if type(holder) is dict:
            if type(holder.get("identifier")) is dict and holder["identifier"].get("system") == NHS_NUMBER:
                _forget_number(holder)
            if type(holder.get("reference")) is str:
                _refer(holder, frame)


def _forget_number(holder: dict[str, Any]) -> None:
    """A Reference's NHS number is the child's own, which says nothing new, or one that nobody may learn."""
    del holder["identifier"]
    if not holder:
        holder["display"] = "not shown"


def _number(digits: Digits) -> float | Decimal:
    """A number that is written with the same digits again; 14.10 needs a Decimal for that, 14.1 does not."""
    number = float(digits)
    return number if repr(number) == digits else Decimal(digits)


def _refer(holder: dict[str, Any], frame: Referrer) -> None:
    """Makes one Reference ours, or harmless."""
    target = holder["reference"]
    ours = frame.ours.get(target)
    if ours is None:
        ours = frame.ours[target] = _target(target, frame)
    if ours is _NOWHERE:
        del holder["reference"]
        if not holder:
            holder["display"] = "not shown"
    elif ours is not target:
        holder["reference"] = ours
    if frame.subject and ours == frame.subject["reference"]:
        holder.pop("display", None)


_NOWHERE = ""


def _target(target: str, frame: Referrer) -> str:
    """Where a source's reference leads here; nowhere if it is to somebody else, or outside."""
    if target.startswith("#"):
        return target
    relative = _RELATIVE.match(target)
    if relative and relative[1] == "Patient":
        # a sibling or a twin is a Patient too: only the child's own number means the child
        own = frame.subject and (target == frame.subject["reference"] or relative[2] in frame.own_numbers)
        return str(frame.subject["reference"]) if own else _NOWHERE
    return frame.reference(relative[1], relative[2]) if relative and relative[1] in _KNOWN else _NOWHERE
