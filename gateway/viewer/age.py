"""Ages: in the banner, beside an event, and lengths of time between two days.

NHS CUI Patient Banner 4.0, PAB-0034; for children months are given below two years, weeks below twelve.
"""

from datetime import date

from gateway.viewer.when import When


def months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def in_banner(birth: When, on: date) -> str:
    """ "4y", "10m", "9w"; before birth, "not yet born"."""
    if on < birth.day:
        return "not yet born"
    months = months_between(birth.day, on)
    if birth.parts < 3:
        return f"about {months // 12}y"
    if (on - birth.day).days < 12 * 7:
        return f"{(on - birth.day).days // 7}w"
    return f"{months}m" if months < 24 else f"{months // 12}y"


def at_event(birth: When | None, event: When) -> str:
    """ "4y 7m", "10m", "9w"; empty where either date is not exact enough to say."""
    if birth is None or birth.parts < 3 or event.parts < 3:
        return ""
    if event.day < birth.day:
        return "before birth"
    months = months_between(birth.day, event.day)
    if months < 24:
        return in_banner(birth, event.day)
    return f"{months // 12}y {months % 12}m"


def length(start: date, end: date) -> str:
    """How long, roughly: "5 days", "11 weeks", "7 months", "3 years"."""
    days = (end - start).days
    if days < 14:
        return _plural(days, "day")
    if days < 26 * 7:
        return _plural(days // 7, "week")
    months = months_between(start, end)
    return _plural(months, "month") if months < 24 else _plural(months // 12, "year")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
