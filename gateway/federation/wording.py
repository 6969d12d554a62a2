"""The sentence for each state of a source: what people read on page, in the terminal and in the receipt.

An error never reads as "none": only ANSWERED_NONE says that there is nothing, and it says for whom.
"""

from datetime import datetime

from gateway.federation.receipt import State

_FIXED = {
    State.NOT_ASKED: "Not asked: your role and purpose do not cover {name}.",
    State.NOT_CONNECTED: "Not connected: {name} is not part of this service.",
    State.IDENTITY_UNMATCHED: "Could not match this child in their system. Nothing is known either way.",
    State.PAUSED: "This agency has paused sharing. Nothing is known either way. Phone them.",
}


def sentence(  # noqa: PLR0913 a sentence has as many parts as it has
    state: State,
    name: str,
    items: int,
    seconds: float | None,
    as_at: datetime | None,
    now: datetime,
    reference: str = "",
    since: datetime | None = None,
    copy: bool = False,
) -> str:
    """What the state means, in one or two sentences."""
    if state is State.IDENTITY_UNMATCHED and items:
        return f"Answered in part: {_items(items)}, and some about another child. Nothing more is known."
    if state in _FIXED:
        return _FIXED[state].format(name=name)
    if state is State.ANSWERED_NONE:
        return f"Answered. {name} have nothing that they can share about this child."
    if state is State.STALE:
        return f"Answered with an old copy{_as_at(as_at, now)}. Newer facts are not known."
    if state in (State.ANSWERED_DATA, State.ANSWERED_WITHHELD):
        held = " Some information is held back." if state is State.ANSWERED_WITHHELD else ""
        said = _as_at(as_at, now) or (", from a copy whose time is not stated" if copy else "")
        count = f", {_items(items)}" if items else ""
        return f"Answered {now:%H:%M}{count}{said}.{held}"
    return _failed(state, items, seconds, reference, since)


def _failed(state: State, items: int, seconds: float | None, reference: str, since: datetime | None) -> str:
    if items:
        what = f"Answered in part: {_items(items)}, then nothing"
    elif since is not None:
        what = f"Not asked again since {since:%H:%M}, when it did not answer"
    elif state is State.TIMED_OUT:
        what = f"No answer after {max(1, round(seconds or 0))} second{_s(max(1, round(seconds or 0)))}"
    else:
        what = f"Answer could not be read{f' (error {reference})' if reference else ''}"
    return f"{what}. Nothing {'more ' if items else ''}is known either way."


def _items(items: int) -> str:
    return f"{items} item{_s(items)}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _as_at(as_at: datetime | None, now: datetime) -> str:
    if as_at is None:
        return ""
    local = as_at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f", as at {local:%H:%M}"
    return f", as at {local:%a %d-%b %H:%M}"
