"""The check of one expression: path, functions, and whether the result fits its element.

What is checked is listed in openapi/mappings.md, "What the check finds".
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mappings import codes as code_functions
from mappings import references
from mappings.arguments import Arguments
from mappings.codes import Codes, ConceptMap
from mappings.elements import Element
from mappings.expressions import Call, read_expression
from mappings.fit import Fit
from mappings.functions import FUNCTIONS, Function
from mappings.mistakes import Mistakes
from mappings.paths import Path
from mappings.read import Text
from mappings.state import ANYTHING, UNKNOWN, Key, Place, State, kind_of
from mappings.tree import Read, Stage, Value

_WRITTEN = frozenset({"string", "list", "date", "dateTime", "instant", "time"})  # what comes out is text


class Pipeline:
    """Checks expressions and makes them into Values, for one file."""

    def __init__(self, codes: Codes, mistakes: Mistakes) -> None:
        self.mistakes, self.fit = mistakes, Fit(mistakes)
        self.arguments = Arguments(codes, mistakes)

    def value(self, text: Text, place: Place) -> tuple[Value, State] | None:
        """A chain of stages that ends in what the element needs; None if there are mistakes."""
        before = len(self.mistakes.found)
        try:
            expression = read_expression(text)
        except ValueError as error:
            self.arguments.mistake(place, str(error))
            return None
        found = self.arguments.read(expression.path, place)
        if found is None:
            return None
        read, state = found
        stages: list[Stage] = []
        for number, call in enumerate(expression.calls, 1):
            element = place.element if number == len(expression.calls) else None
            state = self._stage(call, state, place, stages, element)
        if place.element is not None:
            state = self.fit.end(state, place, place.element, stages)
        if len(self.mistakes.found) > before:
            return None
        value = Value(read, tuple(stages), place.name, text.removeprefix("=").strip(), state.many)
        return value, state

    def _stage(
        self, call: Call, state: State, place: Place, stages: list[Stage], element: Element | None
    ) -> State:
        """Adds one function; `element` is where it ends, if it is the last."""
        attempt = call.name == "try" and bool(call.arguments)
        if attempt:
            call = Call(call.arguments[0], call.arguments[1:])
        function = FUNCTIONS.get(call.name)
        if function is None:
            self.arguments.mistake(place, f"there is no function '{call.name}'", call.name, FUNCTIONS)
            return UNKNOWN
        arguments = self.arguments.of(function, call, state, place)
        if arguments is None:
            return UNKNOWN
        self._takes(function, state, place)
        function = _form(function, element)
        stages.append(_stage(function, arguments, state, attempt))
        return _after(function, arguments, state, last=element is not None)

    def _takes(self, function: Function, state: State, place: Place) -> None:
        if function.takes == "boolean" and state.kind != "boolean":
            problem = f"'{function.name}' needs true or false: put a condition (or yes-no) before it"
            self.arguments.mistake(place, problem)
        if function.takes == "text" and state.kind == "block":
            self.arguments.mistake(place, f"'{function.name}' needs a value, and this is a block")


def _stage(function: Function, arguments: tuple[Any, ...], state: State, attempt: bool) -> Stage:
    return Stage(
        name=function.name,
        call=function.call,
        arguments=tuple(a.steps if isinstance(a, Key) else a for a in arguments),
        takes=function.takes,
        many=_called_on(function, state),
        flat=function.gives == "list" and function.takes != "all",
        absent=function.absent,
        run=function.run,
        texts=function.gives in ("string", "list"),
        written=function.gives in _WRITTEN,
        attempt=attempt,
        fields=tuple(_named_fields(function, arguments, state)),
    )


def _named_fields(function: Function, arguments: tuple[Any, ...], state: State) -> Iterator[str]:
    if function.name == "json" or state.scope is None or state.scope is ANYTHING:
        return
    for argument in arguments:
        if isinstance(argument, Key) and (found := state.scope.find(argument.path)) is not None:
            yield found.path


def _called_on(function: Function, state: State) -> bool | None:
    if function.takes == "all":
        return False
    # what lies below each of several blocks may be several again: all become one list
    return None if function.name == "get" and state.many else state.many


def _form(function: Function, element: Element | None) -> Function:
    """`code` and `ref` in the form that the element needs; in the middle of a chain they give text."""
    type_ = element.type if element else "string"
    if function.name == "code" and type_ == "CodeableConcept":
        return replace(function, call=code_functions.concept)
    if function.name == "code" and type_ == "Coding" and element is not None:
        if element.many:
            return replace(function, call=code_functions.codings, gives="list")
        return replace(function, call=code_functions.coding)
    if function.name == "ref" and type_ != "Reference":
        return replace(function, call=references.ref_text)
    return function


def _after(function: Function, arguments: tuple[Any, ...], state: State, last: bool) -> State:
    """What is known about the value after the function."""
    many = _many_after(function, arguments, state)
    if function.name == "code":
        return _coded(arguments[0], many, last)
    if function.gives == "reference":
        return State("reference", many, sure=True, target=arguments[0] if arguments else "")
    if function.gives == "same":
        return _same(function, arguments, replace(state, many=many))
    if function.name == "json":
        # what a text column holds is declared nowhere
        return UNKNOWN
    if function.gives == "any":
        return _inside(arguments, state, many)
    kind = "string" if function.gives == "list" else function.gives
    outcomes = frozenset(arguments[i] for i in function.outcomes if i < len(arguments)) or None
    return State(kind, many, sure=function.name != "with", outcomes=outcomes)


def _many_after(function: Function, arguments: tuple[Any, ...], state: State) -> bool | None:
    if function.one:
        return False
    if function.gives == "list" or function.name in ("where", "where-not", "unique"):
        return True
    if function.name == "or":
        kinds = {state.many, *(a.many for a in arguments if isinstance(a, Read))}
        return kinds.pop() if len(kinds) == 1 else None
    return state.many


def _coded(concept_map: ConceptMap, many: bool | None, last: bool) -> State:
    if last:
        return State("concept", many, sure=True, concept_map=concept_map)
    codes = frozenset(coding.code for coding in concept_map.targets())
    return State("string", many, sure=True, outcomes=codes)


def _same(function: Function, arguments: tuple[Any, ...], state: State) -> State:
    """`else` adds an outcome, `or` makes it unknown again."""
    if function.name == "or":
        return replace(state, outcomes=None, sure=False)
    if function.name == "else":
        outcomes = None if state.outcomes is None else state.outcomes | {arguments[0]}
        return replace(state, outcomes=outcomes, sure=False)
    return state


def _inside(arguments: tuple[Any, ...], state: State, many: bool | None) -> State:
    """After `get`: below the block, as far as it is declared."""
    key = arguments[0].path if arguments else Path()
    found = state.scope.find(key) if state.scope is not None else None
    if found is None or state.scope is None or found.type == "any":
        return State("any", True if many or key.many else None, ANYTHING)
    return State(kind_of(found), bool(many or found.many), state.scope.into(found))
