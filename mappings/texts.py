"""Functions of mappings that turn text into text.

Listed in mappings/functions.py; each gets text that is not empty.
"""

import html
import re
from typing import Any
from urllib.parse import quote

from mappings.mistakes import Unreadable
from mappings.paths import as_text

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})")


def prefix(value: str, text: str) -> str:
    """Puts the text before the value."""
    return text + value


def suffix(value: str, text: str) -> str:
    """Puts the text after the value."""
    return value + text


def uri_prefix(value: str, text: str) -> str:
    """Puts the text before the value, whose characters are percent-encoded for a URI."""
    return text + quote(value, safe="-._~")


def upper(value: str) -> str:
    """In capital letters."""
    return value.upper()


def lower(value: str) -> str:
    """In small letters."""
    return value.lower()


def capitals(value: str) -> str:
    """With a capital first letter in each word."""
    return re.sub(r"[^\W\d_]+('[^\W\d_]+)?", lambda m: m[0].capitalize(), value)


def slice_(value: str, start: int, end: int | None = None) -> str:
    """The characters from `start` (from 0) up to but without `end`."""
    return value[start:end].strip()


def before(value: str, separator: str) -> str:
    """What stands before the first separator; the whole text if there is none."""
    return value.partition(separator)[0].strip()


def after(value: str, separator: str) -> str:
    """What stands after the first separator; nothing if there is none."""
    return value.partition(separator)[2].strip()


def replace(value: str, old: str, new: str) -> str:
    """With each `old` replaced by `new`."""
    return value.replace(old, new).strip()


def remove(value: str, *texts: str) -> str:
    """Without these texts."""
    for text in texts:
        value = value.replace(text, "")
    return value.strip()


def xhtml(value: str) -> str:
    """Plain text as the XHTML of a narrative; what could be markup is escaped."""
    allowed = "".join(c for c in value if c in "\t\n" or c >= " ")
    lines = "<br/>".join(html.escape(allowed, quote=False).splitlines())
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{lines}</div>'


def digits(value: str) -> str:
    """Only the digits."""
    return "".join(c for c in value if c in "0123456789")


def postcode(value: str) -> str:
    """A UK postcode as "AA9 9AA"; anything else as it is."""
    match = _POSTCODE.fullmatch(re.sub(r"\s", "", value).upper())
    return f"{match[1]} {match[2]}" if match else value


def format_(value: Any, template: str) -> str:
    """The template with each {} filled by the value, or by the items of a list in order."""
    values = [as_text(v) for v in value] if isinstance(value, list) else [as_text(value)]
    holes = template.count("{}")
    if holes != len(values):
        raise Unreadable(f"{len(values)} values for {holes} holes")
    pieces = template.split("{}")
    return "".join(piece + v for piece, v in zip(pieces, [*values, ""], strict=True))
