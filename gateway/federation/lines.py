"""From answers to receipt lines: which of the ten states each source is in, and why.

The worst state wins; a source whose state must not be known reads like one with nothing to share.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from auth.decision import Outcome, Ruling
from connectors.base import Failure
from gateway.federation.answer import Answer, Match
from gateway.federation.filter import Shown
from gateway.federation.receipt import Line, State
from gateway.federation.wording import sentence
from gateway.sources import Source

_PROMISES = {
    "live": None,
    "hourly": timedelta(hours=2),
    "nightly": timedelta(hours=36),
    "weekly": timedelta(days=8),
}
_BY_FAILURE = {
    Failure.TIMED_OUT: State.TIMED_OUT,
    Failure.PAUSED: State.PAUSED,
    Failure.UNSUPPORTED: State.IDENTITY_UNMATCHED,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of one source when its line is drawn; `answer` is None while it is still asked."""

    source: Source
    sections: frozenset[str]
    ruling: Ruling | None
    answer: Answer | None
    shown: Shown | None
    paused: bool = False


def line(asked: Asked, now: datetime) -> Line:
    """The receipt line of one source."""
    source, answer = asked.source, asked.answer
    state = _state(asked, now)
    items = len(asked.shown.resources) if asked.shown else 0
    pending = _is_asked(asked) and answer is None
    as_at = _as_at(asked, now) if state.answered else None
    seconds = answer.seconds if answer else None
    words = sentence(
        state,
        source.agency_name,
        items,
        seconds,
        as_at,
        now,
        answer.reference if answer else "",
        answer.since if answer else None,
        copy=source.refreshed != "live",
    )
    return Line(
        source=source.id,
        name=source.name,
        agency=source.agency,
        agency_name=source.agency_name,
        state=state,
        text="Still asking. Nothing is known either way yet." if pending else words,
        items=items,
        seconds=seconds,
        as_at=as_at,
        since=answer.since if answer else None,
        reference=answer.reference if answer else "",
        telephone=source.telephone,
        sections=asked.sections,
        counted=source.agency != "identity",
        pending=pending,
    )


def _is_asked(asked: Asked) -> bool:
    permitted = asked.ruling is not None and asked.ruling.outcome is Outcome.PERMIT
    return asked.source.connected and not asked.paused and permitted


def _state(asked: Asked, now: datetime) -> State:
    if not asked.source.connected:
        return State.NOT_CONNECTED
    if asked.ruling is None or asked.ruling.outcome is not Outcome.PERMIT:
        return State.NOT_ASKED
    if asked.paused:
        return State.PAUSED
    if asked.answer is None:
        return State.TIMED_OUT
    return _answered(asked, asked.answer, now)


def _answered(asked: Asked, answer: Answer, now: datetime) -> State:
    if answer.failure is not None:
        return _BY_FAILURE.get(answer.failure, State.ERROR)
    if answer.match is Match.UNMATCHED or answer.foreign:
        return State.IDENTITY_UNMATCHED
    # whoever it was about was never clear: that is not an answer
    if answer.faulty or answer.match is Match.UNKNOWN:
        return State.ERROR
    as_at, promise = answer.as_at, _PROMISES[asked.source.refreshed]
    if promise is not None and as_at is not None and now - as_at > promise:
        return State.STALE
    shown = asked.shown
    if shown is not None and shown.held_back:
        return State.ANSWERED_WITHHELD
    return State.ANSWERED_DATA if shown is not None and shown.resources else State.ANSWERED_NONE


def _as_at(asked: Asked, now: datetime) -> datetime | None:
    """When the answer was true: the copy's own time, or now for a live source."""
    answer = asked.answer
    if answer is not None and answer.as_at is not None:
        return answer.as_at
    return now if asked.source.refreshed == "live" else None


def by_source(lines: tuple[Line, ...]) -> Mapping[str, Line]:
    """Lines by source id."""
    return {one.source: one for one in lines}
