"""The gate: who the child is, and what restricts them, before any other agency learns that we ask.

At most two agencies are asked here, together: the identity source, and the asker's own organisation, which
knows whether they work with the child. Past the gate no source waits for another.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from auth.decision import Facts, Relationship
from auth.principal import Principal
from connectors.base import Failure, Query, Record, SourceError
from gateway.federation.answer import Answer, Match
from gateway.federation.ask import Question, ask
from gateway.federation.connected import PERSON, Connected
from gateway.federation.ownership import holds, owned, supplied, values_at
from gateway.federation.translate import Translation, Translator
from gateway.identity.child import NHS_NUMBER, Child, Demographics, demographics
from gateway.identity.whiteboard import Whiteboard

_SENSITIVE = frozenset({"R", "V"})


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate found: the child, the facts for the decision, and the identity source's answer.

    `nobody` is True when the identity source says that nobody has the number; when it said nothing and no
    birth date was typed either, neither `found` nor `nobody` is.
    """

    child: Child
    facts: Facts
    identity: Answer | None
    found: bool
    nobody: bool = False

    def __repr__(self) -> str:
        return f"<Gate found={self.found}>"


async def through(
    sources: Sequence[Connected],
    translator: Translator,
    principal: Principal,
    question: Question,
    today: date,
    seconds: float,
) -> Gate:
    """Asks the identity source and the asker's own organisation; both within `seconds`."""
    identity = next((c for c in sources if c.source.agency == "identity"), None)
    own = next((c for c in sources if c.id == principal.source and c is not identity), None)
    until = min(question.deadline, asyncio.get_running_loop().time() + seconds)
    limited = replace(question, deadline=until)
    answer, relationship = await asyncio.gather(
        _identity(identity, limited, translator),
        _relationship(own, limited, translator, principal),
    )
    return _gate(question.child, answer, relationship, today)


async def _identity(identity: Connected | None, question: Question, translator: Translator) -> Answer | None:
    if identity is None:
        return None
    return await ask(identity, question, translator)


def _gate(child: Child, answer: Answer | None, relationship: Relationship, today: date) -> Gate:
    patient = _patient(answer)
    if patient is None:
        nobody = answer is not None and answer.match is Match.NOT_HELD
        traced = replace(child, traced=False)
        born = _born(child.reference)
        facts = Facts(known=False, relationship=relationship, age=_age(born, today))
        return Gate(traced, facts, answer, bool(born) and not nobody, nobody)
    reference = demographics(patient)
    number = reference.nhs_number or child.nhs_number
    facts = Facts(
        known=True,
        relationship=relationship,
        age=_age(_born(reference), today),
        sensitive=bool(_labels(patient) & _SENSITIVE),
        deceased=bool(patient.get("deceasedBoolean") or patient.get("deceasedDateTime")),
        superseded=number != child.nhs_number and not _merged(patient, child.nhs_number),
        clinical_presence=relationship is Relationship.ENCOUNTER_OPEN,
    )
    return Gate(Child(number, reference), facts, answer, found=True)


def _patient(answer: Answer | None) -> Mapping[str, Any] | None:
    if answer is None or answer.failure is not None or answer.match is not Match.FOUND:
        return None
    return next((e.resource for e in answer.entries if e.item.fact == "identity"), None)


def _merged(patient: Mapping[str, Any], asked: str) -> bool:
    """The identity source states an ordinary merge of the number asked for into this record."""
    for link in patient.get("link", ()):
        other = link.get("other", {}).get("identifier", {})
        if link.get("type") == "replaces" and other.get("value") == asked:
            return bool(other.get("system") == NHS_NUMBER)
    return False


def _labels(patient: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(label.get("code", "") for label in patient.get("meta", {}).get("security", ()))


def _born(reference: Demographics) -> date | None:
    try:
        return date.fromisoformat(reference.birth_date)
    except ValueError:
        return None


def _age(born: date | None, today: date) -> int | None:
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


async def _relationship(
    own: Connected | None, question: Question, translator: Translator, principal: Principal
) -> Relationship:
    """What the asker's own organisation says of them and the child.

    CLAIMED if it does not answer, or answers about somebody else: that nothing was found is not known then.
    """
    if own is None or not own.system.options.get("relationship"):
        return Relationship.NONE
    try:
        async with asyncio.timeout_at(question.deadline):
            return await _evidence(own, question, translator, principal)
    except (TimeoutError, SourceError):
        return Relationship.CLAIMED


async def _evidence(
    own: Connected, question: Question, translator: Translator, principal: Principal
) -> Relationship:
    rules = own.system.options["relationship"]
    known = await _known_there(own, question, translator)
    records: dict[str, list[Record]] = {}
    for rule in rules:
        kind = rule["kind"]
        if kind not in records:
            records[kind] = await _records(own, kind, known)
        if any(_is_evidence(own, rule, record, known, principal) for record in records[kind]):
            return Relationship(rule["is"])
    return Relationship.CLAIMED if _about_others(own, records, known) else Relationship.NONE


def _about_others(
    own: Connected, records: Mapping[str, Sequence[Record]], known: Mapping[str, frozenset[str]]
) -> bool:
    """It answered with records of another child, so what it has of this one is not known."""
    return any(not owned(own.system.kinds[kind], r, known) for kind, found in records.items() for r in found)


async def _known_there(
    own: Connected, question: Question, translator: Translator
) -> dict[str, frozenset[str]]:
    """The identifiers under which the asker's organisation knows the child.

    Raises SourceError if it answers about somebody else: another child's open encounter opens nothing.
    """
    number = question.child.nhs_number
    known = {"nhs-number": frozenset({number})}
    if not own.person_group:
        return known
    for record in await _records(own, PERSON, known):
        if _number_of(own, question, translator, record) != number:
            raise SourceError(Failure.UNREADABLE, "it answered about another child")
        for name, value in supplied(own.system.kinds[PERSON], record).items():
            known[name] = known.get(name, frozenset()) | {value}
    return known


def _number_of(own: Connected, question: Question, translator: Translator, record: Record) -> str:
    """The NHS number that a person record states, once it is a Patient."""
    number, made = question.child.nhs_number, Translation()
    translator.translate(own, translator.frame(own.id, number, question.subject), [record], True, made)
    patients = [e.resource for e in made.entries if e.item.type == "Patient"]
    return demographics(patients[0]).nhs_number if patients else ""


async def _records(own: Connected, kind: str, known: Mapping[str, frozenset[str]]) -> list[Record]:
    capability = own.connector.capabilities[kind]
    keys = {name: min(known[name]) for name in sorted(capability.person_keys) if known.get(name)}
    if not keys:
        return []
    async with aclosing(own.connector.fetch(Query(kind, keys))) as records:
        return [record async for record in records if record.kind == kind]


def _is_evidence(
    own: Connected,
    rule: Mapping[str, Any],
    record: Record,
    known: Mapping[str, frozenset[str]],
    principal: Principal,
) -> bool:
    if not owned(own.system.kinds[rule["kind"]], record, known):
        return False
    asker = rule.get("asker")
    if asker and not set(values_at(asker, record)) & principal.local_ids:
        return False
    return holds(rule.get("where", {}), rule.get("without", ()), record)


def unanswered(child: Child, names: Mapping[str, str]) -> Whiteboard:
    """A whiteboard that nobody adds to, for the gate itself."""
    return Whiteboard({"nhs-number": child.nhs_number, **names}, ())
