"""Raw answers of a source, turned into Records of the kinds that its system file declares.

CONTRIBUTING.md, "The connector contract" and "A system file, line by line".
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from connectors.base import Capability, Record
from connectors.digits import Digits
from connectors.parts import Part, part_tree, record_itself, records_in, records_of
from connectors.shape import Shape, shape_of
from connectors.system import Kind, System


def plain(value: Any) -> Any:
    """`value` as records hold it: dates as ISO text, decimals as their digits, the rest unchanged."""
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return Digits(format(value, "f"))
    return str(value) if isinstance(value, UUID) else value


def project(kind: Kind, raw: Any) -> dict[str, Any]:
    """The declared fields of `raw`, nested as they came; empty things vanish."""
    return _shape(kind).keep(raw)


def leftover(kind: Kind, raw: Any) -> Counter[str]:
    """How often each undeclared leaf path ("a.b", "a[].b") occurs in `raw`."""
    counts: Counter[str] = Counter()
    _shape(kind).count(raw, counts)
    return counts


def parts(system: System, kind_name: str, raw_answer: Any, as_at: datetime | None = None) -> Iterator[Record]:
    """The record of `kind_name` that `raw_answer` is, and those of all kinds that are part of it.

    Raises SourceError (UNREADABLE) where a part is not an object.
    """
    return records_of(_part(system, kind_name), (raw_answer,), as_at)


def itself(system: System, kind_name: str, raw: Any, as_at: datetime | None = None) -> Record | None:
    """The record of `kind_name` that `raw` is, if its `where` picks it; nothing that is part of it."""
    return record_itself(_part(system, kind_name), (raw,), as_at)


def inside(
    system: System, kind_name: str, raw_answer: Any, as_at: datetime | None = None
) -> Iterator[Record]:
    """Only the records of the kinds that are part of `kind_name`, walking from `raw_answer`."""
    return records_in(_part(system, kind_name), raw_answer, as_at)


def capabilities(system: System, as_at: datetime | None = None) -> dict[str, Capability]:
    """What each kind of `system` that has fields offers; parts are asked for by the whole they are in."""
    return {name: _capability(system, kind, as_at) for name, kind in system.kinds.items() if kind.fields}


def _capability(system: System, kind: Kind, as_at: datetime | None) -> Capability:
    whole = asked(system, kind.name)
    return Capability(
        fields=kind.fields,
        person_keys=frozenset(whole.person_keys),
        asked_as=whole.name,
        pushdown=whole.pushdown,
        as_at=as_at,
    )


def asked(system: System, kind_name: str) -> Kind:
    """The kind whose answer brings records of `kind_name`: itself, or the outermost that it is part of."""
    kind = system.kinds[kind_name]
    while kind.part_of is not None:
        kind = system.kinds[kind.part_of]
    return kind


# Systems and kinds cannot be hashed (they hold mappings): known by identity, and held so that it stays
# theirs. A process reads its systems once, so this does not grow.
_SHAPES: dict[int, tuple[Kind, Shape]] = {}
_PARTS: dict[tuple[int, str], tuple[System, Part]] = {}


def _shape(kind: Kind) -> Shape:
    if id(kind) not in _SHAPES:
        _SHAPES[id(kind)] = (kind, shape_of(kind.fields))
    return _SHAPES[id(kind)][1]


def _part(system: System, kind_name: str) -> Part:
    key = (id(system), kind_name)
    if key not in _PARTS:
        _PARTS[key] = (system, part_tree(system, kind_name))
    return _PARTS[key][1]
