"""The view's resources with what a page must know of each: its fact, its source's line, its labels.

https://hl7.org/fhir/R4/references.html : references are resolved inside the view only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.federation.receipt import Line, State
from gateway.federation.view import Resource, View
from gateway.viewer.elements import each, text_at
from gateway.viewer.facts import UNNAMED, Fact, facts
from gateway.viewer.marks import Mark, mark

_HELD_BACK = frozenset({"REDACTED", "MASKED"})


@dataclass(frozen=True, slots=True)
class Record:
    """One resource of the view and where it comes from."""

    resource: Resource = field(repr=False)
    fact: Fact
    line: Line
    mark: Mark
    labels: frozenset[str] = frozenset()
    type: str = ""
    reference: str = ""

    @property
    def held_back(self) -> bool:
        """Something was taken out of it that this person may know of."""
        return bool(self.labels & _HELD_BACK)


@dataclass(frozen=True, slots=True)
class Records:
    """All records of a view in its own order."""

    child: Record
    all: tuple[Record, ...]
    lines: Mapping[str, Line]
    by_reference: Mapping[str, Record] = field(repr=False)

    def of(self, *codes: str) -> tuple[Record, ...]:
        return tuple(record for record in self.all if record.fact.code in codes)

    def section(self, name: str) -> tuple[Record, ...]:
        return tuple(record for record in self.all if record.fact.section == name)

    def everyone(self) -> tuple[Record, ...]:
        """The child's own record first, then all others."""
        return (self.child, *self.all)

    def standing_alone(self, type_: str) -> tuple[Record, ...]:
        """The records of a type that no other record names."""
        named = {target for record in self.everyone() for target in _targets(record.resource)}
        return tuple(r for r in self.all if r.type == type_ and r.reference not in named)

    def resolve(self, owner: Resource, reference: object) -> Record | None:
        """The record that a Reference names, in the view or contained in its owner."""
        target = text_at(reference, "reference")
        if not target.startswith("#"):
            return self.by_reference.get(target) or self._identified(reference)
        inside = next((c for c in each(owner, "contained") if text_at(c, "id") == target[1:]), None)
        outer = self.by_reference.get(f"{text_at(owner, 'resourceType')}/{text_at(owner, 'id')}")
        if inside is None or outer is None:
            return None
        type_ = text_at(inside, "resourceType")
        return replace(outer, resource=inside, type=type_, reference=f"{outer.reference}{target}")

    def _identified(self, reference: object) -> Record | None:
        """The record that a Reference names by an identifier instead."""
        number = (text_at(reference, "identifier.system"), text_at(reference, "identifier.value"))
        if not all(number):
            return None
        named = (r for r in self.all for i in each(r.resource, "identifier") if _number(i) == number)
        return next(named, None)


def _number(identifier: Resource) -> tuple[str, str]:
    return text_at(identifier, "system"), text_at(identifier, "value")


def records(view: View, base: str, now: datetime) -> Records:
    """The records of a view; `base` is the deployment's canonical address."""
    lines = {line.source: line for line in view.lines}
    found = tuple(_record(resource, lines, base, now) for resource in (view.patient, *view.resources))
    named = {record.reference: record for record in found}
    return Records(found[0], found[1:], lines, named)


def _record(resource: Resource, lines: Mapping[str, Line], base: str, now: datetime) -> Record:
    source = text_at(resource, "meta.source").removeprefix(f"{base}/source/")
    name = "What you typed" if source == "asker" else "Source not named"
    line = lines.get(source) or Line(source, name, "", name, State.ERROR, "")
    labels = frozenset(text_at(label, "code") for label in each(resource, "meta.security"))
    type_ = text_at(resource, "resourceType")
    reference = f"{type_}/{text_at(resource, 'id')}"
    return Record(resource, _fact(resource, base), line, mark(line, now), labels, type_, reference)


def _fact(resource: Resource, base: str) -> Fact:
    tags = (tag for tag in each(resource, "meta.tag") if text_at(tag, "system") == f"{base}/CodeSystem/fact")
    known = (facts().get(text_at(tag, "code")) for tag in tags)
    return next((fact for fact in known if fact), UNNAMED)


def _targets(element: object) -> Iterator[str]:
    """Every reference inside an element, however deep."""
    if isinstance(element, dict):
        for name, value in element.items():
            if name == "reference" and isinstance(value, str):
                yield value
            else:
                yield from _targets(value)
    elif isinstance(element, list | tuple):
        for value in element:
            yield from _targets(value)
