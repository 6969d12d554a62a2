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
from gateway.viewer.items import Ask, Reading
from gateway.viewer.marks import agency
from gateway.viewer.parts import Alert, Alerts, Note, Worker
from gateway.viewer.previous import previously
from gateway.viewer.records import Record
from gateway.viewer.standing import not_known, phone
from gateway.viewer.words import plural

MOST = 5
CRITICAL = ("social-care", "child-protection-information", "hospital", "police")
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
        notes=tuple(_note(line, view.asked_at, now) for line in unknown),
        answered=_no_plan(view, found),
    )


def critical(line: Line, lines: Sequence[Line]) -> bool:
    """Without this source the alerts cannot be relied on to be whole."""
    if line.agency not in CRITICAL or not line.counted or not not_known(line):
        return False
    if line.pending or line.state is not State.IDENTITY_UNMATCHED:
        return True
    # another council or hospital that does not know the child leaves no hole if the child's own answered
    return not any(other.agency == line.agency and _answered_here(other) for other in lines)


def _answered_here(line: Line) -> bool:
    return not line.pending and line.state in (State.ANSWERED_DATA, State.ANSWERED_WITHHELD)


def _ranked(made: Sequence[Alert]) -> tuple[Alert, ...]:
    """By kind; the same plan of two sources stands once with both marks, different words stand apart."""
    found: list[Alert] = []
    for one in sorted(made, key=lambda alert: _RANK.index(alert.kind) if alert.kind in _RANK else len(_RANK)):
        twin = next((at for at, other in enumerate(found) if _same_plan(other, one)), None)
        if twin is None:
            found.append(one)
        else:
            found[twin] = _beside(found[twin], one)
    return tuple(found)


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
    )


def _tag(failed: Sequence[Line], asking: int) -> str:
    if failed:
        names = {line.agency_name for line in failed}
        return f"{plural(len(names), 'agency', 'agencies')} not known"
    return f"Still asking {plural(asking, 'agency', 'agencies')}" if asking else ""


def _note(line: Line, asked_at: datetime, now: datetime) -> Note:
    """ "Police information: not known - no answer", with the number to ring."""
    name = line.name if line.agency == "child-protection-information" else agency(line.agency)
    if line.pending:
        seconds = max(0, int((now - asked_at).total_seconds()))
        asked = f"Asked {plural(seconds, 'second')} ago. " if seconds else ""
        return Note(
            "asking",
            f"{asked}Nothing is known either way yet.",
            sources=(line.source,),
            title=f"{name} information: still asking",
        )
    why = _WHY.get(line.state, "no full answer")
    if line.items and line.state in (State.TIMED_OUT, State.ERROR):
        why = "answered in part"
    more = "Anything newer than this copy is not known." if line.state is State.STALE else _EITHER_WAY
    number = phone(line, now)
    return Note(
        "unknown",
        more,
        phone=number,
        sources=(line.source,),
        title=f"{name} information: not known - {why}",
        phone_label=f"{line.agency_name}" if number else "",
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


def asks(view: View, now: datetime) -> Ask:
    """Whom to ask about each source's held-back things: as its notice says, else its own number."""
    contacts = {
        line.source: f"ask {line.agency_name}, {phone(line, now)}" for line in view.lines if phone(line, now)
    }
    contacts |= {notice.source: notice.contact for notice in view.notices if notice.contact and notice.source}
    return Ask(contacts)
