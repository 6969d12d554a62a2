"""Narrative: XHTML that only formats text; anything that loads, runs or is sent does not leave.

https://hl7.org/fhir/R4/narrative.html (txt-1). The narrative of a source is replaced whole, never repaired.
"""

import re
from typing import Any

_TAG = re.compile(r"<[^<>]*>?")
_ELEMENTS = (
    "a abbr acronym address b bdi bdo big blockquote br caption cite code col colgroup dd del dfn div dl dt "
    "em h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q s samp small span strong sub sup table tbody td tfoot "
    "th thead tr tt u ul var"
).replace(" ", "|")
_ATTRIBUTES = "class|id|title|lang|xml:lang|dir|align|valign|border|colspan|rowspan|scope|width|span"
_VALUE = r"""(?:"[^"<>]*"|'[^'<>]*')"""
_HARMLESS = re.compile(
    rf"</(?:{_ELEMENTS})\s*>"
    rf"|<(?:{_ELEMENTS})(?:\s+(?:(?:{_ATTRIBUTES})\s*=\s*{_VALUE}"
    r"|xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml[\"']"
    r"|style\s*=\s*\"[a-zA-Z0-9 :;,.#%-]*\""
    r"|href\s*=\s*\"(?:#|https?://)[^\"<>\s]*\"))*\s*/?>"
)
NOT_SHOWN = {
    "status": "empty",
    "div": '<div xmlns="http://www.w3.org/1999/xhtml">Not shown: it is more than text.</div>',
}


def is_harmless(div: str) -> bool:
    """Every tag formats text and nothing else."""
    return all(_HARMLESS.fullmatch(tag) for tag in _TAG.findall(div))


def calmed(resource: dict[str, Any]) -> dict[str, Any]:
    """`resource` with the narrative of itself and of what it contains, where that only formats text."""
    text, inside = resource.get("text"), resource.get("contained")
    if isinstance(text, dict) and not is_harmless(str(text.get("div", ""))):
        resource = {**resource, "text": NOT_SHOWN}
    if isinstance(inside, list):
        resource = {**resource, "contained": [calmed(r) if isinstance(r, dict) else r for r in inside]}
    return resource
