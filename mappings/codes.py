"""ConceptMaps and our CodeSystems, read from mappings/codes/*.yaml.

https://hl7.org/fhir/R4/conceptmap.html. What happens to a code that a map does not know is written in
each map: `error`, `text-only`, or a fixed code; it is always counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mappings.mistakes import Unreadable
from mappings.references import Run

BASE = "https://wholechild.example/fhir"


@dataclass(frozen=True, slots=True)
class Coding:
    """One target of a code."""

    system: str
    code: str
    display: str = ""
    equivalence: str = "equivalent"

    def as_fhir(self) -> dict[str, str]:
        made = {"system": self.system, "code": self.code, "display": self.display}
        return made if self.display else {"system": self.system, "code": self.code}


@dataclass(frozen=True, slots=True)
class Target:
    """What a source code means: its codings, or only a text, or (with neither) deliberately nothing."""

    codings: tuple[Coding, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class ConceptMap:
    """A source's codes and what they mean; `unmapped` is "error", "text-only" or a fixed coding."""

    name: str
    title: str
    codes: Mapping[str, Target]
    unmapped: str | Coding
    source: str = ""
    target: str = ""
    ignore_case: bool = False

    def find(self, code: str) -> Target | None:
        return self.codes.get(code.casefold() if self.ignore_case else code)

    def targets(self) -> list[Coding]:
        """Every coding that can come out of it."""
        fixed = [self.unmapped] if isinstance(self.unmapped, Coding) else []
        return [c for t in self.codes.values() for c in t.codings] + fixed


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A list of codes with their displays; ours if its url is below BASE."""

    name: str
    title: str
    url: str
    codes: Mapping[str, str]

    @property
    def ours(self) -> bool:
        return self.url.startswith(BASE)


@dataclass(frozen=True)
class Codes:
    """All maps and code systems."""

    maps: Mapping[str, ConceptMap] = field(default_factory=dict)
    systems: Mapping[str, CodeSystem] = field(default_factory=dict)


# --- functions of mappings; `code` takes the form that the element needs ---------------------------------


def target_of(run: Run, value: str, concept_map: ConceptMap) -> Target:
    """What the code means, by the rule of the map if it is not mapped."""
    found = concept_map.find(value)
    if found is not None:
        return found
    run.context.unmapped(concept_map.name, value)
    if isinstance(concept_map.unmapped, Coding):
        return Target((concept_map.unmapped,), value)
    if concept_map.unmapped == "error":
        raise Unreadable(f"a code that '{concept_map.name}' does not know")
    return Target(text=value)


def code(run: Run, value: str, concept_map: ConceptMap) -> str | None:
    """What a source's code means: a code, Coding or CodeableConcept, as the element needs."""
    codings = target_of(run, value, concept_map).codings
    return codings[0].code if codings else None


def coding(run: Run, value: str, concept_map: ConceptMap) -> dict[str, str] | None:
    """The first coding."""
    codings = target_of(run, value, concept_map).codings
    return codings[0].as_fhir() if codings else None


def codings(run: Run, value: str, concept_map: ConceptMap) -> list[dict[str, str]] | None:
    """All codings."""
    return [c.as_fhir() for c in target_of(run, value, concept_map).codings] or None


def concept(run: Run, value: str, concept_map: ConceptMap) -> dict[str, Any] | None:
    """A CodeableConcept: all codings, and the text if there is one."""
    target = target_of(run, value, concept_map)
    made: dict[str, Any] = {}
    if target.codings:
        made["coding"] = [c.as_fhir() for c in target.codings]
    if target.text:
        made["text"] = target.text
    return made or None


def display(run: Run, value: str, concept_map: ConceptMap) -> str | None:
    """The display of what the code means."""
    target = target_of(run, value, concept_map)
    return (target.codings[0].display if target.codings else "") or target.text or None


def in_map(value: str, concept_map: ConceptMap) -> bool:
    """Does the map know the code?"""
    return concept_map.find(value) is not None


def known(value: str, concept_map: ConceptMap) -> str | None:
    """The value if the map knows it; nothing, uncounted, if not."""
    return value if in_map(value, concept_map) else None
