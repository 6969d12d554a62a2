"""Who looked before: child protection information's list of earlier views, newest first.

https://hl7.org/fhir/R4/auditevent.html ; CP-IS keeps the last 25.
"""

from collections.abc import Iterator

from gateway.federation.view import Resource
from gateway.viewer import times
from gateway.viewer.elements import concepts, each, text_at
from gateway.viewer.parts import Seen
from gateway.viewer.professional import professional
from gateway.viewer.records import Record, Records

_MOST = 25


def previously(everything: Records) -> tuple[Seen, ...]:
    found = sorted(everything.of("previous-viewer"), key=_when, reverse=True)
    return tuple(_seen(record, everything) for record in found[:_MOST])


def _when(record: Record) -> tuple[str, str]:
    moment = times.start(record)
    return (moment.day.isoformat(), moment.clock) if moment else ("", "")


def _seen(record: Record, everything: Records) -> Seen:
    moment = times.start(record)
    agents = each(record.resource, "agent")
    people = [agent for agent in agents if agent.get("requestor") is True] or list(agents[:1])
    words = dict.fromkeys(word for agent in people for word in _agent(record, agent, everything) if word)
    return Seen(
        moment.with_clock if moment else "Date not known", ", ".join(words) or "Not named", record.mark
    )


def _agent(record: Record, agent: Resource, everything: Records) -> Iterator[str]:
    """Role, then name, then organisation."""
    yield from concepts(agent, "role")
    for who in each(agent, "who"):
        person = professional(everything, record.resource, who)
        yield from (person.job, person.name, person.organisation)
    yield text_at(agent, "name")
