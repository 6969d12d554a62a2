"""The family: who is who, who lives with the child, who holds responsibility, and where sources differ.

https://hl7.org/fhir/R4/relatedperson.html ; sources that disagree stand side by side and are never merged.
"""

from collections.abc import Sequence
from dataclasses import replace

from gateway.federation.view import Resource, View
from gateway.viewer import times
from gateway.viewer.differ import differences
from gateway.viewer.elements import codes, concept, each, text_at, words
from gateway.viewer.items import Reading, held_back, items
from gateway.viewer.parts import Family, Fig, Relative
from gateway.viewer.people import of_record
from gateway.viewer.records import Record
from gateway.viewer.standing import notes, word
from gateway.viewer.words import key

_TITLES = frozenset("mr mrs ms miss mx dr master".split())
_NOT_A_RELATION = frozenset(
    {
        "parental-responsibility",
        "no-parental-responsibility",
        "lives-with-child",
        "lives-elsewhere",
    }
)


def family(view: View, first_name: str, reading: Reading) -> Family:
    """The family section; nothing about where anyone lives if the child's whereabouts are held back."""
    found = reading.everything.of("related-person")
    relatives = _together([_relative(record, view, reading) for record in found])
    factors = [r for r in reading.everything.section("family") if r.fact.code != "related-person"]
    facts = items([*factors, *reading.everything.of("ethnicity")], reading)
    home = "" if view.location_withheld else address(view.patient)
    figures = [Fig("Lives at", home)] if home else []
    beside = notes(view.lines, "family", view.asked_at, shown=bool(relatives or facts))
    return Family(
        relatives=relatives,
        figures=tuple(figures),
        differences=differences(view, reading.everything, first_name),
        notes=beside,
        items=facts,
        standing=word(beside, len(relatives) + len(facts)),
    )


def _relative(record: Record, view: View, reading: Reading) -> Relative:
    # their address is held back with the child's: that is said once, of the child
    kept = record.held_back and not (view.location_withheld and of_record(record))
    return Relative(
        name=of_record(record) or "Name held back",
        relationship=", ".join(_relations(record)) or "Relationship not stated",
        lives_with=_lives_with(record, view),
        marks=(record.mark,),
        recorded=times.recorded(record),
        held_back=held_back(record, reading) if kept else "",
        responsibility=responsible(record.resource),
    )


def _together(found: Sequence[Relative]) -> tuple[Relative, ...]:
    """The same person of several sources in one row with every mark; what sources state differently, both."""
    people: dict[tuple[str, str], Relative] = {}
    for one in found:
        who = (_bare(one.name), one.relationship.partition(",")[0].casefold())
        people[who] = _beside(people[who], one) if who in people else one
    return tuple(people.values())


def _bare(name: str) -> str:
    """A name without its title and case."""
    return " ".join(word for word in key(name).split() if word not in _TITLES)


def _beside(one: Relative, other: Relative) -> Relative:
    lives = dict.fromkeys(said for said in (one.lives_with, other.lives_with) if said != "Not stated")
    plainer = min(one.name, other.name, key=lambda name: sum(map(str.isupper, name)))
    return replace(
        one,
        name=plainer,
        lives_with=", ".join(lives) or "Not stated",
        marks=(*one.marks, *other.marks),
        held_back=one.held_back or other.held_back,
        responsibility=one.responsibility or other.responsibility,
    )


def _relations(record: Record) -> list[str]:
    """The relationships that say who they are, without those that say what they hold or where they live."""
    found = [r for r in each(record.resource, "relationship") if not _codes(r) & _NOT_A_RELATION]
    return [name for name in map(concept, found) if name]


def _codes(relationship: Resource) -> set[str]:
    return {text_at(coding, "code") for coding in each(relationship, "coding")}


def responsible(relative: Resource) -> bool:
    """Holds parental responsibility, as the source says; silence is not a no."""
    return "parental-responsibility" in codes(relative, "relationship")


def responsibility(reading: Reading) -> tuple[str, ...]:
    """ "Tara Oakley (mother)", once each."""
    found = []
    for record in reading.everything.of("related-person"):
        if responsible(record.resource) and not record.held_back:
            relation = _relations(record)
            found.append(f"{of_record(record)} ({relation[0].lower()})" if relation else of_record(record))
    return tuple(dict.fromkeys(found))


def _lives_with(record: Record, view: View) -> str:
    """As the source states it, or from addresses that may be shown; unknown is said, never guessed."""
    stated = codes(record.resource, "relationship")
    if stated & {"lives-with-child", "lives-elsewhere"}:
        return "Yes" if "lives-with-child" in stated else "No"
    here, there = _place(view.patient), _place(record.resource)
    if view.location_withheld or not here or not there:
        return "Not stated"
    return "Yes" if here == there else "No"


def _place(resource: Resource) -> str:
    current = [a for a in each(resource, "address") if text_at(a, "use") != "old"]
    return "".join(f"{text_at(a, 'postalCode')}{' '.join(words(a, 'line'))}".casefold() for a in current[:1])


def address(resource: Resource) -> str:
    """The first address in use, in one line."""
    current: Sequence[Resource] = [a for a in each(resource, "address") if text_at(a, "use") != "old"]
    if not current:
        return ""
    first = current[0]
    parts = (*words(first, "line"), text_at(first, "city"), text_at(first, "postalCode"))
    return ", ".join(part for part in parts if part) or text_at(first, "text")
