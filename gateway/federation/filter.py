"""What of the answers this person may see: each resource shown, masked, only hinted at, or left out.

The rulings are auth's; here they are carried out. https://hl7.org/fhir/R4/security-labels.html
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auth.decision import Item, Outcome, Ruling
from gateway.federation.answer import Entry
from gateway.federation.labels import REDACTED
from gateway.federation.location import Whereabouts, names_the_surgery, without_location
from gateway.federation.masking import masked

Resource = Mapping[str, Any]


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
    if names_the_surgery(entry.item, where):
        return
    resource = masked(entry.resource, ruling) if ruling.outcome is Outcome.MASK else entry.resource
    located = without_location(resource, where)
    if located is None:
        return
    if located is not entry.resource:
        located = {**located, "meta": _redacted(located["meta"])}
        if ruling.text:
            shown.masked.append((entry.item, ruling))
    shown.resources.append(located)
    shown.rules[entry.resource["id"]] = ruling.rules


def _redacted(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**meta, "security": [*meta.get("security", ()), REDACTED]}
