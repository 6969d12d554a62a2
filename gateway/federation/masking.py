"""What is left of a resource that a ruling masks: the rest of it, the fact, or only that there is something.

https://hl7.org/fhir/R4/extension-data-absent-reason.html : `masked` stands where R4 requires an element.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from auth.decision import Ruling
from gateway.federation.labels import CONFIDENTIALITY, INTEGRITY

Resource = Mapping[str, Any]
ABSENT: Mapping[str, Any] = {
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
    ]
}

# that something is recorded, of whom and when
_SEALED = frozenset(
    "resourceType id meta status intent mode clinicalStatus verificationStatus subject patient for "
    "beneficiary period effectiveDateTime effectivePeriod occurrenceDateTime occurrencePeriod "
    "occurrenceString onsetDateTime recordedDate authoredOn performedDateTime performedPeriod issued "
    "created recorded executionPeriod".split()
)
# and what it was; never who else, where or why
_FACT = _SEALED | frozenset("class type category code vaccineCode action agent source".split())
# the elements that R4 requires and that what is left may lack
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "AuditEvent": ("type",),
    "DiagnosticReport": ("code",),
    "Encounter": ("class",),
    "Flag": ("code",),
    "Immunization": ("vaccineCode",),
    "MedicationRequest": ("medicationCodeableConcept",),
    "MedicationStatement": ("medicationCodeableConcept",),
    "Observation": ("code",),
}
_NOBODY = {"agent": [{"requestor": False}], "source": {"observer": ABSENT}}


def masked(resource: Resource, ruling: Ruling) -> Resource:
    """`resource` without what the ruling masks; still R4, and nothing of the source's object is changed."""
    whole = bool(ruling.masks) and not (ruling.fact_only or ruling.sealed)
    plan = _plan(ruling.masks, resource["resourceType"])
    nested = [names for names in plan.nested if names[0].removesuffix("[]") in resource]
    if whole and not nested and plan.names.isdisjoint(resource):
        return resource
    result = dict(resource) if whole else _reduced(resource, ruling)
    for name in plan.names:
        result.pop(name, None)
    for names in nested:
        _remove(result, names)
    return _completed(result)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What masks mean for one type: elements that go, and paths to walk."""

    names: frozenset[str]
    nested: tuple[list[str], ...]


@cache
def _plan(masks: frozenset[str], resource_type: str) -> _Plan:
    paths = [names for path in masks if (names := _names(path, resource_type))]
    whole = frozenset(names[0].removesuffix("[]") for names in paths if len(names) == 1)
    return _Plan(whole, tuple(names for names in paths if len(names) > 1))


def _reduced(resource: Resource, ruling: Ruling) -> dict[str, Any]:
    # a mask that says nothing of what it hides hides everything
    sealed = ruling.sealed or not ruling.fact_only
    kept = _SEALED if sealed else _FACT
    result = {name: _coded_only(value) for name, value in resource.items() if name in kept}
    result["meta"] = _meta(resource.get("meta", {}), sealed)
    return result


def _meta(meta: Resource, sealed: bool) -> Resource:
    """No claim to a profile that the rest may not fit; of a sealed record not even why it is sealed."""
    result = {name: value for name, value in meta.items() if name != "profile"}
    if sealed:
        labels = meta.get("security", ())
        result["security"] = [x for x in labels if x.get("system") in (CONFIDENTIALITY, INTEGRITY)]
    return result


def _coded_only(value: Any) -> Any:
    """A CodeableConcept keeps its codes and loses its text, which may say more than what it was."""
    if isinstance(value, list):
        return [one for one in map(_coded_only, value) if one]
    if isinstance(value, dict) and value.keys() & {"coding", "text"}:
        return {"coding": value["coding"]} if value.get("coding") else {}
    return value


def _names(path: str, resource_type: str) -> list[str]:
    """The names of a path; none for a path that is for another type."""
    names = path.split(".")
    if not names[0][:1].isupper():
        return names
    return names[1:] if names[0] == resource_type else []


def _remove(holder: dict[str, Any], names: list[str]) -> None:
    """Removes the element that `names` lead to; what leads there is copied, never changed in place."""
    name = names[0].removesuffix("[]") if names else ""
    if name not in holder:
        return
    if len(names) == 1:
        del holder[name]
        return
    value = holder[name]
    many = value if isinstance(value, list) else [value]
    copies = [dict(one) for one in many if isinstance(one, dict)]
    for copy in copies:
        _remove(copy, names[1:])
    kept = [copy for copy in copies if copy]
    if not kept:
        del holder[name]
    else:
        holder[name] = kept if isinstance(value, list) else kept[0]


def _completed(resource: dict[str, Any]) -> Resource:
    """What R4 requires and the mask took is said to be masked; what became empty is gone."""
    resource_type = resource["resourceType"]
    result = {name: value for name, value in resource.items() if value not in ({}, [])}
    for name in _REQUIRED.get(resource_type, ()):
        if name not in result and not (name.startswith("medication") and "medicationReference" in result):
            result[name] = ABSENT
    # org-1: an organisation has a name or an identifier
    if resource_type == "Organization" and not result.keys() & {"name", "identifier"}:
        result["_name"] = ABSENT
    return {**_NOBODY, **result} if resource_type == "AuditEvent" else result
