"""Whether what an expression or a literal gives fits its element: type, codes, reference targets.

https://hl7.org/fhir/R4/elementdefinition.html
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mappings.datatypes import CONVERTERS, NOTING, TEXTS, as_block
from mappings.elements import Element, codes_of
from mappings.mistakes import Mistakes, Unreadable
from mappings.references import Run
from mappings.run import PlainContext
from mappings.state import Place, State
from mappings.tree import Stage

# what a value of each kind may become without a function in between
_BECOMES = {
    "boolean": {"boolean"},
    "integer": {"integer", "positiveInt", "unsignedInt", "decimal", "id", *TEXTS},
    "decimal": {"decimal", *TEXTS},
    "date": {"date", "dateTime", *TEXTS},
    "dateTime": {"dateTime", "instant", "date", *TEXTS},
    "instant": {"dateTime", "instant", "date", *TEXTS},
    "time": {"time", *TEXTS},
    "block": set[str](),
    "concept": TEXTS,
}


# what a value of each kind, made by a function of ours, already is
_IS = {
    "string": TEXTS,
    "reference": TEXTS,
    "date": {"date", "dateTime", *TEXTS},
    "dateTime": {"dateTime", *TEXTS},
    "instant": {"instant", "dateTime", *TEXTS},
    "time": {"time", *TEXTS},
}


class Fit:
    """Ends chains of functions in what their elements need, for one file."""

    def __init__(self, mistakes: Mistakes) -> None:
        self.mistakes = mistakes

    def end(self, state: State, place: Place, element: Element, stages: list[Stage]) -> State:
        """Adds the last stages, which make the value the element's type; or notes a mistake."""
        if state.many is None and not element.many:
            stages.append(SINGLE)
            state = replace(state, many=False)
        if element.primitive:
            self._primitive(state, place, element, stages)
        else:
            self._complex(state, place, element, stages)
        return state

    def _mistake(self, place: Place, problem: str, name: str = "", known: Iterable[str] = ()) -> None:
        self.mistakes.add(place.line, place.name, problem, name, known)

    def _primitive(self, state: State, place: Place, element: Element, stages: list[Stage]) -> None:
        if element.type not in _BECOMES.get(state.kind, CONVERTERS):
            self._mistake(place, f"gives a {state.kind}, and the element is a {element.type}")
            return
        if state.kind == "reference":
            self._targets(state, place, element)
        if state.kind == "concept":
            self._code(state, place, element)
            return
        for outcome in state.outcomes or ():
            literal(outcome, place, element, self.mistakes)
        if not (state.sure and element.type in _IS.get(state.kind, {state.kind})):
            stages.append(converter(element.type, state.many))
        if element.binding and state.outcomes is None and (codes := codes_of(element.binding)) is not None:
            stages.append(code_check({c for s in codes.values() for c in s}, state.many))

    def _complex(self, state: State, place: Place, element: Element, stages: list[Stage]) -> None:
        if state.kind == "concept" and element.type in ("Coding", "CodeableConcept"):
            self._in_binding(state, place, element)
        elif state.kind == "reference" and element.type == "Reference":
            self._targets(state, place, element)
        elif state.kind == "any":
            stages.append(Stage("block", as_block, takes="item", many=state.many, run=True))
        else:
            function = {"Reference": "ref", "CodeableConcept": "code", "Coding": "code"}.get(element.type)
            wanted = f" or use '{function}'" if function else ""
            self._mistake(place, f"is a {element.type}: write a block{wanted}")

    def _code(self, state: State, place: Place, element: Element) -> None:
        if state.concept_map is not None and state.concept_map.unmapped == "text-only":
            self._mistake(place, f"'{state.concept_map.name}' may give only text, and the element is a code")
        else:
            self._in_binding(state, place, element)

    def _in_binding(self, state: State, place: Place, element: Element) -> None:
        """Every code that the ConceptMap can give is in the value set of a required binding."""
        codes = codes_of(element.binding) if element.binding else None
        if codes is None or state.concept_map is None:
            return
        known = {c for s in codes.values() for c in s}
        for coding in state.concept_map.targets():
            allowed = known if element.type == "code" else codes.get(coding.system, ())
            if coding.code not in allowed:
                problem = (
                    f"'{state.concept_map.name}' gives '{coding.code}', which is not in {element.binding}"
                )
                self._mistake(place, problem, coding.code, known)

    def _targets(self, state: State, place: Place, element: Element) -> None:
        if element.targets and state.target and not {state.target, "Resource"} & set(element.targets):
            problem = f"may not refer to a {state.target}, only to {', '.join(element.targets)}"
            self._mistake(place, problem, state.target, element.targets)


def single(value: Any) -> Any:
    """The one value; an answer that could be several is refused if it is."""
    if not isinstance(value, list):
        return value
    if len(value) > 1:
        raise Unreadable("several values where one is expected")
    return value[0]


SINGLE = Stage("single", single, takes="all")


def converter(type_: str, many: bool | None) -> Stage:
    """The stage that reads a value as a primitive type."""
    call = CONVERTERS[type_]
    return Stage(f"as {type_}", call, takes="item", many=many, run=type_ in NOTING, written=type_ in TEXTS)


def code_check(codes: set[str], many: bool | None) -> Stage:
    """The stage that refuses a code outside the value set of a required binding."""

    def in_value_set(value: str) -> str:
        if value not in codes:
            raise Unreadable("a code that is not in the required value set")
        return value

    return Stage("in the value set", in_value_set, takes="item", many=many)


def literal(text: str, place: Place, element: Element, mistakes: Mistakes) -> Any:
    """A literal as its element's type; a mistake if it does not fit or is not in the required value set."""
    arguments = (Run(PlainContext()), text) if element.type in NOTING else (text,)
    try:
        value = CONVERTERS[element.type](*arguments)
    except Unreadable as error:
        mistakes.add(place.line, place.name, f"'{text}' is {error}")
        return None
    codes = codes_of(element.binding) if element.binding else None
    known = {c for s in (codes or {}).values() for c in s}
    if codes is not None and element.type == "code" and value not in known:
        mistakes.add(place.line, place.name, f"'{text}' is not in {element.binding}", text, known)
    return value
