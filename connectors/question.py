"""What a Query asks of one source: which root kind, by which of the child's identifiers, with what values.

CONTRIBUTING.md, "A system file, line by line": `person_keys`, `search`, `query`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.base import Failure, Query, SourceError
from connectors.holes import fill, holes
from connectors.records import asked
from connectors.system import Kind, System


@dataclass(frozen=True, slots=True)
class Question:
    """A Query ready to be put: `kind` is the root kind; `wanted` empty means all kinds of its answer.

    `key` is the identifier used, `values` all that holes may be filled with; `limit` as in the Query.
    """

    kind: Kind
    wanted: str
    key: str
    values: Mapping[str, str] = field(repr=False)
    filters: Mapping[str, str] = field(repr=False)
    limit: int | None

    def wants(self, kind_name: str) -> bool:
        return not self.wanted or kind_name == self.wanted


def question(system: System, query: Query) -> Question:
    """What `query` asks; raises SourceError (UNSUPPORTED) if this system cannot be asked it."""
    if query.kind not in system.kinds:
        raise SourceError(Failure.UNSUPPORTED, "no such kind of record")
    kind = asked(system, query.kind)
    # the file's order says which identifier serves best: asking by two at once could find too little
    key = next((name for name in kind.person_keys if query.person.get(name)), None)
    if key is None:
        raise SourceError(Failure.UNSUPPORTED, "none of the identifiers that this source knows")
    others = {name: value for name, value in query.person.items() if name not in kind.person_keys}
    return Question(
        kind=kind,
        wanted="" if query.kind == kind.name else query.kind,
        key=key,
        values={**query.filters, **others, key: query.person[key]},
        filters=query.filters,
        limit=query.limit,
    )


def parameters(
    asked_for: Question, templates: Mapping[str, Any], escaped: Callable[[str], str]
) -> list[tuple[str, str]]:
    """The parameters whose holes can all be filled, and the identifier's own if none has it."""
    found = list(_filled(asked_for, templates, escaped))
    key = asked_for.key
    if not any(key in holes(text) for text in _texts(templates)):
        place = asked_for.kind.person_keys[key]
        if place and key not in holes(asked_for.kind.path):
            found.append((place, escaped(asked_for.values[key])))
    return found


def _filled(
    asked_for: Question, templates: Mapping[str, Any], escaped: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    for name, template in templates.items():
        for text in template if isinstance(template, list) else [template]:
            value = fill(_text(text), asked_for.values, escaped)
            if value is not None:
                yield name, value


def _texts(templates: Mapping[str, Any]) -> Iterator[str]:
    for template in templates.values():
        yield from map(_text, template if isinstance(template, list) else [template])


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
