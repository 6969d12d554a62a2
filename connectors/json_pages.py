"""Where a JSON answer holds its records, and how it says that there are more.

CONTRIBUTING.md, "A system file, line by line": `items`, `next`, `cursor`, `page`, `total`.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from yarl import URL

from connectors.base import Failure, SourceError
from connectors.origin import Origin
from connectors.paths import Step, first, steps
from connectors.system import Kind, System, SystemMistake

_WAYS = ("next", "cursor", "page")

# the parameter, the number of the first page, and where the answer says how many there are
_Numbers = tuple[str, int, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Paging:
    """How one kind's answers are laid out. Of `next`, `cursor` and `page` at most one is used."""

    items: tuple[Step, ...]
    next: tuple[Step, ...]
    cursor: tuple[tuple[Step, ...], str] | None
    page: _Numbers | None
    total: tuple[Step, ...]

    def items_in(self, answer: Any) -> list[Any]:
        """The raw records of an answer; raises SourceError (UNREADABLE) if their place is missing."""
        place = answer
        for step in self.items:
            if step.name:
                if not isinstance(place, dict) or place.get(step.name) is None:
                    raise SourceError(Failure.UNREADABLE, f"an answer without '{step.name}'")
                place = place[step.name]
        wants_list = bool(self.items) and self.items[-1].many
        if wants_list and not isinstance(place, list):
            raise SourceError(Failure.UNREADABLE, "no list where the records should be")
        return place if wants_list else [place]


def paging(system: System, kind: Kind) -> Paging:
    """The layout that `kind` declares; raises SystemMistake."""
    request = kind.request
    if sum(way in request for way in _WAYS) > 1:
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name} has more than one of {', '.join(_WAYS)}")
    items = steps(str(request.get("items", "")))
    if any(step.many for step in items[:-1]) or any(step.at is not None for step in items):
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name}.items has a list before its end")
    cursor, page = request.get("cursor"), request.get("page")
    return Paging(
        items=items,
        next=steps(str(request.get("next", ""))),
        cursor=(steps(cursor["from"]), cursor["query"]) if cursor else None,
        page=(page["query"], int(page.get("first", 1)), steps(page.get("total", ""))) if page else None,
        total=steps(str(request.get("total", ""))),
    )


@dataclass(slots=True)
class Reading:
    """How far one fetch has come: which pages were asked for, and how many records came."""

    paging: Paging
    most: int
    asked: set[URL] = field(default_factory=set)
    items: int = 0

    def after(self, origin: Origin, address: URL, answer: Any, count: int) -> URL | None:
        """The address of the page after the one at `address` with `count` records; None if it was the last.

        Raises SourceError for a loop, a page too many, or fewer records than the source says it has.
        """
        self.asked.add(address)
        self.items += count
        following = self._following(origin, address, answer, count)
        if following is None:
            self._check_total(answer)
        elif following in self.asked:
            raise SourceError(Failure.UNREADABLE, "a page whose next page is an earlier one")
        elif len(self.asked) >= self.most:
            raise SourceError(Failure.TOO_LARGE, f"more than {self.most} pages")
        return following

    def _following(self, origin: Origin, address: URL, answer: Any, count: int) -> URL | None:
        way = self.paging
        if way.next:
            link = first(way.next, answer)
            return origin.followed(str(link), address) if link else None
        if way.cursor is not None:
            cursor = first(way.cursor[0], answer)
            return _with(address, way.cursor[1], str(cursor)) if cursor else None
        if way.page is not None:
            return self._numbered(way.page, address, answer, count)
        return None

    def _numbered(self, page: _Numbers, address: URL, answer: Any, count: int) -> URL | None:
        name, number, last = page
        done = len(self.asked)
        if last:
            said = first(last, answer)
            if not isinstance(said, int):
                raise SourceError(Failure.UNREADABLE, "an answer that does not say how many pages there are")
            return _with(address, name, str(number + done)) if done < said else None
        return _with(address, name, str(number + done)) if count else None

    def _check_total(self, answer: Any) -> None:
        if not self.paging.total:
            return
        total = first(self.paging.total, answer)
        if not isinstance(total, int):
            raise SourceError(Failure.UNREADABLE, "an answer that does not say how many records there are")
        if self.items < total:
            raise SourceError(Failure.UNREADABLE, "fewer records than the source says it has")


def _with(address: URL, name: str, value: str) -> URL:
    """`address` with one query parameter set; everything else in it stays as it was written."""
    kept = [part for part in address.raw_query_string.split("&") if part and part.split("=")[0] != name]
    query = "&".join([*kept, urlencode({name: value})])
    return URL(f"{str(address).partition('?')[0]}?{query}", encoded=True)
