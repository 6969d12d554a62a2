"""The check of one expression: path, functions, arguments, and whether the result fits its element.

What is checked is listed in CONTRIBUTING.md, "What `mapping check` finds".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from mappings import codes as code_functions
from mappings import references
from mappings.codes import Codes, ConceptMap
from mappings.datatypes import CONVERTERS, NOTING, TEXTS, as_block
from mappings.elements import Element, codes_of, resource_types
from mappings.expressions import Call, read_expression
from mappings.functions import FUNCTIONS, Function
from mappings.mistakes import Mistakes, Unreadable
from mappings.numbers import decimal, integer
from mappings.paths import Declared, Path, Steps, parse
from mappings.read import Text
from mappings.tree import Read, Stage, Value

ANYTHING = Declared({"": "any"})
_WRITTEN = frozenset({"string", "list", "date", "dateTime", "instant", "time"})  # what comes out is text
_FHIR_KIND = {"text": "string", "datetime": "dateTime"}

# what a value of each kind may become without a function in between
_BECOMES = {
    "boolean": {"boolean"},
    "integer": {"integer", "positiveInt", "unsignedInt", "decimal", *TEXTS, "id"},
    "decimal": {"decimal", *TEXTS},
    "date": {"date", "dateTime", *TEXTS},
    "dateTime": {"dateTime", "instant", "date", *TEXTS},
    "instant": {"dateTime", "instant", "date", *TEXTS},
    "time": {"time", *TEXTS},
}


@dataclass(frozen=True)
class State:
    """What is known about a value on its way: `many` None is unknown, `outcomes` None is anything."""

    kind: str
    many: bool | None
    scope: Declared | None = None
    sure: bool = False  # a function of ours made it, so that it need not be read again
    outcomes: frozenset[str] | None = None
    concept_map: ConceptMap | None = None
    target: str = ""  # the resource type of a reference


@dataclass(frozen=True)
class Place:
    """Where an expression stands: its element (None for key, only and for), and the fields seen from there."""

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


class Pipeline:
    """Checks expressions and makes them into Values."""

    def __init__(self, codes: Codes, mistakes: Mistakes) -> None:
        self.codes, self.mistakes = codes, mistakes

    def value(self, text: Text, place: Place) -> tuple[Value, State] | None:
        """The expression as a chain of stages that ends in what the element needs; None if it has mistakes."""
        before = len(self.mistakes.found)
        try:
            expression = read_expression(text)
        except ValueError as error:
            self._mistake(place, str(error))
            return None
        found = self._read(expression.path, place)
        if found is None:
            return None
        read, state = found
        stages: list[Stage] = []
        for index, call in enumerate(expression.calls):
            last = index == len(expression.calls) - 1
            state = self._stage(call, state, place, stages, last)
        if place.element is not None:
            state = self._fit(state, place, place.element, stages)
        if len(self.mistakes.found) > before:
            return None
        value = Value(read, tuple(stages), place.name, text.removeprefix("=").strip(), state.many)
        return value, state

    def _mistake(self, place: Place, problem: str, name: str = "", known: Iterable[str] = ()) -> None:
        self.mistakes.add(place.line, place.name, problem, name, known)

    # --- the path ---

    def _read(self, path: Path, place: Place) -> tuple[Read, State] | None:
        found = place.fields.find(path)
        if found is None:
            self._mistake(place, f"'{path}' is not a declared field", str(path), place.fields.names())
            return None
        steps = [(step.name, step.many) for step in path.steps]
        if steps and found.path.endswith("[]"):
            steps[-1] = (steps[-1][0], True)
        from_record = path.from_record or not place.in_item
        many = found.many if steps or not place.in_item else False
        read = Read(tuple(steps), found.path, many, from_record)
        kind = _FHIR_KIND.get(found.type, found.type)
        return read, State(kind, many, place.fields.into(found))

    # --- one function ---

    def _stage(self, call: Call, state: State, place: Place, stages: list[Stage], last: bool) -> State:
        attempt = call.name == "try" and bool(call.arguments)
        if attempt:
            call = Call(call.arguments[0], call.arguments[1:])
        function = FUNCTIONS.get(call.name)
        if function is None:
            self._mistake(place, f"there is no function '{call.name}'", call.name, FUNCTIONS)
            return State("any", None)
        arguments = self._arguments(function, call, state, place)
        if arguments is None:
            return State("any", None)
        self._takes(function, state, place)
        function, element_many = self._form(function, place.element if last else None)
        many = False if function.takes == "all" else state.many
        stages.append(
            Stage(
                function.name, function.call, _runnable(arguments), function.takes, many,
                flat=function.gives == "list" and function.takes != "all",
                absent=function.absent, run=function.run,
                texts=function.gives in ("string", "list"), attempt=attempt,
                written=function.gives in _WRITTEN,
            )
        )  # fmt: skip
        return self._after(function, arguments, state, element_many)

    def _takes(self, function: Function, state: State, place: Place) -> None:
        if function.takes == "boolean" and state.kind != "boolean":
            self._mistake(
                place, f"'{function.name}' needs true or false: put a condition (or yes-no) before it"
            )
        if function.takes == "text" and state.kind == "block":
            self._mistake(place, f"'{function.name}' needs a value, and this is a block")

    def _form(self, function: Function, element: Element | None) -> tuple[Function, bool]:
        """`code` and `ref` in the form that the element needs."""
        type_ = element.type if element else "string"
        if function.name == "code" and type_ in ("Coding", "CodeableConcept"):
            many = type_ == "Coding" and element is not None and element.many
            call = code_functions.concept if type_ == "CodeableConcept" else code_functions.coding
            made: Function = replace(function, call=code_functions.codings if many else call)
            return replace(made, gives="list" if many else made.gives), many
        if function.name == "ref" and type_ != "Reference":
            return replace(function, call=references.ref_text), False
        return function, False

    def _after(self, function: Function, arguments: tuple[Any, ...], state: State, codings: bool) -> State:
        """What is known about the value after the function."""
        many = self._many_after(function, arguments, state)
        if function.name in ("code", "display"):
            kind = "string" if function.name == "display" else "concept"
            return State(kind, True if codings else many, sure=True, concept_map=arguments[0])
        if function.gives == "reference":
            return State("reference", many, sure=True, target=arguments[0] if arguments else "")
        if function.gives == "same":
            outcomes = state.outcomes
            if function.name == "else" and outcomes is not None:
                outcomes |= {arguments[0]}
            sure = state.sure and function.name not in ("or", "else")
            return replace(state, many=many, outcomes=outcomes, sure=sure)
        if function.name == "json":
            # what a text column holds is declared nowhere
            return State("any", None, ANYTHING)
        if function.gives == "any":
            return self._inside(function, arguments, state, many)
        kind = "string" if function.gives == "list" else function.gives
        outcomes = frozenset(arguments[i] for i in function.outcomes if i < len(arguments)) or None
        return State(kind, many, sure=function.name != "with", outcomes=outcomes)

    def _many_after(self, function: Function, arguments: tuple[Any, ...], state: State) -> bool | None:
        if function.one:
            return False
        if function.gives == "list" or function.name in ("where", "where-not", "unique"):
            return True
        if function.name == "or":
            kinds = {state.many, *(a.many for a in arguments if isinstance(a, Read))}
            return kinds.pop() if len(kinds) == 1 else None
        return state.many

    def _inside(self, function: Function, arguments: tuple[Any, ...], state: State, many: bool | None) -> State:
        """After `get` and `json`: below the block, as far as it is declared; what is in JSON text is not."""
        key = arguments[0].path if arguments else Path()
        scope = state.scope if function.name == "get" else None
        found = scope.find(key) if scope is not None else None
        if found is None or state.scope is None or found.type == "any":
            return State("any", True if many or key.many else None, ANYTHING)
        kind = _FHIR_KIND.get(found.type, found.type)
        return State(kind, bool(many or found.many), state.scope.into(found))

    # --- arguments ---

    def _arguments(
        self, function: Function, call: Call, state: State, place: Place
    ) -> tuple[Any, ...] | None:
        wanted = function.arguments.split()
        fewest = sum(not w.startswith("[") for w in wanted)
        most = 99 if wanted and wanted[-1].endswith("...") else len(wanted)
        if not fewest <= len(call.arguments) <= most:
            self._mistake(
                place, f"'{function.name}' is written '{function.name} {function.arguments}'".rstrip()
            )
            return None
        kinds = [w.strip("[].") for w in wanted] + [wanted[-1].strip("[].")] * most if wanted else []
        made = [
            self._argument(kind, text, state, place, function)
            for kind, text in zip(kinds, call.arguments, strict=False)
        ]
        return None if any(m is None for m in made) else tuple(made)

    def _argument(self, kind: str, text: str, state: State, place: Place, function: Function) -> Any:
        readers: dict[str, Callable[[], Any]] = {
            "TEXT": lambda: text,
            "NUMBER": lambda: self._number(decimal, text, place),
            "INTEGER": lambda: self._number(integer, text, place),
            "MAP": lambda: self._concept_map(text, place),
            "TYPE": lambda: self._type(text, place),
            "KEY": lambda: self._key(text, state, place, checked=function.name != "json"),
            "PATH": lambda: self._other(text, place),
        }
        return readers[kind]()

    def _number(self, convert: Callable[[Any], Any], text: str, place: Place) -> Any:
        try:
            return convert(text)
        except Unreadable as error:
            self._mistake(place, f"'{text}' is {error}")
            return None

    def _concept_map(self, name: str, place: Place) -> ConceptMap | None:
        if name not in self.codes.maps:
            self._mistake(place, f"there is no ConceptMap '{name}'", name, self.codes.maps)
        return self.codes.maps.get(name)

    def _type(self, name: str, place: Place) -> str | None:
        if name in resource_types():
            return name
        self._mistake(place, f"'{name}' is not one of our resource types", name, resource_types())
        return None

    def _key(self, text: str, state: State, place: Place, checked: bool) -> "Key | None":
        try:
            path = parse(text)
        except ValueError as error:
            self._mistake(place, str(error))
            return None
        scope = state.scope
        if checked and scope is not None and scope.find(path) is None:
            self._mistake(place, f"'{text}' is not a declared field there", text, scope.names())
            return None
        return Key(path)

    def _other(self, text: str, place: Place) -> Read | None:
        try:
            found = self._read(parse(text), place)
        except ValueError as error:
            self._mistake(place, str(error))
            return None
        return found[0] if found else None

    # --- the element ---

    def _fit(self, state: State, place: Place, element: Element, stages: list[Stage]) -> State:
        """The last step: the value as the element's type, or a mistake."""
        if state.many is None and not element.many:
            stages.append(SINGLE)
            state = replace(state, many=False)
        if not element.primitive:
            return self._fit_complex(state, place, element, stages)
        if state.kind == "concept":
            return self._fit_concept(state, place, element, stages)
        allowed = _BECOMES.get(state.kind)
        if state.kind == "block" or (allowed is not None and element.type not in allowed):
            self._mistake(place, f"gives a {state.kind}, and the element is a {element.type}")
            return state
        if state.kind == "reference":
            self._targets(state, place, element)
        self._literal_outcomes(state, place, element)
        text_is_enough = state.kind in TEXTS | {"reference"} and element.type in TEXTS
        if not (state.sure and (state.kind == element.type or text_is_enough)):
            stages.append(converter(element.type, state.many))
        if element.binding and state.outcomes is None and (codes := codes_of(element.binding)) is not None:
            stages.append(code_check({c for s in codes.values() for c in s}, state.many))
        return state

    def _fit_complex(self, state: State, place: Place, element: Element, stages: list[Stage]) -> State:
        if state.kind == "concept" and element.type in ("Coding", "CodeableConcept"):
            self._targets_in_binding(state, place, element)
        elif state.kind == "reference" and element.type == "Reference":
            self._targets(state, place, element)
        elif state.kind == "any":
            stages.append(Stage("block", as_block, takes="item", many=state.many))
        else:
            wants = {"Reference": "`ref`", "CodeableConcept": "`code`", "Coding": "`code`"}.get(element.type)
            self._mistake(
                place, f"is a {element.type}: write a block" + (f" or use {wants}" if wants else "")
            )
        return state

    def _fit_concept(self, state: State, place: Place, element: Element, stages: list[Stage]) -> State:
        if element.type not in TEXTS:
            self._mistake(place, f"gives a code, and the element is a {element.type}")
            return state
        if state.concept_map is not None and state.concept_map.unmapped == "text-only":
            self._mistake(place, f"'{state.concept_map.name}' may give only text, and the element is a code")
        self._targets_in_binding(state, place, element)
        return state

    def _targets_in_binding(self, state: State, place: Place, element: Element) -> None:
        """Every code that the ConceptMap can give is in the value set of a required binding."""
        codes = codes_of(element.binding) if element.binding else None
        if codes is None or state.concept_map is None:
            return
        known = {c for s in codes.values() for c in s}
        for coding in state.concept_map.targets():
            wrong_system = element.type != "code" and coding.code not in codes.get(coding.system, ())
            if coding.code not in known or wrong_system:
                problem = (
                    f"'{state.concept_map.name}' gives '{coding.code}', which is not in {element.binding}"
                )
                self._mistake(place, problem, coding.code, known)

    def _targets(self, state: State, place: Place, element: Element) -> None:
        if element.targets and state.target and not {state.target, "Resource"} & set(element.targets):
            problem = f"may not refer to a {state.target}, only to {', '.join(element.targets)}"
            self._mistake(place, problem, state.target, element.targets)

    def _literal_outcomes(self, state: State, place: Place, element: Element) -> None:
        for outcome in state.outcomes or ():
            literal(outcome, place, element, self.mistakes)


def _runnable(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a.steps if isinstance(a, Key) else a for a in arguments)


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

    def checked(value: str) -> str:
        if value not in codes:
            raise Unreadable("a code that is not in the required value set")
        return value

    return Stage("in the value set", checked, takes="item", many=many)


def literal(text: str, place: Place, element: Element, mistakes: Mistakes) -> Any:
    """A literal as its element's type; a mistake if it does not fit or is not in the required value set."""
    noting = references.Run(_NoContext())
    arguments = (noting, text) if element.type in NOTING else (text,)
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


class _NoContext:
    subject = None

    def reference(self, resource_type: str, key: str) -> str:
        return f"{resource_type}/{key}"

    def unmapped(self, concept_map: str, code: str) -> None:
        pass
