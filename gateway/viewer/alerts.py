"""The alerts box: ranked by kind and never scored, five at most at first sight.

Its title says whether it is whole: without social care, CP-IS, hospital or police it is incomplete.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gateway.federation.receipt import Line, State
from gateway.federation.view import View
from gateway.viewer import when
from gateway.viewer.alert import alert, is_alert
from gateway.viewer.items import Reading
from gateway.viewer.marks import agency
from gateway.viewer.parts import Alert, Alerts, Note, Worker
from gateway.viewer.previous import previously
from gateway.viewer.records import Record
from gateway.viewer.standing import critical, phone
from gateway.viewer.words import joined, plural

MOST = 5
_RANK = (
    "child-protection-plan",
    "looked-after-status",
    "unborn-plan",
    "missing-episode",
    "safeguarding-flag",
    "exploitation-risk",
    "allergy",
    "problem",
)


def alerts(view: View, reading: Reading, lead: Worker | None, now: datetime) -> Alerts:
    """The alerts box of a view."""
    today = when.local(now).date()
    found = [record for record in reading.everything.all if is_alert(record, today)]
    made = _ranked([alert(record, reading, lead, now) for record in found])
    unknown = [line for line in view.lines if critical(line, view.lines)]
    failed = [line for line in unknown if not line.pending]
    seen = previously(reading.everything)
    return Alerts(
        title="Alerts - incomplete" if unknown else "Alerts",
        tag=_tag(failed, len(unknown) - len(failed)),
        tag_look="unknown" if failed else "asking",
        alerts=made[:MOST],
        more=made[MOST:],
        seen=seen[:3],
        seen_more=seen[3:],
        notes=_notes(unknown, view.asked_at, now),
        answered=_no_plan(view, found),
    )


def _ranked(made: Sequence[Alert]) -> tuple[Alert, ...]:
    """By kind; the same plan of two sources stands once with both marks, different words stand apart."""
    found: list[Alert] = []
    for one in sorted(made, key=lambda alert: _RANK.index(alert.kind) if alert.kind in _RANK else len(_RANK)):
        twin = next((at for at, other in enumerate(found) if _same_plan(other, one)), None)
        if twin is None:
            found.append(one)
        else:
            found[twin] = _beside(found[twin], one)
    return tuple(_owned(one) for one in found)


def _owned(one: Alert) -> Alert:
    """With whose it is: the council that the plan names, else the one that told us."""
    if not one.kind.endswith(("-plan", "-status")):
        return one
    first, *rest = one.lines or ("",)
    whose = f"{one.owner or one.marks[0].place}."
    lead = [f"{whose} {rest[0]}", *rest[1:]] if rest and rest[0].startswith("Lead ") else [whose, *rest]
    return replace(one, lines=tuple(line for line in (first, *lead) if line))


def _same_plan(one: Alert, other: Alert) -> bool:
    if (one.kind, one.title, one.period) != (other.kind, other.title, other.period):
        return False
    plan = "" in (one.category, other.category) or one.category == other.category
    return plan if one.kind.endswith(("-plan", "-status")) else one.lines == other.lines


def _beside(one: Alert, other: Alert) -> Alert:
    fuller = max(one, other, key=lambda alert: len(alert.category))
    return replace(
        fuller,
        marks=(*one.marks, *other.marks),
        phones=one.phones or other.phones,
        held_back=one.held_back or other.held_back,
        owner=" and ".join(dict.fromkeys(name for name in (one.owner, other.owner) if name)),
    )


def _tag(failed: Sequence[Line], asking: int) -> str:
    if failed:
        names = {line.agency_name for line in failed}
        return f"{plural(len(names), 'agency', 'agencies')} not known"
    return f"Still asking {plural(asking, 'agency', 'agencies')}" if asking else ""


def _notes(unknown: Sequence[Line], asked_at: datetime, now: datetime) -> tuple[Note, ...]:
    """A note for each source that failed, and one for all that are still asked."""
    asking = [line for line in unknown if line.pending]
    failed = tuple(_failed(line, now) for line in unknown if not line.pending)
    return (*failed, _asking(asking, asked_at, now)) if asking else failed


def _name(line: Line) -> str:
    return line.name if line.agency == "child-protection-information" else agency(line.agency)


def _asking(lines: Sequence[Line], asked_at: datetime, now: datetime) -> Note:
    seconds = max(0, int((now - asked_at).total_seconds()))
    asked = f"Asked {plural(seconds, 'second')} ago. " if seconds else ""
    names = list(dict.fromkeys(_name(line) for line in lines))
    return Note(
        "asking",
        f"{asked}Nothing is known either way yet.",
        sources=tuple(line.source for line in lines),
        title=f"{joined([names[0], *map(_small, names[1:])])} information: still asking",
    )


def _small(name: str) -> str:
    return name if name.isupper() or "-" in name else name[:1].lower() + name[1:]


def _failed(line: Line, now: datetime) -> Note:
    """ "Police information: not known - no answer", with the number to ring."""
    why = _WHY.get(line.state, "no full answer")
    if line.items and line.state in (State.TIMED_OUT, State.ERROR):
        why = "answered in part"
    more = "Anything newer than this copy is not known." if line.state is State.STALE else _EITHER_WAY
    number = phone(line, now)
    return Note(
        "unknown",
        more,
        phone=number,
        phone_label=line.agency_name if number else "",
        sources=(line.source,),
        title=f"{_name(line)} information: not known - {why}",
    )


_EITHER_WAY = "Nothing is known either way. Try again, or phone."
_WHY = {
    State.TIMED_OUT: "no answer",
    State.ERROR: "the answer could not be read",
    State.PAUSED: "sharing is paused",
    State.IDENTITY_UNMATCHED: "could not match this child",
    State.STALE: "an older copy",
}


def _no_plan(view: View, found: Sequence[Record]) -> str:
    """Said only when child protection information answered fully and no plan of any source is shown."""
    line = next((line for line in view.lines if line.agency == "child-protection-information"), None)
    if line is None or line.pending or any(record.type == "CarePlan" for record in found):
        return ""
    if line.state not in (State.ANSWERED_DATA, State.ANSWERED_NONE):
        return ""
    return f"No child protection plan. {line.name} answered {when.clock_text(line.as_at or view.asked_at)}."
