"""Whether a professional can be reached now: said only where a rota says so.

https://hl7.org/fhir/R4/practitionerrole-definitions.html#PractitionerRole.availableTime
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.federation.receipt import Line
from gateway.federation.view import Resource
from gateway.viewer.elements import text_at, words
from gateway.viewer.parts import Fig
from gateway.viewer.professional import Professional
from gateway.viewer.when import clock_text, local, office_hours
from gateway.viewer.words import telephone

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Reach:
    """When a number works, in words, and whether that is now."""

    hours: str = ""
    tag: str = ""
    now: bool = False


def reach(who: Professional, line: Line, now: datetime) -> Reach:
    """From the rota if there is one; a night number of their agency says that days are office hours."""
    if who.available:
        there = any(_there(time, local(now)) for time in who.available)
        hours = "; ".join(dict.fromkeys(_hours(time) for time in who.available))
        return Reach(hours, "Reachable now" if there else "Office hours" if _week(who) else "Not now", there)
    if who.hours:
        return Reach(who.hours, "Office hours" if who.hours[:3].casefold() in _DAYS else "")
    if line.telephone.out_of_hours and line.telephone.out_of_hours != line.telephone.office:
        return Reach("", "Office hours")
    return Reach()


def _week(who: Professional) -> bool:
    days = {day for time in who.available for day in words(time, "daysOfWeek")}
    return bool(days) and days <= set(_DAYS[:5])


def _there(time: Resource, now: datetime) -> bool:
    if _DAYS[now.weekday()] not in words(time, "daysOfWeek") and words(time, "daysOfWeek"):
        return False
    start, end = text_at(time, "availableStartTime")[:5], text_at(time, "availableEndTime")[:5]
    if time.get("allDay") is True or not (start and end):
        return True
    clock = clock_text(now)
    return start <= clock < end if start < end else clock >= start or clock < end


def _hours(time: Resource) -> str:
    days, start = _days(words(time, "daysOfWeek")), text_at(time, "availableStartTime")[:5]
    if time.get("allDay") is True or not start:
        return "On call at all hours" if not days else f"{days}, all day"
    return f"{days or 'Every day'} {start} to {text_at(time, 'availableEndTime')[:5]}"


def _days(days: Sequence[str]) -> str:
    known = [day for day in _DAYS if day in days]
    if len(known) in (0, 7):
        return ""
    first, last = known[0], known[-1]
    run = _DAYS[_DAYS.index(first) : _DAYS.index(last) + 1]
    if tuple(known) == run and len(known) > 2:
        return f"{first.capitalize()} to {last.capitalize()}"
    return ", ".join(day.capitalize() for day in known)


def phones_of(who: Professional, line: Line, now: datetime) -> tuple[Fig, ...]:
    """Their own numbers; else their agency's, named as such; at night its night number too."""
    own = [
        Fig("Bleep" if p.system == "pager" else "Out of hours" if p.night else "", telephone(p.value))
        for p in who.phones
    ]
    if not own and line.telephone.office:
        own = [Fig(f"{line.agency_name}, office", telephone(line.telephone.office))]
    night = telephone(line.telephone.out_of_hours)
    if line.telephone.out_of_hours == line.telephone.office:
        return tuple(own)
    if night and not office_hours(now) and night not in [fig.value for fig in own]:
        own.append(Fig("At night", night))
    return tuple(own)
