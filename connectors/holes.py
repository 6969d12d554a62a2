"""Templates of requests: text with holes for named values, each filled in the escape of its place.

CONTRIBUTING.md, "A system file, line by line": `{nhs-number}`, or `{unscheduled=true}` with what
stands there when the value is absent. There is nothing else: a template computes nothing.
"""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape

from connectors.base import Failure, SourceError

_HOLE = re.compile(r"\{([a-z][a-z0-9_-]*)(?:=([^{}]*))?\}")
# XML 1.0 and HTTP have no place for these, and no identifier has them
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Escape = Callable[[str], str]


def fill(template: str, values: Mapping[str, str], escaped: Escape = str) -> str | None:
    """`template` with its holes filled; None if a value is absent. Raises SourceError for a control sign."""
    if any(values.get(hole[1], hole[2]) is None for hole in _HOLE.finditer(template)):
        return None
    return _HOLE.sub(lambda hole: escaped(_checked(hole[1], values.get(hole[1], hole[2]))), template)


def _checked(name: str, value: str) -> str:
    if _CONTROL.search(value):
        raise SourceError(Failure.UNSUPPORTED, f"the value for '{name}' has control characters")
    return value


def filled_or_unsupported(template: str, values: Mapping[str, str], escaped: Escape) -> str:
    """`template` with every hole filled; raises SourceError (UNSUPPORTED) if a value is absent."""
    text = fill(template, values, escaped)
    if text is None:
        raise SourceError(Failure.UNSUPPORTED, "a value that the request needs was not given")
    return text


def holes(template: str) -> frozenset[str]:
    """The names of the holes in `template`."""
    return frozenset(hole[1] for hole in _HOLE.finditer(template))


def in_path(value: str) -> str:
    """`value` as one segment of a path; raises SourceError if it would climb out of its place."""
    if not value.strip("."):
        raise SourceError(Failure.UNSUPPORTED, "a value that cannot stand in a path")
    return quote(value, safe="")


def in_json(value: str) -> str:
    """`value` inside a JSON string."""
    return json.dumps(value)[1:-1]


def in_xml(value: str) -> str:
    """`value` as text or attribute of an XML document."""
    return escape(value, {'"': "&quot;", "'": "&apos;"})


def in_search(value: str) -> str:
    """`value` inside a FHIR search parameter, where four signs have a meaning.

    https://hl7.org/fhir/R4/search.html#escaping
    """
    return re.sub(r"([\\,$|])", r"\\\1", value)
