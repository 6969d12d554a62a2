"""The source strip made from the receipt's lines: who answered, who did not, and what that means.

Agencies are counted that were asked and know the child, or failed; the others stand in the list below.
"""

from collections.abc import Sequence
from datetime import datetime

from gateway.federation.receipt import Line, State
from gateway.federation.view import View
from gateway.viewer import when
from gateway.viewer.cells import cells
from gateway.viewer.marks import agency, the_agency
from gateway.viewer.standing import LOOKS, critical, failure, look, not_known, phone
from gateway.viewer.strip import Cell, Said, Status
from gateway.viewer.words import joined, plural

_COUNTED = frozenset(State) - {
    State.NOT_ASKED,
    State.NOT_CONNECTED,
    State.IDENTITY_UNMATCHED,
    State.ANSWERED_NONE,
}
_ROW = 7


def status(view: View, now: datetime) -> Status:
    """The strip for a view, finished or not."""
    counted = [line for line in view.lines if line.counted and (line.pending or line.state in _COUNTED)]
    shown = cells(view.lines, now)
    asking = [line for line in counted if line.pending]
    failed = [line for line in view.lines if not line.pending and _failed(line, view.lines)]
    return Status(
        counted=_count(view, _agencies(counted), asking),
        bad=" ".join(f"{line.name}: {failure(line)}." for line in failed),
        tail=_tail(asking, failed),
        cells=shown,
        said=tuple(_said(line, now) for line in view.lines),
        fold=_fold(shown),
        look="unknown" if failed else "asking" if asking else "ok",
        compact=len(shown) > _ROW,
    )


def _failed(line: Line, lines: Sequence[Line]) -> bool:
    """It stands in the sentence: what failed, and an agency that matters and does not match the child."""
    if line.state is State.IDENTITY_UNMATCHED:
        return critical(line, lines)
    return line.counted and line.state in _COUNTED and line.state.incomplete


def _agencies(counted: Sequence[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in counted:
        found.setdefault(line.agency_name, []).append(line)
    return found


def _count(view: View, agencies: dict[str, list[Line]], asking: Sequence[Line]) -> str:
    if not agencies:
        return _nobody(view)
    answered = sum(
        all(not line.pending and line.state.answered for line in lines) for lines in agencies.values()
    )
    of = f"{answered} of {plural(len(agencies), 'agency', 'agencies')}"
    if asking:
        return f"{of} {'has' if answered == 1 else 'have'} answered."
    return f"{of} answered at {when.clock_text(view.asked_at)}."


def _nobody(view: View) -> str:
    """No agency is counted: they answered with nothing to share, or were never asked."""
    answered = [line.name for line in view.lines if line.counted and line.state is State.ANSWERED_NONE]
    if not answered:
        return "No agency could be asked about this child. Nothing is known either way."
    return (
        f"{joined(answered)} answered at {when.clock_text(view.asked_at)}, with nothing that can be shared."
    )


def _tail(asking: Sequence[Line], failed: Sequence[Line]) -> str:
    if asking:
        kinds = list(dict.fromkeys(the_agency(line.agency) for line in asking))
        return f"Still asking {joined(kinds)}."
    if all(line.state is State.STALE for line in failed):
        return "Anything newer than that is not known." if failed else ""
    paused = " Phone those who paused sharing." if any(x.state is State.PAUSED for x in failed) else ""
    return f"Nothing is known either way.{paused}"


def _said(line: Line, now: datetime) -> Said:
    return Said(
        label=agency(line.agency),
        name=line.name,
        text="Still asking." if line.pending else line.text or _own_words(line),
        look=look(line),
        phone=phone(line, now) if not_known(line) or LOOKS[line.state] == "held-back" else "",
    )


def _own_words(line: Line) -> str:
    return {
        State.ANSWERED_NONE: f"Answered. {line.name} have nothing that they can share about this child.",
        State.ANSWERED_WITHHELD: "Answered. Some information is held back.",
        State.ANSWERED_DATA: f"Answered, {plural(line.items, 'item')}.",
        State.NOT_ASKED: "Not asked: your reason does not cover it.",
        State.NOT_CONNECTED: f"Not connected: {line.name} is not part of this service.",
    }.get(line.state, "")


_FOLD = {
    "answered": ("ok", "held-back", "stale"),
    "still asked": ("asking",),
    "not known": ("unknown", "paused"),
    "not connected": ("off",),
}


def _fold(shown: Sequence[Cell]) -> str:
    """The phone's one line for the strip: "4 answered, 1 not known, 2 not connected or asked"."""
    counts = {name: sum(c.count for c in shown if c.look in looks) for name, looks in _FOLD.items()}
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)
