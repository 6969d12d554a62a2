"""Pages of a searchset: by position in the total order, with nothing stored between them.

https://hl7.org/fhir/R4/http.html#paging ; each page asks again, so that what was withdrawn stays away.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.federation.view import Resource
from gateway.fhir.context import Context
from gateway.fhir.cursor import Position


@dataclass(frozen=True, slots=True)
class Slice:
    """The resources of one page, and the next page's cursor (empty on the last)."""

    resources: Sequence[Resource]
    cursor: str = ""


def check_cursor(context: Context, cursor: str | None, bound_to: str) -> None:
    """Raises ExpiredPage for a cursor that leads nowhere, before agencies are asked for its page."""
    if cursor:
        _position(context, cursor, bound_to)


def cut(
    context: Context,
    resources: Sequence[Resource],
    count: int | None,
    cursor: str | None,
    bound_to: str,
    rank: Callable[[Resource], tuple[int, str, str]],
) -> Slice:
    """The page of `resources` (in the order of `rank`) that `cursor` and `count` name."""
    rest = list(resources)
    if cursor:
        place = _position(context, cursor, bound_to)
        after = (int(place.source), place.type, place.id)
        rest = [resource for resource in rest if rank(resource) > after]
    if count is None or len(rest) <= count:
        return Slice(rest)
    page = rest[:count]
    if not page:
        return Slice(page)
    last = rank(page[-1])
    position = Position(str(last[0]), last[1], last[2])
    return Slice(page, context.runtime.cursors.seal(position, _bound(context, bound_to), time.time()))


def _position(context: Context, cursor: str, bound_to: str) -> Position:
    return context.runtime.cursors.open(cursor, _bound(context, bound_to), time.time())


def _bound(context: Context, bound_to: str) -> str:
    """What a cursor is good for: this asker, these rules, this question."""
    return f"{context.asker}|{context.runtime.rules.version}|{bound_to}"


def ranking(context: Context) -> Callable[[Resource], tuple[int, str, str]]:
    """The total order of gateway.federation.merge, as a key: source as configured, type, id."""
    order = {f"{context.runtime.base}/source/{s.id}": n for n, s in enumerate(context.runtime.sources)}

    def rank(resource: Resource) -> tuple[int, str, str]:
        source = resource.get("meta", {}).get("source", "")
        return order.get(source, -1), resource["resourceType"], resource["id"]

    return rank
