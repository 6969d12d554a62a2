"""A mapping that is ready to run, and what it makes.

What happens to it afterwards (id, meta.source, labels, schema check) is the gateway's part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mappings.references import Context


class Made(NamedTuple):
    """One resource that a record became; `notes` are fields with what had to be decided about them.

    A named tuple, because one is made for each record and costs half of a frozen dataclass.
    """

    key: str
    fact: str
    resource: dict[str, Any]
    made_type: str
    notes: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"<Made {self.made_type} fact={self.fact}>"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of what is shared: a field, and what it becomes through which functions."""

    field: str
    element: str
    expression: str


Make = Callable[[Mapping[str, Any], Context], Made | None]


@dataclass(frozen=True, slots=True)
class Mapping_:
    """A mapping file, checked and compiled. `paths` are the fields that it reads.

    `make` gives None for a record that `only` excludes, and raises Unmappable for one that it cannot read.
    """

    name: str  # "ssd/cp-plan"
    system: str
    kind: str
    fact: str
    resource_type: str
    paths: frozenset[str]
    make: Make = field(repr=False)
    rows: tuple[Row, ...] = field(default=(), repr=False)
    source: str = field(default="", repr=False)
    passing: bool = False  # the record already is the resource
