"""Runs mappings on records: the resources, and everything that was left out, with its reason.

What `gateway mapping run SYSTEM KIND FILE` and the example tests print.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mappings.mapping import Made, Mapping_
from mappings.mistakes import Unmappable


class PlainContext:
    """A context with readable references, for examples and trying out; never for serving."""

    def __init__(self, subject: str = "Patient/example") -> None:
        self.subject = {"reference": subject}
        self.codes: Counter[tuple[str, str]] = Counter()

    def reference(self, resource_type: str, key: str) -> str:
        return f"{resource_type}/{key}"

    def unmapped(self, concept_map: str, code: str) -> None:
        self.codes[concept_map, code] += 1


@dataclass(frozen=True, slots=True)
class Left:
    """A record, or a part of one, that did not become FHIR."""

    mapping: str
    record: int  # its place in the input, from 1
    field: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What came of the records of one kind.

    `left` are records that were not mapped, `noted` fields about which something had to be decided,
    `unread` fields that no mapping reads, with the reason that the system gives, `codes` the codes that
    no ConceptMap knows.
    """

    made: tuple[Made, ...] = field(repr=False)
    left: tuple[Left, ...]
    noted: tuple[Left, ...]
    unread: Mapping[str, str]
    codes: Mapping[tuple[str, str], int] = field(repr=False)


def run(
    mappings: Iterable[Mapping_],
    records: Iterable[Mapping[str, Any]],
    fields: Iterable[str] = (),
    reasons: Mapping[str, str] | None = None,
) -> Outcome:
    """What `mappings` of one kind make of `records`.

    `fields` are the declared ones; `reasons` says why some of them do not become FHIR.
    """
    context, chosen = PlainContext(), list(mappings)
    made: list[Made] = []
    left: list[Left] = []
    noted: list[Left] = []
    for place, record in enumerate(records, 1):
        for mapping in chosen:
            try:
                one = mapping.make(record, context)
            except Unmappable as error:
                left.append(Left(mapping.name, place, error.path, error.reason))
                continue
            if one is not None:
                made.append(one)
                noted += [Left(mapping.name, place, name, reason) for name, reason in one.notes]
    unread = unread_fields(chosen, fields, reasons or {})
    return Outcome(tuple(made), tuple(left), tuple(noted), unread, dict(context.codes))


def unread_fields(
    mappings: Iterable[Mapping_], fields: Iterable[str], reasons: Mapping[str, str]
) -> dict[str, str]:
    """The fields, declared or known of, that no mapping reads, with the reason given; "" where none is."""
    read = {path for mapping in mappings for path in mapping.paths}
    known = dict.fromkeys([*fields, *reasons])
    return {f: reasons.get(f, "") for f in known if not any(_is_part(f, path) for path in read)}


def _is_part(name: str, path: str) -> bool:
    """A field is read with the block that holds it, and one of any shape with anything below it."""
    return path in ("", name) or _below(name, path) or _below(path, name)


def _below(name: str, block: str) -> bool:
    return name.startswith((block + ".", block + "[]"))
