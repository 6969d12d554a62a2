"""From a source's record to labelled R4 resources: map, check against the schema, give id and source.

Where a record cannot become a resource, it is counted with field and reason, never dropped in silence.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auth.decision import Item
from connectors.base import Record
from gateway.federation.answer import Entry
from gateway.federation.connected import Connected
from gateway.federation.labels import confidentiality
from gateway.federation.references import rewrite
from gateway.fhir.narrative import calmed
from gateway.fhir.schema import faults
from gateway.identity.ids import Ids
from gateway.model import Model
from mappings import Made, Mapping_, Unmappable

_IDENTIFIED = frozenset(
    "RelatedPerson Practitioner PractitionerRole Organization Location CarePlan CareTeam EpisodeOfCare "
    "Encounter ServiceRequest Task Flag Observation Condition AllergyIntolerance MedicationStatement "
    "MedicationRequest Immunization Procedure DiagnosticReport List Appointment Communication Patient".split()
)  # types whose `identifier` is a list
# people and places, of whom each message tells what it needs
_TOLD_AGAIN = frozenset("Patient RelatedPerson Practitioner PractitionerRole Organization Location".split())


@dataclass(slots=True)
class Frame:
    """What a mapping may ask while it runs: references within this source, and where to count codes."""

    source: str
    child: str
    ids: Ids
    subject: Mapping[str, str] | None
    own_numbers: frozenset[str] = frozenset()  # what the source itself calls the child, once that is known
    unknown_codes: Counter[str] = field(default_factory=Counter)
    items: dict[tuple[str, tuple[str, ...]], Item] = field(default_factory=dict)
    ours: dict[str, str] = field(default_factory=dict)  # references of the source, as they are here
    labels: dict[str, "Fixed"] = field(default_factory=dict)
    _referred: dict[tuple[str, str], str] = field(default_factory=dict)

    def id_of(self, resource_type: str, key: str) -> str:
        return self.ids.make(self.source, resource_type, self.child, key)

    def reference(self, resource_type: str, key: str) -> str:
        place = (resource_type, key)
        known = self._referred.get(place)
        if known is None:
            known = self._referred[place] = f"{resource_type}/{self.id_of(resource_type, key)}"
        return known

    def unmapped(self, concept_map: str, code: str) -> None:
        self.unknown_codes[concept_map] += 1


@dataclass(frozen=True, slots=True)
class Fixed:
    """What all resources of one mapping and source have in common."""

    source: str
    tag: Mapping[str, str]
    security: list[Mapping[str, Any]]  # where the source labels nothing
    namespace: str


@dataclass(slots=True)
class Translation:
    """What has become of the records so far: entries, and what could not become one, by reason."""

    entries: list[Entry] = field(default_factory=list)
    faulty: Counter[str] = field(default_factory=Counter)
    _seen: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Takes an entry; a resource that a source tells twice (a doctor in two messages) counts once.

        Two facts about the child that differ under one number are a fault: one of them is not shown.
        """
        first = self._seen.setdefault(entry.resource["id"], entry)
        if first is entry:
            self.entries.append(entry)
        elif entry.item.type not in _TOLD_AGAIN and entry.resource != first.resource:
            self.faulty[f"{entry.item.type}: two records with one number differ"] += 1


@dataclass(frozen=True)
class Translator:
    """Turns the records of any connected source into entries."""

    ids: Ids
    base: str
    model: Model

    def frame(self, source: str, child: str, subject: str) -> Frame:
        """The frame of one source's answer; `subject` is the id of the child's Patient."""
        return Frame(source, child, self.ids, {"reference": f"Patient/{subject}"})

    def translate(
        self,
        connected: Connected,
        frame: Frame,
        records: Iterable[Record],
        own: bool,
        into: Translation,
    ) -> None:
        """Adds what `records` become to `into`."""
        for record in records:
            for mapping in connected.by_kind.get(record.kind, ()):
                self._one(connected, frame, mapping, record, own, into)

    def _one(
        self,
        connected: Connected,
        frame: Frame,
        mapping: Mapping_,
        record: Record,
        own: bool,
        into: Translation,
    ) -> None:
        try:
            made = mapping.make(record, frame)
        except Unmappable as error:
            into.faulty[f"{mapping.name}: {error}"] += 1
            return
        if made is None:
            return
        resource = self._finish(connected, frame, mapping, made)
        wrong = faults(resource)
        if wrong:
            into.faulty[f"{mapping.name}: {wrong[0]}"] += 1
            return
        into.add(Entry(resource, self._item(connected, frame, mapping, resource, own)))

    def _finish(self, connected: Connected, frame: Frame, mapping: Mapping_, made: Made) -> dict[str, Any]:
        """The resource with id, source, fact and confidentiality; the rest is as mapped."""
        resource = made.resource
        if mapping.passing:
            resource = calmed(resource)
            rewrite(resource, frame)
        fixed = frame.labels.get(mapping.name) or self._fixed(connected, frame, mapping)
        resource_type = mapping.resource_type
        resource["id"] = frame.id_of(resource_type, made.key)
        told = resource.get("meta", {})
        # what a source calls our own kinds of fact would move its record to another section of the page
        tags = [tag for tag in told.get("tag", ()) if tag.get("system") != fixed.tag["system"]]
        security = told.get("security")
        resource["meta"] = {
            **told,
            "source": fixed.source,
            "tag": [*tags, fixed.tag],
            "security": confidentiality(security, mapping.fact, self.model) if security else fixed.security,
        }
        if not mapping.passing and resource_type in _IDENTIFIED:
            own = {"system": fixed.namespace, "value": made.key}
            resource["identifier"] = [*resource.get("identifier", ()), own]
        return resource

    def _fixed(self, connected: Connected, frame: Frame, mapping: Mapping_) -> Fixed:
        source = f"{self.base}/source/{connected.id}"
        fixed = frame.labels[mapping.name] = Fixed(
            source=source,
            tag={"system": f"{self.base}/CodeSystem/fact", "code": mapping.fact},
            security=confidentiality((), mapping.fact, self.model),
            namespace=f"{source}/Id/{mapping.kind}",
        )
        return fixed

    def _item(
        self, connected: Connected, frame: Frame, mapping: Mapping_, resource: Mapping[str, Any], own: bool
    ) -> Item:
        """What decides about the resource; one object for all that are alike."""
        labels = tuple(label.get("code", "") for label in resource["meta"]["security"])
        known = frame.items.get((mapping.name, labels))
        if known is None:
            known = frame.items[mapping.name, labels] = Item(
                source=connected.id,
                kind=connected.source.agency,
                type=mapping.resource_type,
                fact=mapping.fact,
                section=self.model.section(mapping.fact),
                labels=frozenset(labels) - {""},
                own=own,
            )
        return known
