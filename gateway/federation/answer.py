"""One source's answer to one request: what it gave, whether it is about this child, what went wrong."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from auth.decision import Item
from connectors.base import Failure


class Match(StrEnum):
    """Whether the source's records are about the child asked for."""

    FOUND = "found"
    NOT_HELD = "not-held"  # it answered fully and has nobody by these identifiers
    UNMATCHED = "unmatched"  # it could not be asked about, or answered about somebody else
    UNKNOWN = "unknown"  # it failed before that was clear


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of one source, with what decides about it; prints without content."""

    resource: dict[str, Any] = field(repr=False)
    item: Item

    @property
    def source(self) -> str:
        return self.item.source


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of asking one source.

    `foreign` counts records about another child, `faulty` records that could not be mapped or are not
    valid (by reason), `unmapped` codes that no map knows. `since` is when a breaker opened.
    """

    source: str
    match: Match
    failure: Failure | None = None
    entries: tuple[Entry, ...] = ()
    seconds: float = 0.0
    as_at: datetime | None = None
    foreign: int = 0
    faulty: Mapping[str, int] = field(default_factory=Counter)
    unmapped: Mapping[str, int] = field(default_factory=Counter)
    since: datetime | None = None
    reference: str = ""
    asked_by: frozenset[str] = frozenset()

    @property
    def skipped(self) -> bool:
        """A breaker kept the question back."""
        return self.since is not None
