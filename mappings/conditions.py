"""Functions of mappings that ask a question (true or false), and those that act on the answer.

Listed in mappings/functions.py. None is an absent value.
"""

from decimal import Decimal
from typing import Any

from mappings.mistakes import Unreadable
from mappings.numbers import decimal
from mappings.paths import as_text, items

_YES = frozenset({"Y", "YES", "TRUE", "T", "1"})
_NO = frozenset({"N", "NO", "FALSE", "F", "0"})


def equals(value: Any, text: str) -> bool:
    """Is it this text? An absent value is not."""
    return value is not None and as_text(value) == text


def not_equals(value: Any, text: str) -> bool:
    """Is it another text? An absent value is."""
    return not equals(value, text)


def differs_from(value: Any, other: Any) -> bool:
    """Is it another value than that field's? If either is absent, it is not."""
    return value is not None and other is not None and as_text(value) != as_text(other)


def one_of(value: Any, *texts: str) -> bool:
    """Is it, or one item of it, one of these texts?"""
    return any(as_text(v) in texts for v in items(value))


def not_one_of(value: Any, *texts: str) -> bool:
    """Is it none of these texts? An absent value is none."""
    return not one_of(value, *texts)


def present(value: Any) -> bool:
    """Has it a value?"""
    return value is not None


def absent(value: Any) -> bool:
    """Has it no value?"""
    return value is None


def contains(value: str, text: str) -> bool:
    """Does the text stand in it?"""
    return text in value


def starts_with(value: str, text: str) -> bool:
    """Does it begin with the text?"""
    return value.startswith(text)


def at_least(value: Any, limit: Decimal) -> bool:
    """Is the number this or more?"""
    return decimal(value) >= limit


def at_most(value: Any, limit: Decimal) -> bool:
    """Is the number this or less?"""
    return decimal(value) <= limit


def yes_no(value: Any) -> bool:
    """Y YES TRUE T 1 are true, N NO FALSE F 0 are false, in either case."""
    word = as_text(value).upper()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable("neither yes nor no")


def not_(value: bool) -> bool:
    """True becomes false and false true."""
    return not value


def then(value: bool | None, yes: str, no: str | None = None) -> str | None:
    """The first text if true, the second (or nothing) if false, nothing if there is no answer."""
    return None if value is None else yes if value else no


def absent_then(value: Any, yes: str, no: str | None = None) -> str | None:
    """The first text if there is no value, the second (or nothing) if there is one."""
    return yes if value is None else no


def present_then(value: Any, yes: str, no: str | None = None) -> str | None:
    """The first text if there is a value, the second (or nothing) if there is none."""
    return no if value is None else yes


def equals_then(value: Any, text: str, yes: str, no: str | None = None) -> str | None:
    """The second text if it is the first one, the third (or nothing) if it is not."""
    return yes if equals(value, text) else no


def keep(value: str, *texts: str) -> str | None:
    """The value if it is one of these."""
    return value if value in texts else None


def drop(value: str, *texts: str) -> str | None:
    """Nothing if it is one of these, else the value."""
    return None if value in texts else value


def else_(value: Any, text: str) -> Any:
    """The text if there is no value."""
    return text if value is None else value
