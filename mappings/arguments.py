"""The check of a function's arguments: how many, and each of its sort.

The sorts (TEXT, NUMBER, MAP, TYPE, KEY, PATH) are those of mappings/functions.py.
"""

from collections.abc import Callable, Iterable
from typing import Any

from mappings.codes import Codes, ConceptMap
from mappings.elements import resource_types
from mappings.expressions import Call
from mappings.functions import Function
from mappings.mistakes import Mistakes, Unreadable
from mappings.numbers import decimal, integer
from mappings.paths import Path, parse
from mappings.state import Key, Place, State, kind_of
from mappings.tree import Read


class Arguments:
    """Reads arguments and paths, for one file."""

    def __init__(self, codes: Codes, mistakes: Mistakes) -> None:
        self.codes, self.mistakes = codes, mistakes

    def mistake(self, place: Place, problem: str, name: str = "", known: Iterable[str] = ()) -> None:
        self.mistakes.add(place.line, place.name, problem, name, known)

    def read(self, path: Path, place: Place) -> tuple[Read, State] | None:
        """How to get at a path, and what is there."""
        found = place.fields.find(path)
        if found is None:
            self.mistake(place, f"'{path}' is not a declared field", str(path), place.fields.names())
            return None
        steps = [(step.name, step.many) for step in path.steps]
        if steps and found.path.endswith("[]"):
            steps[-1] = (steps[-1][0], True)
        from_record = path.from_record or not place.in_item
        many = found.many if steps or from_record else False
        read = Read(tuple(steps), found.path, many, from_record)
        return read, State(kind_of(found), many, place.fields.into(found))

    def of(self, function: Function, call: Call, state: State, place: Place) -> tuple[Any, ...] | None:
        """The arguments of a call, each as what it names; None if there was a mistake."""
        wanted = function.arguments.split()
        fewest = sum(not w.startswith("[") for w in wanted)
        most = 99 if wanted and wanted[-1].endswith("...") else len(wanted)
        if not fewest <= len(call.arguments) <= most:
            self.mistake(
                place, f"'{function.name}' is written '{function.name} {function.arguments}'".strip()
            )
            return None
        sorts = [w.strip("[].") for w in wanted]
        sorts += sorts[-1:] * most
        made = [
            self._argument(sort, text, state if function.name != "json" else None, place)
            for sort, text in zip(sorts, call.arguments, strict=False)
        ]
        return None if any(m is None for m in made) else tuple(made)

    def _argument(self, sort: str, text: str, state: State | None, place: Place) -> Any:
        readers: dict[str, Callable[[], Any]] = {
            "TEXT": lambda: text,
            "NUMBER": lambda: self._number(decimal, text, place),
            "INTEGER": lambda: self._number(integer, text, place),
            "MAP": lambda: self._concept_map(text, place),
            "TYPE": lambda: self._type(text, place),
            "KEY": lambda: self._key(text, state, place),
            "PATH": lambda: self._other(text, place),
        }
        return readers[sort]()

    def _number(self, convert: Callable[[Any], Any], text: str, place: Place) -> Any:
        try:
            return convert(text)
        except Unreadable as error:
            self.mistake(place, f"'{text}' is {error}")
            return None

    def _concept_map(self, name: str, place: Place) -> ConceptMap | None:
        if name not in self.codes.maps:
            self.mistake(place, f"there is no ConceptMap '{name}'", name, self.codes.maps)
        return self.codes.maps.get(name)

    def _type(self, name: str, place: Place) -> str | None:
        if name in resource_types():
            return name
        self.mistake(place, f"'{name}' is not one of our resource types", name, resource_types())
        return None

    def _key(self, text: str, state: State | None, place: Place) -> Key | None:
        path = self._path(text, place)
        scope = state.scope if state is not None else None
        if path is not None and scope is not None and scope.find(path) is None:
            self.mistake(place, f"'{text}' is not a declared field there", text, scope.names())
            return None
        return Key(path) if path is not None else None

    def _other(self, text: str, place: Place) -> Read | None:
        path = self._path(text, place)
        found = self.read(path, place) if path is not None else None
        return found[0] if found else None

    def _path(self, text: str, place: Place) -> Path | None:
        try:
            return parse(text)
        except ValueError as error:
            self.mistake(place, str(error))
            return None
