"""The pages of one FHIR search: what matched, which comes next, and whether anything is missing.

https://hl7.org/fhir/R4/search.html and https://hl7.org/fhir/R4/bundle.html
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yarl import URL

from connectors.base import Failure, SourceError
from connectors.operation_outcome import failure_in, is_outcome
from connectors.paths import each

_NO_MATCH = frozenset({"include", "outcome"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came, the resources in it that were asked for, and when it was true."""

    raw: dict[str, Any] = field(repr=False)
    matches: tuple[dict[str, Any], ...] = field(repr=False)
    as_at: datetime | None = None


@dataclass(slots=True)
class Pages:
    """How far one search for `type` has come; `most` pages are read."""

    type: str
    most: int
    addresses: set[URL] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)
    matched: int = 0

    def matches(self, raw: dict[str, Any]) -> tuple[dict[str, Any], ...]:
        """The resources of a page that the search was for; raises SourceError (UNREADABLE)."""
        if raw.get("resourceType") != "Bundle":
            raise SourceError(Failure.UNREADABLE, "a search that was not answered with a Bundle")
        found = [entry for entry in _entries(raw) if self._is_match(entry)]
        fresh = [entry for entry in found if self._is_fresh(entry)]
        if found and not fresh:
            raise SourceError(Failure.UNREADABLE, "a page that only repeats entries of those before")
        self.matched += len(found)
        return tuple(entry["resource"] for entry in found)

    def _is_match(self, entry: dict[str, Any]) -> bool:
        search = entry.get("search")
        included = isinstance(search, dict) and search.get("mode") in _NO_MATCH
        return not included and entry["resource"].get("resourceType") == self.type

    def _is_fresh(self, entry: dict[str, Any]) -> bool:
        name = str(entry.get("fullUrl") or entry["resource"].get("id") or "")
        seen = name in self.entries
        if name:
            self.entries.add(name)
        return not seen

    def following(self, raw: dict[str, Any]) -> str | None:
        """The link to the next page; raises SourceError if entries are missing after the last."""
        for link in each(raw.get("link")):
            if isinstance(link, dict) and link.get("relation") == "next":
                return str(link.get("url", ""))
        total = raw.get("total")
        if isinstance(total, int) and total > self.matched:
            raise SourceError(Failure.UNREADABLE, "fewer entries than the total that the source gives")
        return None

    def visit(self, address: URL) -> None:
        """Notes a page that is about to be asked for; raises SourceError for a loop or one too many."""
        if address in self.addresses:
            raise SourceError(Failure.UNREADABLE, "a page whose next page is an earlier one")
        self.addresses.add(address)
        if len(self.addresses) >= self.most:
            raise SourceError(Failure.TOO_LARGE, f"more than {self.most} pages")


def raise_problems(raw: dict[str, Any]) -> None:
    """Raises the failure that an OperationOutcome in a Bundle tells of, or an entry without resource."""
    if raw.get("resourceType") != "Bundle":
        return
    for entry in each(raw.get("entry")):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            raise SourceError(Failure.UNREADABLE, "an entry of a Bundle without a resource")
        failure = failure_in(resource) if is_outcome(resource) else None
        if failure is not None:
            raise failure


def _entries(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in each(raw.get("entry")):
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            yield entry
