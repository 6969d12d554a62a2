"""How a kind of record is asked for in FHIR: read, search or operation.

https://hl7.org/fhir/R4/http.html#search and https://hl7.org/fhir/R4/operations.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from connectors.documents import document
from connectors.holes import filled_or_unsupported, in_json, in_path, in_search, in_xml
from connectors.question import Question, parameters
from connectors.system import Kind, System, SystemMistake

FORMATS: Mapping[str, str] = {"json": "application/fhir+json", "xml": "application/fhir+xml"}
METHODS = ("post-search", "get", "operation")

# what servers say of a child whom they do not have: FHIR's words, then Spine's and GP Connect's
_ABSENT = (
    "not-found",
    "deleted",
    "RESOURCE_NOT_FOUND",
    "INVALIDATED_RESOURCE",
    "PATIENT_NOT_FOUND",
    "NO_RECORD_FOUND",
)
_CONTAINERS = frozenset({"Bundle", "Parameters"})


@dataclass(frozen=True, slots=True)
class Interaction:
    """One kind's way of being asked for; `type` is the resource type that the answer holds.

    `document` is an operation's body with its holes, `absent` the codes by which a 404 or 410 means that
    the child has no record there.
    """

    method: str
    path: str
    type: str
    read: bool
    search: Mapping[str, Any]
    document: str
    absent: frozenset[str]

    @property
    def searches(self) -> bool:
        return not self.read and self.method != "operation"

    @property
    def types(self) -> frozenset[str]:
        """What the answer to a read or an operation may be."""
        return frozenset({self.type}) if self.read else _CONTAINERS


@dataclass(frozen=True, slots=True)
class Put:
    """An interaction ready to be put: its HTTP method, address below the base, and body."""

    method: str
    path: str = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    content_type: str = ""


def interaction(system: System, kind: Kind) -> Interaction:
    """How `kind` says that it is asked for; raises SystemMistake."""
    method = str(kind.request.get("method", "post-search"))
    if method not in METHODS:
        raise SystemMistake(f"{system.id}.toml: kinds.{kind.name}.method is one of {', '.join(METHODS)}")
    segments = kind.path.split("/")
    read = method == "get" and len(segments) % 2 == 0
    operation = method == "operation"
    return Interaction(
        method=method,
        path=kind.path,
        type="" if operation else segments[-2 if read else -1],
        read=read,
        search=kind.request.get("search", {}),
        document=document(system, kind) if operation else "",
        absent=frozenset(kind.request.get("absent", _ABSENT if read or operation else ())),
    )


def put(asked_for: Question, way: Interaction, format_: str) -> Put:
    """The request for `asked_for`; raises SourceError (UNSUPPORTED) if a value that it needs is absent."""
    path = filled_or_unsupported(way.path, asked_for.values, in_path)
    if way.method == "operation":
        escape = in_json if format_ == "json" else in_xml
        body = filled_or_unsupported(way.document, asked_for.values, escape)
        return Put("POST", path, body.encode(), FORMATS[format_])
    if way.read:
        return Put("GET", path)
    query = urlencode(parameters(asked_for, way.search, in_search))
    if way.method == "get":
        return Put("GET", f"{path}?{query}" if query else path)
    return Put("POST", f"{path}/_search", query.encode(), "application/x-www-form-urlencoded")
