"""What a resource says, in a title and a few short lines, by its type.

https://hl7.org/fhir/R4/fivews.html (what, why, status)
"""

from collections.abc import Callable

from gateway.viewer.elements import at, concept, concept_at, concepts, each, text_at, words
from gateway.viewer.people import referred
from gateway.viewer.records import Record, Records
from gateway.viewer.words import joined, key

_NOT_HAPPENED = frozenset({"cancelled", "not-done", "noshow", "revoked", "rejected"})
# the codes that say what kind of plan it is; its other categories say why (neglect, emotional, ...)
_KINDS_OF_PLAN = frozenset(
    {"CPPI", "LACI", "UCPI", "342191000000101", "764841000000100", "818901000000100", "assess-plan"}
)


def happened(record: Record) -> bool:
    return text_at(record.resource, "status") not in _NOT_HAPPENED


def title(record: Record) -> str:
    """What people call it; the fact's own label where the resource has no better word."""
    make = _TITLES.get(record.type)
    return (make(record) if make else "") or record.fact.label


def named(record: Record) -> bool:
    """It still has words of its own for what it is."""
    make = _TITLES.get(record.type)
    return bool(make(record)) if make else True


def _named(path: str) -> Callable[[Record], str]:
    return lambda record: _with_kind(record, concept_at(record.resource, path))


def _with_kind(record: Record, name: str) -> str:
    """A bare code says nothing to a reader: its kind stands before it."""
    return f"{record.fact.label}, {name}" if name.startswith("code ") else name


def _encounter(record: Record) -> str:
    kind = concept_at(record.resource, "type") or record.fact.label
    reason = joined(concepts(record.resource, "reasonCode"))
    if not happened(record):
        reason = joined([_small(word) for word in _more_types(record)]) or reason or "did not take place"
    return f"{kind}: {reason}" if reason else kind


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _immunization(record: Record) -> str:
    vaccine = concept_at(record.resource, "vaccineCode") or record.fact.label
    return f"{vaccine}: {'given' if happened(record) else 'not given'}"


def _request(record: Record) -> str:
    who = text_at(record.resource, "requester.display")
    return f"{record.fact.label}, from {who}" if who else record.fact.label


_TITLES: dict[str, Callable[[Record], str]] = {
    "AllergyIntolerance": _named("code"),
    "CarePlan": lambda record: record.fact.label if record.fact.code else text_at(record.resource, "title"),
    "Condition": _named("code"),
    "DiagnosticReport": _named("code"),
    "Encounter": _encounter,
    "EpisodeOfCare": _named("type"),
    "Flag": _named("code"),
    "Immunization": _immunization,
    "MedicationStatement": _named("medicationCodeableConcept"),
    "Observation": _named("code"),
    "Procedure": _named("code"),
    "ServiceRequest": _request,
    "Task": _named("code"),
}


def detail(record: Record, everything: Records) -> tuple[str, ...]:
    """The short lines below a title: values, reasons, outcomes, places, notes."""
    found = [
        *plan_categories(record),
        *_types_beside(record),
        *values(record),
        *_reasons(record),
        *_outcomes(record),
        *_places(record, everything),
        *(text_at(note, "text") for note in each(record.resource, "note")),
        *(text_at(record.resource, name) for name in ("description", "conclusion", "comment")),
        *words(record.resource, "patientInstruction"),
    ]
    return tuple(dict.fromkeys(line for line in found if line))


def _more_types(record: Record) -> tuple[str, ...]:
    """What stands after the first type of an event or episode: why, how it went, who was seen."""
    return concepts(record.resource, "type")[1:] if record.type in ("Encounter", "EpisodeOfCare") else ()


def _types_beside(record: Record) -> tuple[str, ...]:
    return _more_types(record) if happened(record) else ()  # else its title says them


def plan_categories(record: Record) -> tuple[str, ...]:
    """ "Category Neglect": the categories of a plan besides the one that says what kind of plan it is."""
    if record.type != "CarePlan":
        return ()
    found = [c for c in each(record.resource, "category") if not _kind_of_plan(c, record)]
    named = [name for name in map(concept, found) if name]
    return (f"Category {joined(named)}",) if named else ()


def _kind_of_plan(category: object, record: Record) -> bool:
    given = {text_at(coding, "code") for coding in each(category, "coding")}
    return bool(given & _KINDS_OF_PLAN) or key(concept(category)) in key(record.fact.label)


def values(record: Record) -> tuple[str, ...]:
    """An Observation's value, or those of its components with their names."""
    own = value(record.resource)
    parts = [(concept_at(c, "code"), value(c)) for c in each(record.resource, "component")]
    subject = concept_at(record.resource, "code")
    return (
        own,
        *(f"{name}: {found}" if name not in ("", subject) else found for name, found in parts if found),
    )


def value(element: object) -> str:
    quantity = text_at(element, "valueQuantity.value")
    if quantity:
        unit = text_at(element, "valueQuantity.unit") or text_at(element, "valueQuantity.code")
        return f"{quantity}{'' if unit == '%' else ' '}{unit}".strip()
    answer = at(element, "valueBoolean")
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    plain = (text_at(element, name) for name in ("valueString", "valueInteger", "valueDateTime"))
    return concept_at(element, "valueCodeableConcept") or next((text for text in plain if text), "")


def _reasons(record: Record) -> tuple[str, ...]:
    if record.type == "Encounter":  # its title says them already
        return ()
    found = [*concepts(record.resource, "reasonCode"), *concepts(record.resource, "statusReason")]
    reactions = concepts(record.resource, "reaction.manifestation")
    return (joined(found), f"Reaction: {joined(reactions)}" if reactions else "")


def _outcomes(record: Record) -> tuple[str, ...]:
    resource = record.resource
    doses = [text_at(dose, "text") for dose in each(resource, "dosage")]
    return (
        concept_at(resource, "hospitalization.dischargeDisposition"),
        concept_at(resource, "outcome"),
        concept_at(resource, "businessStatus"),
        joined(concepts(resource, "output.valueCodeableConcept")),
        f"Criticality {text_at(resource, 'criticality')}" if text_at(resource, "criticality") else "",
        joined([dose for dose in doses if dose]),
    )


def _places(record: Record, everything: Records) -> tuple[str, ...]:
    found = [referred(everything, record.resource, x) for x in each(record.resource, "location.location")]
    return tuple(f"At {place}" for place in found if place and key(place) not in key(title(record)))
