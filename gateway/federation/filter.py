"""What of the answers this person may see: each resource shown, masked, only hinted at, or left out.

The rulings are auth's; here they are carried out. https://hl7.org/fhir/R4/security-labels.html
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auth.decision import Item, Outcome, Ruling
from gateway.federation.answer import Entry
from gateway.federation.labels import REDACTED
from gateway.federation.location import Whereabouts, without_location

Resource = Mapping[str, Any]

# what says that something happened, and when, and to whom; never who else, where or why
_FACT = frozenset(
    "resourceType id meta status intent clinicalStatus verificationStatus class type category code subject "
    "patient for beneficiary period effectiveDateTime effectivePeriod occurrenceDateTime occurrencePeriod "
    "onsetDateTime recordedDate authoredOn performedDateTime performedPeriod issued created recorded "
    "executionPeriod vaccineCode mode action agent source".split()
)  # `agent` and `source` are required of an AuditEvent


@dataclass(slots=True)
class Shown:
    """What one source's entries have become: resources to show, and rulings that held something back."""

    resources: list[Resource] = field(default_factory=list)
    held_back: list[tuple[Item, Ruling]] = field(default_factory=list)
    masked: list[tuple[Item, Ruling]] = field(default_factory=list)
    rules: dict[str, tuple[str, ...]] = field(default_factory=dict)


def show(entries: Iterable[Entry], ruling_on: Callable[[Item], Ruling], where: Whereabouts) -> Shown:
    """Carries out the ruling on each entry."""
    shown = Shown()
    for entry in entries:
        ruling = ruling_on(entry.item)
        if ruling.outcome in (Outcome.PERMIT, Outcome.MASK):
            _keep(entry, ruling, where, shown)
        elif ruling.outcome is not Outcome.SILENT:
            shown.held_back.append((entry.item, ruling))
    return shown


def _keep(entry: Entry, ruling: Ruling, where: Whereabouts, shown: Shown) -> None:
    resource = masked(entry.resource, ruling) if ruling.outcome is Outcome.MASK else entry.resource
    located = without_location(resource, where)
    if located is None:
        return
    if located is not entry.resource and located != entry.resource:
        located = {**located, "meta": _redacted(located["meta"])}
        if ruling.text:
            shown.masked.append((entry.item, ruling))
    shown.resources.append(located)
    shown.rules[entry.resource["id"]] = ruling.rules


def masked(resource: Resource, ruling: Ruling) -> Resource:
    """`resource` without what the ruling masks."""
    if ruling.fact_only:
        kept = {name: value for name, value in resource.items() if name in _FACT}
        return {name: _coded_only(value) for name, value in kept.items()}
    result = dict(resource)
    for path in ruling.masks:
        _remove(result, path.split("."))
    return result


def _coded_only(value: Any) -> Any:
    """A CodeableConcept keeps its text only if it has no coding."""
    if isinstance(value, list):
        return [_coded_only(one) for one in value]
    if isinstance(value, dict) and "coding" in value:
        return {"coding": value["coding"]}
    return value


def _remove(holder: dict[str, Any], names: list[str]) -> None:
    """Removes the element that `names` lead to; what leads there is copied, never changed in place."""
    name = names[0].removesuffix("[]")
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


def _redacted(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**meta, "security": [*meta.get("security", ()), REDACTED]}
