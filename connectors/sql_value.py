"""Values of database columns as records hold them, by the type that the system file declares.

CONTRIBUTING.md, "A system file, line by line": field types.

Drivers differ: SQLite gives dates as text and booleans as numbers, MariaDB a midnight where only a date is
meant. A value that does not fit its type is handed on as it is, so that the mapping fails aloud.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from connectors.base import Failure, SourceError
from connectors.digits import Digits
from connectors.json import parse_json
from connectors.records import plain

Reader = Callable[[Any], Any]

_DATE_FIRST = re.compile(r"(\d{4}-\d{2}-\d{2})([ T]|$)")


def reader(type_: str) -> Reader:
    """How to read a value, never NULL, of a field of that type; None means that there is nothing."""
    return _READERS[type_]


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = _decoded(value)
    text = value if isinstance(value, str) else str(plain(value))
    # fixed-width columns are filled up with blanks
    return text.rstrip() or None


def _integer(value: Any) -> Any:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (float, Decimal)) and value == int(value):
        return int(value)
    text = _text(value)
    return int(text) if text and text.removeprefix("-").isdecimal() else text


def _decimal(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return Digits(repr(value)) if isinstance(value, (int, float)) else _text(value)


def _boolean(value: Any) -> Any:
    if isinstance(value, bytes):
        # a MariaDB BIT
        value = int.from_bytes(value, "big")
    return bool(value) if value in (0, 1) else _text(value)


def _date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = _text(value)
    found = _DATE_FIRST.match(text or "")
    return found.group(1) if found else text


def _datetime(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    text = _text(value)
    found = _DATE_FIRST.match(text or "")
    return f"{found.group(1)}T{text[11:]}" if text and found and len(text) > len(found.group()) else text


def _any(value: Any) -> Any:
    text = _text(value) if isinstance(value, (str, bytes)) else None
    # JSON in a text column is walked like a record; what only looks like it stays text
    if text and text[0] in "{[":
        try:
            return parse_json(text.encode())
        except SourceError:
            return text
    return plain(value) if text is None else text


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise SourceError(Failure.UNREADABLE, "a text column holds bytes that are not UTF-8") from None


_READERS: dict[str, Reader] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "any": _any,
}
