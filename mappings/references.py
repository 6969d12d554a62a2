"""References between resources: made through the context, so that no id of a source leaves.

https://hl7.org/fhir/R4/references.html#literal
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from mappings.mistakes import Unreadable

_RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]+)?")


class Context(Protocol):
    """What the gateway knows while one child's records of one source are mapped."""

    @property
    def subject(self) -> Mapping[str, str] | None:
        """A Reference to the child."""
        ...

    def reference(self, resource_type: str, key: str) -> str:
        """ "Practitioner/<opaque id>" for the source's own key."""
        ...

    def unmapped(self, concept_map: str, code: str) -> None:
        """Counts a code that no ConceptMap knows."""
        ...


class Run:
    """One record being mapped: the context, and what functions had to decide about which field."""

    __slots__ = ("context", "field", "notes")

    def __init__(self, context: Context) -> None:
        self.context = context
        self.field = ""
        self.notes: list[tuple[str, str]] = []

    def note(self, reason: str) -> None:
        self.notes.append((self.field, reason))


def ref(run: Run, value: str, resource_type: str = "") -> dict[str, str]:
    """A Reference to the resource with this key ("Type/key": the key in it)."""
    return {"reference": ref_text(run, value, resource_type)}


def ref_text(run: Run, value: str, resource_type: str = "") -> str:
    """What stands in Reference.reference."""
    match = _RELATIVE.fullmatch(value)
    if match and resource_type in ("", match[1]):
        return run.context.reference(match[1], match[2])
    if not resource_type:
        raise Unreadable("not a reference to a resource")
    if match:
        raise Unreadable(f"a reference to another type than {resource_type}")
    return run.context.reference(resource_type, value)


def subject(run: Run, value: Any) -> dict[str, str] | None:
    """A Reference to the child, for elements other than the subject."""
    return None if run.context.subject is None else dict(run.context.subject)


def shaped(run: Run, value: Any) -> Any:
    """A copy of a field that already has FHIR's shape.

    Each reference in it goes through the context; one that leads out of the source loses its target.
    Connectors keep a decimal's digits as a kind of text of its own, which becomes the number here.
    """
    if isinstance(value, list):
        return [shaped(run, item) for item in value]
    if isinstance(value, dict):
        made = {name: shaped(run, inner) for name, inner in value.items() if name != "reference"}
        return _target(run, value.get("reference")) | made
    return Decimal(value) if isinstance(value, str) and value.__class__ is not str else value


def _target(run: Run, reference: Any) -> dict[str, str]:
    if not isinstance(reference, str):
        return {}
    match = _RELATIVE.fullmatch(reference)
    if match:
        return {"reference": run.context.reference(match[1], match[2])}
    return {"reference": reference} if reference.startswith("#") else {}
