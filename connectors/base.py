"""What a source of records is: the whole contract between the gateway and an agency's system.

Written down in CONTRIBUTING.md, "The connector contract"; every sentence of it is a test in
tests/contract/.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Failure(StrEnum):
    """Why a source gave no full answer, in the words that a caller can act on."""

    TIMED_OUT = "timed-out"  # no full answer within the deadline
    UNAVAILABLE = "unavailable"  # nobody there: refused, reset, 5xx, database down
    REJECTED = "rejected"  # it will not talk to us: credentials, certificate, 401, 403
    THROTTLED = "throttled"  # it asks us to come back later
    UNREADABLE = "unreadable"  # it answered, but not in the format that it promises
    TOO_LARGE = "too-large"  # the answer exceeds the cap for one answer
    UNSUPPORTED = "unsupported"  # it cannot be asked this, or not by these identifiers
    PAUSED = "paused"  # the agency has switched sharing off


class SourceError(Exception):
    """A source could not answer fully. `detail` is for operators and never holds content."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(f"{failure}: {detail}" if detail else str(failure))
        self.failure = failure
        self.detail = detail


class Record(dict[str, Any]):
    """One record of a source, as a plain mapping; prints as its kind only, never its content.

    `kind` is the kind of record, `as_at` when the source says that it was true (aware), if it says.
    """

    __slots__ = ("as_at", "kind")

    def __init__(self, kind: str, fields: Mapping[str, Any], as_at: datetime | None = None) -> None:
        super().__init__(fields)
        self.kind = kind
        self.as_at = as_at

    def __repr__(self) -> str:
        return f"<Record kind={self.kind} fields={len(self)}>"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Capability:
    """What a source offers for one kind of record.

    `fields` maps each path that a record may have to its type: "a", "a.b", and "a[].b" under a list.
    `person_keys` names the identifiers ("nhs-number", "upn", "local", ...) by any one of which the
    source can be asked about a person. `pushdown` names the filters that it applies itself. Kinds with
    the same `asked_as` come in one answer: `fetch` of that name yields them all. `as_at` is the time of
    a copy (a nightly file), where the source is one.
    """

    fields: Mapping[str, str]
    person_keys: frozenset[str]
    asked_as: str
    pushdown: frozenset[str] = frozenset()
    as_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One question to a source: records of a kind (or of an `asked_as` group) about one person.

    `person` maps identifier names to values as this source writes them. `filters` are those that the
    capability lists as pushed down. `limit` caps the records wanted; a source may give more.
    """

    kind: str
    person: Mapping[str, str] = field(repr=False)
    filters: Mapping[str, str] = field(default_factory=dict, repr=False)
    limit: int | None = None


class Connector(Protocol):
    """An agency's system as a source of records: one attribute, one method.

    1. It may answer too much; it never answers too little silently.
    2. It yields Records with only declared fields.
    3. It raises only SourceError; anything else is a defect.
    4. Records yielded before an error are kept; the answer is then truncated.
    5. It keeps to the caller's deadline (cancellation), holds nothing afterwards, logs no record.
    """

    @property
    def capabilities(self) -> Mapping[str, Capability]: ...

    def fetch(self, query: Query) -> AsyncGenerator[Record, None]: ...
