"""What a Bundle says between its entries: references followed inside it, and messages that replace others.

https://hl7.org/fhir/STU3/references.html#literal ; https://hl7.org/fhir/STU3/messaging.html#message

Two lines of a system file are read here (CONTRIBUTING.md, "A system file, line by line"):

`follow = {medication = "medicationReference.reference"}` puts the resource that the reference names, if it
is in the same Bundle, into the record as `medication`.

`latest = {same = [...], newest = ..., gone = {path = value}}` keeps, of messages about the same thing, only
the newest, and none if that one takes it back.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from connectors.paths import Step, find, first, steps
from connectors.records import asked
from connectors.system import Kind, System, SystemMistake

Raw = dict[str, Any]
# a new field's name, how to reach its holder, and from there the reference
_Rule = tuple[str, tuple[Step, ...], tuple[Step, ...]]


def linked(system: System, kind_name: str, bundle: Raw) -> Raw:
    """`bundle`, its resources completed with those that the kinds inside `kind_name` follow."""
    rules = _rules(system, kind_name)
    if rules:
        resources = list(_resources(bundle))
        named = _by_name(bundle)
        for resource in resources:
            for rule in rules.get(str(resource.get("resourceType")), ()):
                _follow(rule, resource, named)
    return bundle


def _rules(system: System, kind_name: str) -> dict[str, list[_Rule]]:
    found: dict[str, list[_Rule]] = {}
    for kind in system.kinds.values():
        follow = kind.request.get("follow")
        if follow and asked(system, kind.name).name == kind_name:
            resource_type = kind.where.get("resourceType", kind.path)
            found.setdefault(resource_type, []).extend(_rule(kind, *pair) for pair in follow.items())
    return found


def _rule(kind: Kind, new: str, reference: str) -> _Rule:
    place, path = steps(new), steps(reference)
    holder = place[:-1]
    if path[: len(holder)] != holder:
        raise SystemMistake(f"kinds.{kind.name}.follow.{new} and {reference} do not start at the same place")
    return place[-1].name, holder, path[len(holder) :]


def _follow(rule: _Rule, resource: Raw, named: Mapping[str, Raw]) -> None:
    name, place, path = rule
    for holder in find(place, resource):
        if isinstance(holder, dict):
            target = named.get(str(first(path, holder)))
            if target is not None:
                holder[name] = target


def _by_name(bundle: Raw) -> dict[str, Raw]:
    """The resources of a Bundle by all the ways in which a reference may name them."""
    named: dict[str, Raw] = {}
    for entry in bundle.get("entry") or ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            kind, own = resource.get("resourceType"), resource.get("id")
            for name in (entry.get("fullUrl"), f"{kind}/{own}", f"urn:uuid:{own}"):
                if name:
                    named.setdefault(str(name), resource)
    return named


def _resources(bundle: Raw) -> Iterable[Raw]:
    for entry in bundle.get("entry") or ():
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            yield entry["resource"]


def settled(kind: Kind, messages: Iterable[Raw]) -> list[Raw]:
    """Of messages about the same thing the newest, unless it takes the thing back; newest first.

    A message that does not say what it is about, or when it was made, stands for itself.
    """
    rule = kind.request.get("latest")
    if rule is None:
        return list(messages)
    newest = steps(rule["newest"])
    ordered = sorted(messages, key=lambda message: _moment(first(newest, message)), reverse=True)
    same = [steps(path) for path in rule["same"]]
    gone = [(steps(path), str(value)) for path, value in rule.get("gone", {}).items()]
    seen: set[tuple[str, ...]] = set()
    kept = []
    for message in ordered:
        about = tuple(str(value) for path in same for value in find(path, message))
        if len(about) >= len(same):
            if about in seen:
                continue
            seen.add(about)
        if not any(str(value) == wanted for path, wanted in gone for value in find(path, message)):
            kept.append(message)
    return kept


def _moment(text: Any) -> float:
    """A FHIR instant as a number; a message that gives none is the oldest."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except ValueError:
        return 0.0
