"""The view: everything that one request may show of one child, before it takes a form.

Bundles, pages and the terminal are made from it, and from nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.federation.receipt import Line, Notice

Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """One child as one person may see them, so far (`finished` is False while sources are still asked).

    `patient` is the child's Patient (from the identity source, or typed by the asker when that did not
    answer); `resources` are all others in total order, each with meta.source (`<base>/source/<id>`),
    meta.tag fact (system `<base>/CodeSystem/fact`) and meta.security.
    """

    patient: Resource
    resources: tuple[Resource, ...]
    lines: tuple[Line, ...]
    notices: tuple[Notice, ...]
    asked_at: datetime
    finished: bool
    column: str = ""
    purpose: str = ""
    policy_version: str = ""
    location_withheld: str = ""  # why the child's whereabouts are not shown; empty if they are
    reference: str = ""
    written: Mapping[str, bytes] = field(default_factory=dict)  # once released: each resource's JSON, by id

    @property
    def complete(self) -> bool:
        """No source that was asked left anything out."""
        return self.finished and not any(line.state.incomplete for line in self.lines)

    def __repr__(self) -> str:
        return f"<View resources={len(self.resources)} sources={len(self.lines)}>"
