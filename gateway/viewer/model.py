"""The page of a child: a pure function from the view, the person looking, and the time.

Nothing is fetched, nothing decided here; what the view does not hold cannot be shown.
"""

from datetime import datetime

from gateway.federation.view import View
from gateway.viewer import topics
from gateway.viewer.alerts import alerts
from gateway.viewer.asking import asks
from gateway.viewer.banner import banner
from gateway.viewer.chart import Timeline
from gateway.viewer.discreet import discreet
from gateway.viewer.elements import text_at
from gateway.viewer.family import family, responsibility
from gateway.viewer.held_back import held_back
from gateway.viewer.involved import as_text, heading, involved
from gateway.viewer.items import Reading
from gateway.viewer.nested import nested
from gateway.viewer.page import Page, Person, Place
from gateway.viewer.purposes import purpose
from gateway.viewer.rail import rail
from gateway.viewer.records import records
from gateway.viewer.standing import notes
from gateway.viewer.status import status
from gateway.viewer.timeline import timeline
from gateway.viewer.voice import voice
from gateway.viewer.when import clock_text, day_text, local, when


def page(view: View, person: Person, now: datetime, place: Place) -> Page:
    """Everything that the page shows of a view, in words."""
    view = discreet(view)
    everything = records(view, place.base, now)
    birth = when(text_at(view.patient, "birthDate"))
    reading = Reading(everything, birth, asks(view, now), nested(everything))
    holders = responsibility(reading)
    top = banner(view, reading, holders, now)
    workers = involved(reading, now)
    lead = next((worker for worker in workers if worker.group == "lead"), None)
    chronology: Timeline = timeline(view, everything.all, reading, now)
    made = Page(
        person=person,
        place=place,
        purpose=purpose(person.purpose).name,
        banner=top,
        status=status(view, now),
        alerts=alerts(view, reading, lead, now),
        voice=voice(view, top.first_name, reading),
        workers=workers,
        workers_heading=heading(workers, finished=view.finished),
        workers_text=as_text(workers),
        worker_notes=notes(view.lines, "involved", view.asked_at, shown=bool(workers)),
        timeline=chronology,
        plans=topics.plans(view, reading, lead, now),
        legal=topics.legal(view, reading, holders),
        health=topics.health(view, reading, now),
        topics=topics.others(view, reading),
        family=family(view, top.first_name, reading),
        held_back=held_back(view, now),
        rail=(),
        made=_made(view),
        finished=view.finished,
        sources=tuple((line.source, "pending" if line.pending else line.state.value) for line in view.lines),
    )
    return rail(made)


def _made(view: View) -> str:
    moment = local(view.asked_at)
    parts = (
        f"View {view.reference}" if view.reference else "View",
        f"made {clock_text(moment)}:{moment:%S} on {moment:%A} {day_text(moment.date())}",
        f"policy {view.policy_version}" if view.policy_version else "",
    )
    return ", ".join(part for part in parts if part)
