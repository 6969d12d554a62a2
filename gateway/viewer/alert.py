"""One alert: which records are alerts, and what each says.

CP-IS shows plan, looked after and unborn plan, and those of the last twelve months, with both numbers.
https://digital.nhs.uk/services/child-protection-information-sharing-project
"""

from datetime import date, datetime

from gateway.viewer import age, times, what, when
from gateway.viewer.elements import codes, concept_at, each, text_at
from gateway.viewer.items import Reading, held_back
from gateway.viewer.parts import Alert, Worker
from gateway.viewer.people import referred
from gateway.viewer.records import Record
from gateway.viewer.ring import phones
from gateway.viewer.when import When

# what may kill before anyone has read further: epilepsy, adrenal insufficiency, anaphylaxis
_LIFE = ("epilep", "adrenal", "addison", "anaphyla")


def is_alert(record: Record, today: date) -> bool:
    """It may not be missed: in force, or a plan of the last twelve months."""
    code = record.fact.code
    if text_at(record.resource, "status") == "entered-in-error":
        return False
    if record.type == "CarePlan" and record.fact.section == "alerts":
        return _current_or_recent(record, today)
    if record.type == "Flag":
        return text_at(record.resource, "status") != "inactive" and _open(record, today)
    if code == "missing-episode":
        return times.end(record) is None and text_at(record.resource, "status") in (
            "",
            "in-progress",
            "unknown",
        )
    return _life_threatening(record)


def _open(record: Record, today: date) -> bool:
    ended = times.end(record)
    return ended is None or ended.day >= today


def _current_or_recent(record: Record, today: date) -> bool:
    ended = times.end(record)
    return ended is None or age.months_between(ended.day, today) < 12


def _life_threatening(record: Record) -> bool:
    if record.fact.code == "allergy":
        refuted = "refuted" in codes(record.resource, "verificationStatus")
        return not refuted and "inactive" not in codes(record.resource, "clinicalStatus")
    name = concept_at(record.resource, "code").casefold()
    return record.fact.code == "problem" and any(word in name for word in _LIFE)


def alert(record: Record, reading: Reading, lead: Worker | None, now: datetime) -> Alert:
    """What, its sentences, whom to ring, and where it comes from."""
    title = what.title(record)
    if record.fact.code == "allergy":
        title = f"Allergy: {title}"
    elif record.fact.code == "missing-episode":
        title = "Missing now"
    plan = record.type == "CarePlan"
    return Alert(
        kind=record.fact.code,
        title=_ended_title(record, title, now) if plan else title,
        lines=_plan_lines(record, reading, lead, now) if plan else _lines(record, reading),
        marks=(record.mark,),
        recorded=times.recorded(record),
        phones=phones(record, reading.everything, now)
        if record.fact.code not in ("allergy", "problem")
        else None,
        held_back=held_back(record, reading),
        period=(_day(times.start(record)), _day(times.end(record))),
        category="".join(what.plan_categories(record)),
        owner=_owner(record, reading) if plan else "",
    )


def _owner(record: Record, reading: Reading) -> str:
    """The council whose plan it is, as the plan says."""
    owners = [referred(reading.everything, record.resource, x) for x in each(record.resource, "author")]
    return next((name for name in owners if name), "")


def _day(moment: When | None) -> str:
    return moment.day.isoformat() if moment else ""


def _ended_title(record: Record, title: str, now: datetime) -> str:
    ended = times.end(record)
    over = ended is not None and ended.day < when.local(now).date()
    return f"{title} ended {ended.text}" if over and ended else title


def _plan_lines(record: Record, reading: Reading, lead: Worker | None, now: datetime) -> tuple[str, ...]:
    """ "Category Neglect, from 02-Sep-2026 (11 weeks)." and who leads it; whose it is comes later."""
    start, ended = times.start(record), times.end(record)
    today = when.local(now).date()
    over = ended is not None and ended.day < today
    category = "".join(what.plan_categories(record))
    since = f"from {start.text}" if start else ""
    long = f" ({age.length(start.day, today)})" if start and not over and start.day <= today else ""
    first = ", ".join(part for part in (category, since + long) if part)
    first = first[:1].upper() + first[1:]
    last = "Ended within the last 12 months." if over else ""
    whose = _lead(lead) if lead and not over else ""
    return tuple(line for line in (f"{first}." if first else "", whose, last) if line)


def _lead(lead: Worker) -> str:
    return f"Lead {lead.name}, since {lead.since}." if lead.since else f"Lead {lead.name}."


def _lines(record: Record, reading: Reading) -> tuple[str, ...]:
    span = times.span(record)
    found = (*what.detail(record, reading.everything), f"From {span}" if span else "")
    return tuple(f"{line.rstrip('.')}." for line in found if line)[:3]
