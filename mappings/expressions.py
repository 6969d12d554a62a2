"""Expressions of a mapping: "= path | function argument 'argument in quotes' | function".

The grammar is written down in openapi/mappings.md, "Expressions".
"""

import re
from dataclasses import dataclass

from mappings.paths import Path, parse

_WORD = re.compile(r"(?:'[^']*'|\"[^\"]*\"|[^\s'\"])+")


@dataclass(frozen=True, slots=True)
class Call:
    """One function of a chain, with its literal arguments."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """Where the value is, and what is done to it in order."""

    path: Path
    calls: tuple[Call, ...] = ()


def is_expression(text: str) -> bool:
    return text.startswith("=")


def read_expression(text: str) -> Expression:
    """The expression that `text` spells, with or without its "="; raises ValueError."""
    words = _words(text.removeprefix("="))
    parts: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            parts.append([])
        else:
            parts[-1].append(word)
    head, *calls = parts
    if len(head) != 1:
        raise ValueError("an expression is '= path | function argument ...'")
    if not all(calls):
        raise ValueError("a function is missing after '|'")
    return Expression(parse(head[0]), tuple(Call(c[0], tuple(map(unquoted, c[1:]))) for c in calls))


def _words(text: str) -> list[str]:
    words, position = [], 0
    for match in _WORD.finditer(text):
        if text[position : match.start()].strip():
            raise ValueError("a quote is not closed")
        words.append(match[0])
        position = match.end()
    if text[position:].strip():
        raise ValueError("a quote is not closed")
    return words


def unquoted(word: str) -> str:
    return re.sub(r"'([^']*)'|\"([^\"]*)\"", lambda m: m[1] if m[1] is not None else m[2], word)
