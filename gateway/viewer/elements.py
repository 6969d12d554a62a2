"""Reading R4 elements without trusting their shape: a wrong type reads as missing, never as an error.

Elements are plain dicts and lists, as everywhere in the gateway: asking for those is five times as fast
as asking for Mapping, and a page asks some ten thousand times.

https://hl7.org/fhir/R4/datatypes.html
"""

from collections.abc import Iterator
from decimal import Decimal

from gateway.federation.view import Resource
from gateway.viewer.when import When, when


def at(element: object, path: str) -> object:
    """The first value at a dotted path; lists are entered at their first member."""
    for name in path.split("."):
        while isinstance(element, list):
            element = element[0] if element else None
        if not isinstance(element, dict):
            return None
        element = element.get(name)
    return element


def text_at(element: object, path: str) -> str:
    value = at(element, path)
    while isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    return str(value).strip()


def each(element: object, path: str) -> tuple[Resource, ...]:
    """All elements at a path, entering every list on the way."""
    found: list[object] = [element]
    for name in path.split("."):
        found = [inner for outer in found for inner in _members(outer, name)]
    return tuple(value for value in found if isinstance(value, dict))


def _members(element: object, name: str) -> Iterator[object]:
    value = element.get(name) if isinstance(element, dict) else None
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def words(element: object, path: str) -> tuple[str, ...]:
    """All texts at a path whose last step may be a list of strings (name.given)."""
    head, _, last = path.rpartition(".")
    owners = each(element, head) if head else (element,)
    values = [value for owner in owners for value in _members(owner, last)]
    return tuple(value.strip() for value in values if isinstance(value, str) and value.strip())


def concept(element: object) -> str:
    """What people call a CodeableConcept or Coding: its text, a display, or the code itself."""
    if not isinstance(element, dict):
        return ""
    codings = each(element, "coding")
    displays = [text_at(coding, "display") for coding in codings] + [text_at(element, "display")]
    codes = [text_at(coding, "code") for coding in codings] + [text_at(element, "code")]
    found = [text_at(element, "text"), *displays, *(_code_in_words(code) for code in codes)]
    return next((name for name in found if name), "")


def _code_in_words(code: str) -> str:
    """A code that reads as words, or says that it is a code; nothing for one that says "no value"."""
    if code in ("unknown", "masked", "UNK", "not-permitted", "unsupported"):
        return ""
    return f"code {code}" if any(map(str.isdigit, code)) else code.replace("-", " ")


def concept_at(element: object, path: str) -> str:
    return next((name for name in concepts(element, path)), "")


def concepts(element: object, path: str) -> tuple[str, ...]:
    found = [concept(value) for value in each(element, path)]
    return tuple(dict.fromkeys(name for name in found if name))


def codes(element: object, path: str) -> frozenset[str]:
    """The codes of every coding at a path, whatever their systems."""
    return frozenset(
        text_at(coding, "code") for value in each(element, path) for coding in each(value, "coding")
    )


def first_when(element: object, paths: tuple[str, ...]) -> When | None:
    found = (when(at(element, path)) for path in paths)
    return next((moment for moment in found if moment), None)


def identifier(element: object, system: str) -> str:
    values = (text_at(i, "value") for i in each(element, "identifier") if text_at(i, "system") == system)
    return next((value for value in values if value), "")


def extension(element: object, ends: str) -> Resource:
    """The extension whose url ends with `ends`, empty if there is none."""
    return next((x for x in each(element, "extension") if text_at(x, "url").endswith(ends)), {})
