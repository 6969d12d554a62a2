"""What becomes of every leaf of a published sample: mapped, or not, and then why; nothing without a reason.

A leaf that a system file does not declare needs a line in the kind's `unmapped` table (or belongs to a kind
inside it); a declared one must be read by a mapping, or have such a line; a record of which no mapping
makes anything needs a reason for all of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.base import Record
from connectors.records import inside, leftover
from connectors.system import Kind, System
from connectors.tree import TEXT
from gateway.fhir.schema import faults
from mappings import Mapping_, Unmappable
from mappings.run import PlainContext
from tests.systems.asking import mappings_of

Raw = dict[str, Any]


@dataclass
class Account:
    """Counts over all records; `unexplained` and `faulty` must be empty."""

    records: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    nothing_made: Counter[tuple[str, str]] = field(default_factory=Counter)
    not_mapped: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    noted: Counter[tuple[str, str]] = field(default_factory=Counter)
    unexplained: Counter[tuple[str, str]] = field(default_factory=Counter)
    faulty: list[str] = field(default_factory=list)


def account(system: System, root: str, raw: Raw, into: Account) -> None:
    """Adds what becomes of the raw record `raw` of kind `root`, and of all kinds inside it."""
    whole = _undeclared(system)
    kind = system.kinds[root]
    if kind.fields:
        _record(system, Record(root, raw), into)
    else:
        _explain(system, kind, leftover(kind, raw), into)
    for record in inside(whole, root, raw):
        _record(system, record, into)


def _undeclared(system: System) -> System:
    """The same system, whose records come whole, with everything that their kinds do not declare."""
    return replace(
        system, kinds={kind.name: replace(kind, fields=_all(kind)) for kind in system.kinds.values()}
    )


def _all(kind: Kind) -> dict[str, str]:
    own = {"": "any"} if kind.fields else {}
    return {**own, TEXT: "text"} if TEXT in kind.fields else own


def _record(system: System, whole: Record, into: Account) -> None:
    kind = system.kinds[whole.kind]
    raw = {name: value for name, value in whole.items() if name not in kind.carry}
    into.records[kind.name] += 1
    _explain(system, kind, leftover(kind, raw), into)
    declared = next(_declared(system, kind, whole))
    chosen = mappings_of(system.id, kind.name)
    making = [m for m in chosen if _makes(m, declared, into)]
    if not making:
        into.nothing_made[kind.name, _reason_for_all(kind)] += 1
        if not _reason_for_all(kind):
            into.unexplained[kind.name, "the whole record"] += 1
        return
    for path in _present(kind, declared):
        if not _read_by(making, path) and path not in _used(kind):
            other = next((f"{m.name} is not made of this record" for m in chosen if _read_by([m], path)), "")
            reason = other or kind.unmapped.get(path, "")
            into.not_mapped[kind.name, path, reason] += 1
            if not reason:
                into.unexplained[kind.name, path] += 1


def _used(kind: Kind) -> set[str]:
    """Fields that say whose record it is, or that are followed to what they name."""
    followed = kind.request.get("follow", {})
    return {*kind.owner.values(), *followed.values()}


def _read_by(mappings: Iterable[Mapping_], path: str) -> bool:
    return any(
        _covers(read, path) or _covers(path, read) for m in mappings for read in m.paths if read != "."
    )


def _declared(system: System, kind: Kind, whole: Record) -> Iterator[Record]:
    """The record as a connector yields it: only its declared fields."""
    alone = replace(kind, part_of=None, path="", where={}, carry={}, request={})
    holder = replace(kind, name="holder", fields={}, part_of=None, path="", where={}, carry={}, request={})
    inner = replace(alone, part_of="holder", path="it")
    yield from inside(
        replace(system, kinds={"holder": holder, kind.name: inner}), "holder", {"it": dict(whole)}
    )


def _makes(mapping: Mapping_, record: Record, into: Account) -> bool:
    context = PlainContext()
    try:
        made = mapping.make(record, context)
    except Unmappable as error:
        into.refused[mapping.name, error.path, error.reason] += 1
        return True
    into.codes.update(context.codes)
    if made is None:
        return False
    into.made[made.fact] += 1
    into.noted.update(made.notes)
    into.faulty += faults(made.resource)
    return True


def _present(kind: Kind, record: Mapping[str, Any]) -> list[str]:
    """The declared fields that have a value in this record."""
    counts = leftover(replace(kind, fields={}), record)
    return [name for name in kind.fields if any(_covers(name, path) for path in counts)]


def _explain(system: System, kind: Kind, paths: Mapping[str, int], into: Account) -> None:
    inner = [k.path for k in system.kinds.values() if k.part_of == kind.name]
    followed = list(kind.request.get("follow", {}))
    for path, count in paths.items():
        if any(_covers(name, path) for name in (*inner, *followed)):
            continue
        reason = next((text for name, text in kind.unmapped.items() if name == "" or _covers(name, path)), "")
        into.not_mapped[kind.name, path, reason] += count
        if not reason:
            into.unexplained[kind.name, path] += count


def _covers(name: str, path: str) -> bool:
    """Is `path` the place that `name` means, or below it? A list may be written with or without []."""
    wanted, found = _bare(name), _bare(path)
    return found == wanted or found.startswith(f"{wanted}.")


def _bare(path: str) -> str:
    return path.replace("[]", "")


def _reason_for_all(kind: Kind) -> str:
    """Why a record of this kind may make nothing: the line "", or one in words about some."""
    lines = [text for name, text in kind.unmapped.items() if name == "" or " " in name]
    return "; ".join(lines)
