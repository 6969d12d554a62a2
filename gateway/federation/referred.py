"""What belongs to no child (organisations, professionals, places), kept where a record of the child names it.

https://hl7.org/fhir/R4/references.html ; a source that answered about another child too may have told of
that child's council or doctor, which says where the other child lives.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from gateway.federation.answer import Entry

_SHARED = frozenset({"Organization", "Practitioner", "PractitionerRole", "Location"})


def referred(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """`entries` without what no entry about the child refers to, itself or through others."""
    shared = {f"{e.item.type}/{e.resource['id']}": e for e in entries if e.item.type in _SHARED}
    waiting = [e.resource for e in entries if e.item.type not in _SHARED]
    named: set[str] = set()
    while waiting:
        for reference in _references(waiting.pop()):
            if reference in shared and reference not in named:
                named.add(reference)
                waiting.append(shared[reference].resource)
    left_out = {id(shared[reference]) for reference in shared.keys() - named}
    return tuple(e for e in entries if id(e) not in left_out)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from _references(inner)
