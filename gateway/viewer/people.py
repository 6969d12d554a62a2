"""Names of people and organisations, from a HumanName, a Practitioner, or a reference to one.

https://hl7.org/fhir/R4/datatypes.html#HumanName ; NHS CUI patient name: FAMILY, Given (Title).
"""

from gateway.federation.view import Resource
from gateway.viewer.elements import each, text_at, words
from gateway.viewer.records import Record, Records
from gateway.viewer.words import joined

_PREFERRED = ("official", "usual", "")


def chosen(resource: Resource) -> Resource:
    """The name to show of several: official, then usual, then the first that is not old."""
    names = [name for name in each(resource, "name") if text_at(name, "use") not in ("old", "maiden")]
    ranked = sorted(names, key=lambda name: _rank(text_at(name, "use")))
    return ranked[0] if ranked else {}


def _rank(use: str) -> int:
    return _PREFERRED.index(use) if use in _PREFERRED else len(_PREFERRED)


def in_banner(name: Resource) -> str:
    """FAMILY, Given (Title)."""
    family, given = text_at(name, "family").upper(), " ".join(words(name, "given"))
    title = " ".join(words(name, "prefix"))
    shown = ", ".join(part for part in (family, given) if part) or text_at(name, "text")
    return f"{shown} ({title})" if title and shown else shown or "Name not known"


def in_order(name: Resource) -> str:
    """Title Given Family, as one writes to a person."""
    parts = (*words(name, "prefix"), *words(name, "given"), text_at(name, "family"))
    return " ".join(part for part in parts if part) or text_at(name, "text")


def of_record(record: Record | None) -> str:
    """What a person or organisation is called."""
    if record is None:
        return ""
    if record.type in ("Organization", "Location", "HealthcareService"):
        return text_at(record.resource, "name")
    return in_order(chosen(record.resource))


def referred(everything: Records, owner: Resource, reference: Resource) -> str:
    """The name behind a reference: the record that it names, else the words that stand with it."""
    found = everything.resolve(owner, reference)
    if found is not None and found.type == "PractitionerRole":
        names = [referred(everything, found.resource, x) for x in _parts(found.resource)]
        return ", ".join(name for name in names if name) or text_at(reference, "display")
    return of_record(found) or text_at(reference, "display")


def _parts(role: Resource) -> tuple[Resource, ...]:
    return (*each(role, "practitioner"), *each(role, "organization"))


_RECORDERS = (
    "participant.individual",
    "performer.actor",
    "performer",
    "author",
    "recorder",
    "informationSource",
    "asserter",
    "careManager",
    "source",
)


def recorded_by(record: Record, everything: Records) -> str:
    """Who wrote it down or took part, in one line; empty if no one is named."""
    for path in _RECORDERS:
        found = [referred(everything, record.resource, x) for x in each(record.resource, path)]
        names = list(dict.fromkeys(name for name in found if name))
        if names:
            return joined(names[:3])
    return ""
