"""Dates and times of agencies as FHIR writes them; local times are London's.

https://hl7.org/fhir/R4/datatypes.html#dateTime. The hour that October doubles is taken as its first
passing (British Summer Time), and noted, since the record does not say which it was.
"""

import re
from datetime import date as Date
from datetime import datetime as DateTime
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from mappings.mistakes import Unreadable

LONDON = ZoneInfo("Europe/London")
_MONTHS = {m: f"{i:02}" for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH_NAMES = (
    "january february march april may june july august september october november december sept".split()
)

_TIME = r"(?:[T ]+([0-9]{1,2}):?([0-9]{2})(?::?([0-9]{2})(\.[0-9]+)?)?)?"
_ZONE = r" ?(Z|[+-][0-9]{2}:?[0-9]{2})?"
_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})" + _TIME + _ZONE + r")?)?")
_UK = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]([0-9]{1,2}|[A-Za-z]{3,9}),?[-/. ]([0-9]{4})" + _TIME + _ZONE
)
_COMPACT = re.compile(
    r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})(?:T?([0-9]{2})([0-9]{2})(?:([0-9]{2})(\.[0-9]+)?)?"
    + _ZONE
    + r")?)?)?"
)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]+)?)?")


class Notes(Protocol):
    """Where a function says what it had to decide."""

    def note(self, reason: str) -> None: ...


Parts = tuple[str, str | None, str | None, str | None, str | None, str | None, str | None, str | None]


def date(value: str) -> str:
    """An ISO date (also a year, or a year and month); of a time, its date in London."""
    if len(value) == 10:
        return _check(value)
    return _date(_parts(_ISO, value))


def uk_date(value: str) -> str:
    """A date whose day comes first, its month as a number or a word; ISO too."""
    if len(value) == 10 and value[2] == value[5] == "/":
        return _check(f"{value[6:]}-{value[3:5]}-{value[:2]}")
    return _date(_uk(value))


def compact_date(value: str) -> str:
    """yyyymmdd, yyyymm or yyyy; a time after it is cut off."""
    return _date(_parts(_COMPACT, value))


def datetime(run: Notes, value: str) -> str:
    """An ISO date or time; a local time gets London's offset."""
    if len(value) == 10:
        return _check(value)
    if len(value) == 19 and value[10] == "T":
        return _check(value) + _london(run, value)
    return _datetime(run, _parts(_ISO, value))


def uk_datetime(run: Notes, value: str) -> str:
    """As datetime, but the day comes first."""
    return _datetime(run, _uk(value))


def compact_datetime(run: Notes, value: str) -> str:
    """yyyymmddhhmm, with seconds and an offset if need be."""
    return _datetime(run, _parts(_COMPACT, value))


def instant(run: Notes, value: str) -> str:
    """As datetime, but there must be a time."""
    made = datetime(run, value)
    if "T" not in made:
        raise Unreadable("a date without a time")
    return made


def time(value: str) -> str:
    """A time of day as hh:mm:ss."""
    match = _CLOCK.fullmatch(value)
    if match is None:
        raise Unreadable("not a time of day")
    made = f"{int(match[1]):02}:{match[2]}:{match[3] or '00'}"
    _check(f"2000-01-01T{made}")
    return made + (match[4] or "")


def _uk(value: str) -> Parts:
    match = _UK.fullmatch(value)
    if match is None:
        return _parts(_ISO, value)
    day, month, year, *rest = match.groups()
    return (year, _month(month), day.zfill(2), *rest)  # type: ignore[return-value]  # a regex has five more


def _month(text: str) -> str:
    if text.isdigit():
        return text.zfill(2)
    word = text.lower()
    if word in _MONTHS or word in _MONTH_NAMES:
        return _MONTHS[word[:3]]
    raise Unreadable("not a date")


def _parts(pattern: re.Pattern[str], value: str) -> Parts:
    match = pattern.fullmatch(value)
    if match is None:
        raise Unreadable("not a date")
    return match.groups()  # type: ignore[return-value]  # each pattern has these eight groups


def _date(parts: Parts) -> str:
    year, month, day, hour, minute, second, _, zone = parts
    if month is None:
        return _year(year)
    if day is None:
        return _check(f"{_year(year)}-{month}-01")[:7]
    text = f"{_year(year)}-{month}-{day}"
    if hour is None or zone is None:
        return _check(text)[:10]
    moment = DateTime.fromisoformat(_check(f"{text}T{hour:0>2}:{minute}:{second or '00'}{_offset(zone)}"))
    return moment.astimezone(LONDON).date().isoformat()


def _datetime(run: Notes, parts: Parts) -> str:
    year, month, day, hour, minute, second, fraction, zone = parts
    if hour is None:
        return _date(parts)
    text = _check(f"{year}-{month}-{day}T{hour:0>2}:{minute}:{second or '00'}")
    return text + (fraction or "") + (_offset(zone) if zone else _london(run, text))


def _offset(zone: str) -> str:
    return "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"


def _london(run: Notes, text: str) -> str:
    """The offset of London's clock at a local time."""
    if text >= "1972":  # before, the clock kept summer time for years
        month = text[5:7]
        if "05" <= month <= "09":
            return "+01:00"
        if month in ("11", "12", "01", "02"):
            return "+00:00"
    return _london_at_change(run, DateTime.fromisoformat(text).replace(tzinfo=LONDON))


def _london_at_change(run: Notes, moment: DateTime) -> str:
    summer, winter = moment.utcoffset(), moment.replace(fold=1).utcoffset()
    if summer != winter:
        skipped = (summer or timedelta()) < (winter or timedelta())
        doubled = "an hour that the clock has twice, taken as the first"
        run.note("a time that the clock skips" if skipped else doubled)
    return "+01:00" if summer else "+00:00"


def _year(text: str) -> str:
    if not "1800" <= text < "2200":
        raise Unreadable("a year that cannot be")
    return text


def _check(text: str) -> str:
    """The text, if it is a date or time that exists."""
    # fromisoformat takes week dates and basic forms too; these have no hyphens there
    if text[4] != "-" or text[7] != "-":
        raise Unreadable("not a date")
    _year(text)
    try:
        (Date if len(text) == 10 else DateTime).fromisoformat(text)
    except ValueError:
        raise Unreadable("not a date that exists") from None
    return text
