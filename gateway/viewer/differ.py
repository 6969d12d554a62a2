"""Where sources differ about who the child is or where they live: said side by side, with each source.

What an agency holds as demographics is a further Patient; it is compared and never merged.
"""

from collections.abc import Callable, Iterator

from gateway.federation.view import Resource, View
from gateway.viewer import times
from gateway.viewer.elements import each, text_at, words
from gateway.viewer.parts import Difference
from gateway.viewer.people import chosen
from gateway.viewer.records import Record, Records
from gateway.viewer.when import when
from gateway.viewer.words import joined, key


def differences(view: View, everything: Records, first_name: str) -> tuple[Difference, ...]:
    """Every demographic about which two sources differ."""
    people = [everything.child, *(r for r in everything.all if r.type == "Patient")]
    questions = dict(_QUESTIONS)
    if not view.location_withheld:
        questions[f"Where {first_name} lives"] = _home
    found = (_difference(what, read, people) for what, read in questions.items())
    return tuple(one for one in (*found, _plans(everything)) if one)


def _difference(what: str, read: Callable[[Resource], str], people: list[Record]) -> Difference | None:
    """Each different value once, with everyone who says it."""
    said: dict[str, tuple[str, list[str]]] = {}
    for record in people:
        value = read(record.resource)
        if value:
            said.setdefault(key(value), (value, []))[1].append(record.mark.place)
    if len(said) < 2:
        return None
    return Difference(what, tuple((_say(who), value) for value, who in said.values()))


def _say(places: list[str]) -> str:
    names = list(dict.fromkeys(places))
    return f"{joined(names)} {'says' if len(names) == 1 else 'say'}"


def _home(resource: Resource) -> str:
    current = [a for a in each(resource, "address") if text_at(a, "use") not in ("old", "temp")]
    return ", ".join((*words(current[0], "line"), text_at(current[0], "postalCode"))) if current else ""


def _born(resource: Resource) -> str:
    moment = when(text_at(resource, "birthDate"))
    return moment.text if moment else ""


_QUESTIONS: dict[str, Callable[[Resource], str]] = {
    "Surname": lambda resource: text_at(chosen(resource), "family"),
    "First name": lambda resource: next(iter(words(chosen(resource), "given")), ""),
    "Born": _born,
    "Gender": lambda resource: text_at(resource, "gender").replace("unknown", ""),
}


def _plans(everything: Records) -> Difference | None:
    """Child protection plans of two sources whose dates or categories differ."""
    said = list(_plan_words(everything))
    if len({value for _, value in said}) < 2 or len({who for who, _ in said}) < 2:
        return None
    return Difference("Child protection plan", tuple(said))


def _plan_words(everything: Records) -> Iterator[tuple[str, str]]:
    for record in everything.of("child-protection-plan"):
        if text_at(record.resource, "status") == "active":
            start = times.start(record)
            yield f"{record.line.name} says", f"from {start.text}" if start else "with no date"
