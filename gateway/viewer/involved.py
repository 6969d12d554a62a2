"""Who's involved: whom to ring, lead first, each person once, with how we know.

From CareTeam, EpisodeOfCare, PractitionerRole and the child's registered practice, of all sources.
https://hl7.org/fhir/R4/careteam.html
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.viewer.contacts import last_contacts
from gateway.viewer.elements import concepts, each, first_when, text_at
from gateway.viewer.items import Reading
from gateway.viewer.parts import Worker
from gateway.viewer.professional import Professional, professional
from gateway.viewer.reach import Reach, phones_of, reach
from gateway.viewer.records import Record, Records
from gateway.viewer.when import When, local
from gateway.viewer.words import key, plural

_LEAD = re.compile(r"\blead (practitioner|professional|worker|social)|key worker|allocated", re.I)
_ORDER = ("lead", "now", "past")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One record that says a professional is involved."""

    record: Record
    who: Professional
    role: str
    start: When | None
    end: When | None
    how: str


def involved(reading: Reading, now: datetime) -> tuple[Worker, ...]:
    """Everyone involved, lead first, then those to be reached now, then the past."""
    people = _told_apart(list(_sightings(reading.everything)))
    contacts = last_contacts(reading.everything)
    workers = _without_bare_practices([_worker(sightings, contacts, now) for sightings in people])
    return tuple(
        sorted(workers, key=lambda w: (_ORDER.index(w.group), not w.reachable, not w.phones, key(w.name)))
    )


def _without_bare_practices(workers: Sequence[Worker]) -> list[Worker]:
    """A practice by itself is left out where somebody of it is named."""
    named = {key(worker.organisation) for worker in workers if key(worker.name) != key(worker.organisation)}
    return [w for w in workers if key(w.name) != key(w.organisation) or key(w.organisation) not in named]


def heading(workers: Sequence[Worker], *, finished: bool) -> str:
    """ "4 people, lead first", or "3 people so far"."""
    if not workers:
        return ""
    count = plural(len(workers), "person", "people")
    if not finished:
        return f"{count} so far"
    return f"{count}, lead first" if workers[0].group == "lead" else count


def _sightings(everything: Records) -> Iterator[Sighting]:
    for record in everything.everyone():
        if record.type == "CareTeam":
            yield from _members(record, everything)
        elif record.type == "EpisodeOfCare":
            yield from _managers(record, everything)
        elif record.type == "Patient":
            yield from _practices(record, everything)
    for record in everything.standing_alone("PractitionerRole"):
        who = professional(everything, record.resource, {"reference": record.reference})
        yield Sighting(record, who, "", *_period(record.resource), "")


def _members(record: Record, everything: Records) -> Iterator[Sighting]:
    how = text_at(record.resource, "name") or next(iter(concepts(record.resource, "category")), "case record")
    for participant in each(record.resource, "participant"):
        member = next(iter(each(participant, "member")), {})
        if text_at(member, "reference").startswith(("Patient/", "RelatedPerson/")):
            continue
        start, end = _period(participant)
        team = _period(record.resource)
        roles = " ".join(concepts(participant, "role"))
        who = professional(everything, record.resource, member)
        yield Sighting(record, who, roles, start or team[0], end or team[1], how)


def _managers(record: Record, everything: Records) -> Iterator[Sighting]:
    how = next(iter(concepts(record.resource, "type")), record.fact.label)
    for manager in each(record.resource, "careManager"):
        who = professional(everything, record.resource, manager)
        yield Sighting(record, who, "", *_period(record.resource), how)


def _practices(record: Record, everything: Records) -> Iterator[Sighting]:
    for doctor in each(record.resource, "generalPractitioner"):
        who = professional(everything, record.resource, doctor)
        yield Sighting(record, replace(who, job=who.job or "GP"), "", None, None, "registration")


def _period(element: object) -> tuple[When | None, When | None]:
    return first_when(element, ("period.start",)), first_when(element, ("period.end",))


def _told_apart(found: Sequence[Sighting]) -> list[list[Sighting]]:
    """Sightings by person: one registration number, or one name at one organisation."""
    people: list[list[Sighting]] = []
    for one in found:
        if not one.who.name and not one.role and not one.who.job:
            continue
        same = next((person for person in people if any(one.who.same(other.who) for other in person)), None)
        if same is None:
            people.append([one])
        else:
            same.append(one)
    return people


def _worker(sightings: Sequence[Sighting], contacts: dict[str, When], now: datetime) -> Worker:
    today = local(now).date()
    current = [s for s in sightings if s.end is None or s.end.day >= today] or list(sightings)
    lead = any(_LEAD.search(s.role) for s in current)
    over = all(s.end is not None and s.end.day < today for s in sightings)
    best = max(current, key=lambda s: (len(s.who.phones), bool(s.who.job)))
    starts = [s.start for s in sightings if s.start]
    contact = _latest(sightings, contacts)
    reached: Reach = reach(best.who, best.record.line, now)
    marks = tuple({s.record.mark.source: s.record.mark for s in sightings}.values())
    return Worker(
        name=best.who.name or best.role or best.who.job,
        job=best.who.job or _job(best),
        organisation=_first([s.who.organisation for s in current]) or best.record.mark.place,
        phones=phones_of(best.who, best.record.line, now),
        hours=reached.hours,
        since=min(starts, key=lambda w: w.key).text if starts else "",
        last_contact=contact.text if contact else "",
        marks=marks,
        how=", ".join(dict.fromkeys(s.how for s in sightings if s.how)),
        group="past" if over else "lead" if lead else "now",
        tag=reached.tag,
        reachable=reached.now,
    )


def _job(sighting: Sighting) -> str:
    return "" if sighting.role == sighting.who.name else sighting.role


def _first(values: Sequence[str]) -> str:
    return next((value for value in values if value), "")


def _latest(sightings: Sequence[Sighting], contacts: dict[str, When]) -> When | None:
    names = {name for s in sightings for name in (*s.who.references, key(s.who.name)) if name}
    return max((contacts[name] for name in names if name in contacts), key=lambda w: w.key, default=None)


def as_text(workers: Sequence[Worker]) -> str:
    """All of them for a note or a call sheet."""
    return "\n".join(_line(worker) for worker in workers)


def _line(worker: Worker) -> str:
    lead = " (lead)" if worker.group == "lead" else " (past)" if worker.group == "past" else ""
    numbers = ", ".join(f"{fig.label} {fig.value}".strip() for fig in worker.phones)
    parts = (f"{worker.name}{lead}", worker.job, worker.organisation, numbers)
    return "; ".join(part for part in parts if part)
