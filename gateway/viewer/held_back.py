"""What you cannot see, and why: each with whom to ask. Rules that leave no trace leave none here.

https://hl7.org/fhir/R4/codesystem-list-empty-reason.html (withheld, unavailable, notasked)
"""

from datetime import datetime

from gateway.federation.receipt import Line, Notice, State
from gateway.federation.view import View
from gateway.viewer.discreet import restricted
from gateway.viewer.marks import agency
from gateway.viewer.parts import HeldBack
from gateway.viewer.standing import failure, not_known, phone
from gateway.viewer.words import joined, sentence


def held_back(view: View, now: datetime) -> tuple[HeldBack, ...]:
    """Held-back things, then sources that left something unknown, then those never asked."""
    lines = [line for line in view.lines if line.counted]
    return (
        *_whereabouts(view),
        *(_notice(notice) for notice in view.notices),
        *(_unknown(line, now) for line in lines if not_known(line)),
        *_together([x for x in lines if x.state is State.NOT_ASKED and not x.pending], _NOT_ASKED),
        *_together([x for x in lines if x.state is State.NOT_CONNECTED and not x.pending], _NOT_CONNECTED),
    )


_NOT_ASKED = (
    "Your reason does not cover asking them.",
    "If you need it, phone them, or give another reason.",
)
_NOT_CONNECTED = ("Not connected to this service.", "Ask the family, or social care.")


def _whereabouts(view: View) -> tuple[HeldBack, ...]:
    if not view.location_withheld:
        return ()
    why = sentence(view.location_withheld)
    contact = "" if "Ask " in why else "Ask social care."
    found = HeldBack("held-back", "Where the child lives", why, contact)
    return (found, _TELLING) if restricted(view) else (found,)


_TELLING = HeldBack(
    "held-back",
    "Places, free text and the name of the surgery",
    "They could say where the child lives.",
    "Ask social care.",
)


def _notice(notice: Notice) -> HeldBack:
    return HeldBack("held-back", notice.what, sentence(notice.why), notice.contact)


def _unknown(line: Line, now: datetime) -> HeldBack:
    if line.pending:
        return HeldBack("asking", f"{agency(line.agency)} information", "Still asking.", line.name)
    return HeldBack(
        "unknown",
        f"{agency(line.agency)} information",
        sentence(f"{failure(line)}. {_missing(line)}"),
        line.name,
        phone(line, now),
    )


def _missing(line: Line) -> str:
    if line.state is State.STALE:
        return "Anything newer is not known."
    return "Nothing is known either way."


def _together(lines: list[Line], words: tuple[str, str]) -> tuple[HeldBack, ...]:
    if not lines:
        return ()
    why, contact = words
    return (HeldBack("off", joined([line.name for line in lines]), why, contact),)
