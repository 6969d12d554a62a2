"""All that one demo agency tells about one child: found there, cross-checked, mapped.

As the gateway does it, without its deadlines and decisions: identifiers that one kind supplies are used for
the next, and a record that is not the child's is set aside.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.base import Record
from gateway.federation.ownership import owned, supplied
from gateway.fhir.schema import faults
from mappings import Made
from mappings.run import PlainContext
from tests.systems.asking import Asked, agency, mappings_of

MAYA, JORDAN, AMARA, PRIYA = "9990001375", "9990002746", "9990004110", "9990005486"
LEO, ELLA, NOAH = "9990006857", "9990009597", "9990012334"


@dataclass
class Whole:
    """Records, those that are another's, the resources made, and codes that no map knows."""

    records: list[Record] = field(default_factory=list)
    foreign: list[Record] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def of(self, fact: str) -> list[dict[str, Any]]:
        """The resources of one fact."""
        return [one.resource for one in self.made if one.fact == fact]

    def one(self, fact: str) -> dict[str, Any]:
        (only,) = self.of(fact)
        return only

    def kinds(self) -> Counter[str]:
        return Counter(record.kind for record in self.records)


async def whole(source: str, system: str, person: Mapping[str, str], folder: Path) -> Whole:
    """Everything that a source of Northshire tells about the child with these identifiers."""
    async with agency(source, system, folder) as asked:
        return await everything(asked, person)


async def everything(asked: Asked, person: Mapping[str, str]) -> Whole:
    """The person's question first, then those for which it has supplied the identifiers."""
    answer, known = Whole(), {name: frozenset({value}) for name, value in person.items()}
    offered = asked.connector.capabilities
    first = offered["person"].asked_as if "person" in offered else ""
    for group in [first, *sorted({c.asked_as for c in offered.values()} - {first})]:
        keys = asked.system.kinds[group].person_keys if group else {}
        given = {name: min(known[name]) for name in keys if known.get(name)}
        if given:
            records = await asked.records(group, **given)
            _learn(asked, records, known)
            _sort(asked, records, known, answer)
    return answer


def _learn(asked: Asked, records: list[Record], known: dict[str, frozenset[str]]) -> None:
    for record in records:
        if record.kind == "person":
            for name, value in supplied(asked.system.kinds["person"], record).items():
                known[name] = known.get(name, frozenset()) | {value}


def _sort(asked: Asked, records: list[Record], known: Mapping[str, frozenset[str]], answer: Whole) -> None:
    context = PlainContext()
    for record in records:
        if record.kind == "person" or owned(asked.system.kinds[record.kind], record, known):
            answer.records.append(record)
            found = [m.make(record, context) for m in mappings_of(asked.system.id, record.kind)]
            answer.made += [one for one in found if one is not None]
        else:
            answer.foreign.append(record)
    answer.codes.update(context.codes)
    for one in answer.made:
        assert faults(one.resource) == [], one.fact
