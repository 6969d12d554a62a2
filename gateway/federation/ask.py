"""Asking one source: find the child there, cross-check, fetch, translate; always with an answer.

One source's trouble, of whatever kind, is a state of its own answer and costs no other source anything.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Failure, Query, Record, SourceError
from gateway.clock import Clock
from gateway.federation.answer import Answer, Match
from gateway.federation.connected import PERSON, Connected
from gateway.federation.ownership import owned, supplied
from gateway.federation.referred import referred
from gateway.federation.translate import Frame, Translation, Translator
from gateway.identity.child import Child, demographics, same_child
from gateway.identity.whiteboard import Whiteboard

log = logging.getLogger(__name__)
_BATCH = 100  # records mapped at once: few enough not to keep other requests waiting


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every source: about whom, which types, and until when (the loop's clock)."""

    child: Child
    subject: str
    board: Whiteboard
    types: frozenset[str] | None
    deadline: float
    own_source: str
    clock: Clock
    unscheduled: bool = True

    def filters(self, pushdown: frozenset[str]) -> dict[str, str]:
        """What is told to a source that takes it: whether this look was planned (CP-IS notifies by it)."""
        told = {"unscheduled": "true" if self.unscheduled else "false"}
        return {name: value for name, value in told.items() if name in pushdown}


@dataclass(slots=True)
class _Gathered:
    """One source's answer as it comes in."""

    frame: Frame
    match: Match = Match.UNKNOWN
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    made: Translation = field(default_factory=Translation)
    foreign: int = 0
    as_at: datetime | None = None
    asked_by: frozenset[str] = frozenset()
    waiting: bool = False  # for an identifier that another source may lend


async def ask(connected: Connected, question: Question, translator: Translator) -> Answer:
    """The source's answer within its own deadline; never raises but for cancellation."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    gathered = _Gathered(translator.frame(connected.id, question.child.nhs_number, question.subject))
    breaker = connected.breaker
    if not breaker.lets_through():
        question.board.done(connected.id)
        return Answer(connected.id, Match.UNKNOWN, breaker.opened_by, since=breaker.since)
    failure, reference = None, ""
    try:
        deadline = min(question.deadline, started + connected.source.deadline_seconds)
        async with asyncio.timeout_at(deadline), breaker.slots:
            await _gather(connected, question, translator, gathered)
    except TimeoutError:
        if gathered.waiting:
            gathered.match = Match.UNMATCHED
        else:
            failure = Failure.TIMED_OUT
    except SourceError as error:
        failure, reference = error.failure, _report(connected.id, str(error), None)
    except Exception as error:  # noqa: BLE001 one connector's bug must not cost other sources' answers
        failure, reference = Failure.UNREADABLE, _report(connected.id, "a defect", error)
    finally:
        question.board.done(connected.id)
        # a source that was not asked has shown neither that it is well nor that it is not
        if failure is not None or (gathered.match is not Match.UNKNOWN and gathered.asked_by):
            breaker.record(failure, question.clock())
        else:
            breaker.abandon()
    return _answer(connected, gathered, failure, loop.time() - started, reference)


def _report(source: str, what: str, defect: Exception | None) -> str:
    """Logs a failure under a reference: the source, the kind of failure and where, never what it said."""
    reference = secrets.token_hex(4)
    log.warning("source %s: %s (reference %s)", source, what, reference)
    if defect is not None:
        frames = []
        trace = defect.__traceback__
        while trace is not None:
            frames.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
            trace = trace.tb_next
        log.error("source %s: %s at %s (%s)", source, type(defect).__name__, " > ".join(frames), reference)
    return reference


def _answer(
    connected: Connected, gathered: _Gathered, failure: Failure | None, seconds: float, reference: str
) -> Answer:
    for reason, count in gathered.made.faulty.items():
        log.warning("source %s: %d records could not be used: %s", connected.id, count, reason)
    if gathered.foreign:
        log.warning("source %s: %d records of another child were dropped", connected.id, gathered.foreign)
    entries = referred(gathered.made.entries) if gathered.foreign else tuple(gathered.made.entries)
    return Answer(
        source=connected.id,
        match=gathered.match,
        failure=failure,
        entries=entries,
        seconds=seconds,
        as_at=gathered.as_at,
        foreign=gathered.foreign,
        faulty=gathered.made.faulty,
        unmapped=gathered.frame.unknown_codes,
        reference=reference,
        asked_by=gathered.asked_by,
    )


async def _gather(
    connected: Connected, question: Question, translator: Translator, gathered: _Gathered
) -> None:
    """Finds the child, then fetches the rest at once; raises the first failure after all have ended."""
    groups = connected.groups(question.types)
    if connected.person_group:
        await _find(connected, question, translator, gathered)
        groups = groups[1:]
    else:
        gathered.known = {"nhs-number": frozenset({question.child.nhs_number})}
    if gathered.match in (Match.NOT_HELD, Match.UNMATCHED):
        return
    fetches = [_fetch(connected, question, translator, gathered, group) for group in groups]
    results = await asyncio.gather(*fetches, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    if gathered.match is Match.UNKNOWN:
        gathered.match = Match.UNMATCHED if gathered.foreign else Match.FOUND


async def _find(
    connected: Connected, question: Question, translator: Translator, gathered: _Gathered
) -> None:
    """Asks for the person, and keeps only what passes the cross-check."""
    group = connected.person_group
    capability = connected.connector.capabilities[PERSON]
    gathered.waiting = True
    known = await question.board.wait_for(capability.person_keys, connected.id)
    gathered.waiting = False
    if not known:
        gathered.match = Match.UNMATCHED
        return
    gathered.asked_by = frozenset(known)
    gathered.as_at = capability.as_at
    query = Query(group, known, question.filters(capability.pushdown))
    records: list[Record] = []
    whole = False
    try:
        async for record in _records(connected, query, gathered):
            records.append(record)
        whole = True
    finally:
        # what came before a failure or the deadline is kept; that nothing did says nothing then
        gathered.known = {name: frozenset({value}) for name, value in known.items()}
        gathered.match = _sorted_out(connected, question, translator, gathered, records, whole)
    if gathered.match is Match.FOUND:
        question.board.tell(_told(gathered))
        if not _later_suppliers(connected):
            question.board.done(connected.id)


def _sorted_out(
    connected: Connected,
    question: Question,
    translator: Translator,
    gathered: _Gathered,
    records: list[Record],
    whole: bool,
) -> Match:
    """Keeps those of `records` that are the child's; `whole` is False if more were to come."""
    people = [record for record in records if record.kind == PERSON]
    # supplied before they are mapped, which changes references in place
    numbers = [supplied(connected.system.kinds[PERSON], record) for record in people]
    drafts = [_draft(connected, question, translator, gathered, record) for record in people]
    ours = [n for n, draft in enumerate(drafts) if _is_child(connected, question, draft)]
    gathered.foreign += len(people) - len(ours)
    if not ours:
        found_none = Match.UNMATCHED if records else Match.NOT_HELD
        return found_none if whole else Match.UNKNOWN
    for place in ours:
        _learn(gathered, numbers[place])
        for entry in drafts[place].entries:
            gathered.made.add(entry)
    _keep(connected, question, translator, gathered, [r for r in records if r.kind != PERSON])
    return Match.FOUND


def _later_suppliers(connected: Connected) -> bool:
    """A kind that is fetched after the person supplies identifiers too."""
    kinds = connected.system.kinds.values()
    return any("identifiers" in k.request for k in kinds if k.name != PERSON and k.part_of is None)


def _told(gathered: _Gathered) -> dict[str, str]:
    return {name: min(values) for name, values in gathered.known.items()}


def _draft(
    connected: Connected,
    question: Question,
    translator: Translator,
    gathered: _Gathered,
    record: Record,
) -> Translation:
    """A person record as resources, before it is known whose they are."""
    draft = Translation()
    own = connected.id == question.own_source
    translator.translate(connected, gathered.frame, [record], own, draft)
    gathered.made.faulty.update(draft.faulty)
    return draft


def _is_child(connected: Connected, question: Question, draft: Translation) -> bool:
    """The person record, as a Patient, is the child asked for.

    The identity source is the reference itself: it may answer with the number that took another's place.
    """
    patients = [e.resource for e in draft.entries if e.item.type == "Patient"]
    if connected.source.agency == "identity":
        return len(patients) == 1 and bool(demographics(patients[0]).nhs_number)
    return bool(patients) and all(same_child(question.child, demographics(p)) for p in patients)


def _learn(gathered: _Gathered, numbers: Mapping[str, str]) -> None:
    """Adds the identifiers that a record of the child supplies."""
    for name, value in numbers.items():
        gathered.known[name] = gathered.known.get(name, frozenset()) | {value}
    own_numbers = gathered.known.get("local", frozenset())
    if own_numbers != gathered.frame.own_numbers:
        gathered.frame.own_numbers = own_numbers
        # what led nowhere may now lead to the child
        gathered.frame.ours.clear()


async def _fetch(
    connected: Connected, question: Question, translator: Translator, gathered: _Gathered, group: str
) -> None:
    """One question about the child found; what it yields is kept even if it then fails."""
    capability = next(c for c in connected.connector.capabilities.values() if c.asked_as == group)
    keys = _keys(capability.person_keys, gathered.known)
    if not keys:
        raise SourceError(Failure.UNSUPPORTED, f"{group}: none of its person keys is known")
    gathered.asked_by |= frozenset(keys)
    gathered.as_at = gathered.as_at or capability.as_at
    query = Query(group, keys, question.filters(capability.pushdown))
    batch: list[Record] = []
    try:
        async for record in _records(connected, query, gathered):
            batch.append(record)
            if len(batch) >= _BATCH:
                _keep(connected, question, translator, gathered, batch)
                batch = []
    finally:
        _keep(connected, question, translator, gathered, batch)


def _keys(names: frozenset[str], known: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """One identifier to ask by: the source's own number where it takes it."""
    for name in ("local", "nhs-number", *sorted(names)):
        if name in names and known.get(name):
            return {name: min(known[name])}
    return {}


def _keep(
    connected: Connected,
    question: Question,
    translator: Translator,
    gathered: _Gathered,
    records: list[Record],
) -> None:
    """Translates the records that are the child's, and counts those that are another's."""
    ours = []
    for record in records:
        kind = connected.system.kinds[record.kind]
        if owned(kind, record, gathered.known):
            ours.append(record)
            if "identifiers" in kind.request:
                _learn(gathered, supplied(kind, record))
                question.board.tell(_told(gathered))
        else:
            gathered.foreign += 1
    own = connected.id == question.own_source
    translator.translate(connected, gathered.frame, ours, own, gathered.made)


async def _records(connected: Connected, query: Query, gathered: _Gathered) -> AsyncIterator[Record]:
    """The connector's records, closed whatever happens, with the oldest time that they say they show."""
    async with aclosing(connected.connector.fetch(query)) as records:
        async for record in records:
            if record.as_at is not None:
                gathered.as_at = min(gathered.as_at or record.as_at, record.as_at)
            yield record
