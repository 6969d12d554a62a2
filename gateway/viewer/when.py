"""Dates and times as people read them, no more precise than they were written.

https://hl7.org/fhir/R4/datatypes.html#dateTime ; NHS CUI date display: 14-Mar-2022, 24-hour clock.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class When:
    """One date or dateTime; `day` is the first day that it can mean, `parts` how much was written."""

    day: date
    parts: int = 3  # 1 a year, 2 a month, 3 a day
    clock: str = ""  # local time, when one was written

    @property
    def text(self) -> str:
        return ("", f"{self.day.year}", month_text(self.day), day_text(self.day))[self.parts]

    @property
    def with_clock(self) -> str:
        return f"{self.text} {self.clock}".rstrip()

    @property
    def key(self) -> tuple[date, str]:
        return self.day, self.clock


def when(value: object) -> When | None:
    """A FHIR date, dateTime or instant; None if it is missing or cannot be read."""
    if not isinstance(value, str):
        return None
    try:
        return _moment(value) if "T" in value else _date(value)
    except ValueError:
        return None


def _date(value: str) -> When | None:
    found = _DATE.fullmatch(value)
    if not found:
        return None
    year, month, day = found.groups()
    return When(date(int(year), int(month or 1), int(day or 1)), 1 + bool(month) + bool(day))


def _moment(value: str) -> When:
    moment = local(datetime.fromisoformat(value))
    clock = clock_text(moment)
    # midnight is how systems without a time write "that day"
    return When(moment.date(), 3, "" if clock == "00:00" else clock)


def local(moment: datetime) -> datetime:
    """The same moment on the agencies' clocks; one without a zone is theirs already."""
    return moment.astimezone(LONDON) if moment.tzinfo else moment.replace(tzinfo=LONDON)


def day_text(day: date) -> str:
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}"


def day_month(day: date) -> str:
    return f"{day.day:02d}-{MONTHS[day.month - 1]}"


def month_text(day: date) -> str:
    return f"{MONTHS[day.month - 1]}-{day.year}"


def clock_text(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"


def as_at(moment: datetime, now: datetime) -> str:
    """How old an answer is: "02:07" today, "Sat 18:00" this week, else the date."""
    moment, now = local(moment), local(now)
    days = (now.date() - moment.date()).days
    if days == 0:
        return clock_text(moment)
    if 0 < days < 7:
        return f"{moment:%a} {clock_text(moment)}"
    return day_text(moment.date())


def as_at_in_full(moment: datetime, now: datetime) -> str:
    """The same with its date, for a sentence that must stand alone: "21-Nov 18:00"."""
    moment, now = local(moment), local(now)
    if moment.date() == now.date():
        return clock_text(moment)
    if moment.year == now.year:
        return f"{day_month(moment.date())} {clock_text(moment)}"
    return day_text(moment.date())


def office_hours(now: datetime) -> bool:
    """Monday to Friday, 08:45 to 17:00: outside it the out-of-hours number is the one to ring."""
    now = local(now)
    return now.weekday() < 5 and "08:45" <= clock_text(now) < "17:00"
