"""What is known about a value while its expression is checked, and where the expression stands."""

from dataclasses import dataclass

from mappings.codes import ConceptMap
from mappings.elements import Element
from mappings.paths import Declared, Found, Path, Steps

ANYTHING = Declared({"": "any"})
_FHIR_KIND = {"text": "string", "datetime": "dateTime"}


@dataclass(frozen=True)
class State:
    """What is known about a value on its way: `many` None is unknown, `outcomes` None is anything.

    `kind` is a FHIR primitive type, block, any, concept or reference; `sure` says that a function of ours
    made it, so that it need not be read again.
    """

    kind: str
    many: bool | None
    scope: Declared | None = None
    sure: bool = False
    outcomes: frozenset[str] | None = None
    concept_map: ConceptMap | None = None
    target: str = ""


UNKNOWN = State("any", None, ANYTHING)


def kind_of(found: Found) -> str:
    """The FHIR type of a declared field."""
    return _FHIR_KIND.get(found.type, found.type)


@dataclass(frozen=True)
class Place:
    """Where an expression stands: its element (None for key, only and for), and the fields seen there."""

    name: str
    line: int
    element: Element | None
    fields: Declared
    in_item: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """An argument that is a path below the value."""

    path: Path

    @property
    def steps(self) -> Steps:
        return tuple((step.name, step.many) for step in self.path.steps)
