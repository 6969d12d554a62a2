"""Drawing the view: the child's Patient, the resources shown, a line for each source, and the notices.

Everything here is pure: the same answers and rulings give the same view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from auth.decision import Decision, Item, Outcome, Ruling
from gateway.federation.answer import Answer
from gateway.federation.connected import Connected
from gateway.federation.filter import Resource, Shown
from gateway.federation.lines import Asked, line
from gateway.federation.location import NOT_CHECKED, UNTRACED, WITHHELD, Whereabouts
from gateway.federation.merge import merged, the_child, under_one_number, with_links
from gateway.federation.receipt import Line, Notice
from gateway.federation.view import View
from gateway.identity.child import Child
from gateway.sources import Source

_IDENTITY = "identity"


@dataclass(frozen=True)
class Sight:
    """All that a view is drawn from."""

    sources: Sequence[Source]
    connected: Sequence[Connected]
    rulings: Mapping[str, Ruling]
    answers: Mapping[str, Answer]
    shown: Mapping[str, Shown]
    child: Child
    subject: str
    base: str
    where: Whereabouts
    decision: Decision
    asked_at: datetime
    now: datetime
    waiting: frozenset[str]
    identity_source: str
    reference: str
    scope: frozenset[str] | None = None
    paused: frozenset[str] = frozenset()


def draw(sight: Sight) -> View:
    """The view as it stands now."""
    identity = _identity_resources(sight)
    patient = next((r for r in identity if _fact(r) == _IDENTITY), None)
    order = [source.id for source in sight.sources if source.id in sight.shown]
    rest = [r for r in identity if r is not patient]
    others = [rest if source == sight.identity_source else sight.shown[source].resources for source in order]
    number, born = sight.child.nhs_number, sight.child.reference.birth_date
    resources = tuple(under_one_number(resource, number) for resource in merged(others))
    the_patient = the_child(patient, number, born, sight.subject, sight.base)
    return View(
        patient=with_links(the_patient, resources),
        resources=resources,
        lines=_lines(sight),
        notices=_notices(sight),
        asked_at=sight.asked_at,
        finished=not sight.waiting,
        column=sight.decision.column,
        purpose=sight.decision.purpose,
        policy_version=sight.decision.policy_version,
        location_withheld=_LOCATION[sight.where],
        reference=sight.reference,
    )


_LOCATION = {
    Whereabouts.OPEN: "",
    Whereabouts.UNCHECKED: NOT_CHECKED,
    Whereabouts.UNTRACED: UNTRACED,
    Whereabouts.RESTRICTED: WITHHELD,
}


def _identity_resources(sight: Sight) -> list[Resource]:
    shown = sight.shown.get(sight.identity_source)
    return shown.resources if shown else []


def _fact(resource: Resource) -> str:
    tags = resource.get("meta", {}).get("tag", ())
    return next((tag["code"] for tag in reversed(tags) if tag.get("system", "").endswith("/fact")), "")


def _lines(sight: Sight) -> tuple[Line, ...]:
    sections = {c.id: c.sections for c in sight.connected}
    return tuple(
        line(
            Asked(
                source,
                sections.get(source.id, frozenset()),
                sight.rulings.get(source.id),
                sight.answers.get(source.id),
                sight.shown.get(source.id),
                source.id in sight.paused,
            ),
            sight.now,
        )
        for source in sight.sources
        if sight.scope is None or source.id in sight.scope
    )


def _notices(sight: Sight) -> tuple[Notice, ...]:
    """What is held back and may be known of: once for each source, fact and reason."""
    found: dict[tuple[str, str, str], Notice] = {}
    names = {source.id: source for source in sight.sources}
    for source_id, shown in sight.shown.items():
        for item, ruling in (*shown.held_back, *shown.masked):
            notice = _notice(names[source_id], item, ruling)
            found.setdefault((source_id, notice.what, notice.why), notice)
    return tuple(found.values())


def _notice(source: Source, item: Item, ruling: Ruling) -> Notice:
    telephone = source.telephone.out_of_hours or source.telephone.office
    held = "held back in part" if ruling.outcome is Outcome.MASK else "held back"
    return Notice(
        what=f"{source.agency_name}: {item.section} {held}",
        why=ruling.text,
        contact=ruling.contact or telephone,
        source=source.id,
        rules=ruling.rules,
    )
