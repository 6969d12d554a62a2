"""A child whose address is restricted: the name of their surgery says where they live, so it goes too.

https://digital.nhs.uk/services/personal-demographics-service/restricting-access-to-a-patients-demographic-record
"""

from dataclasses import replace

from gateway.federation.location import NOT_CHECKED
from gateway.federation.receipt import Line, Notice, Telephone
from gateway.federation.view import View

SURGERY = "GP practice"


def restricted(view: View) -> bool:
    """The whereabouts are withheld, and not only unchecked."""
    return bool(view.location_withheld) and view.location_withheld != NOT_CHECKED


def discreet(view: View) -> View:
    """The view without the name and number of the child's surgery, where their address is restricted."""
    if not restricted(view):
        return view
    names = [name for line in view.lines if line.agency == "gp" for name in (line.name, line.agency_name)]
    return replace(
        view,
        lines=tuple(_line(line, names) for line in view.lines),
        notices=tuple(_notice(notice, names) for notice in view.notices),
    )


def _line(line: Line, names: list[str]) -> Line:
    if line.agency != "gp":
        return line
    text = _without(line.text, names)
    return replace(line, name=SURGERY, agency_name=SURGERY, text=text, telephone=Telephone())


def _notice(notice: Notice, names: list[str]) -> Notice:
    return replace(notice, what=_without(notice.what, names), why=_without(notice.why, names))


def _without(text: str, names: list[str]) -> str:
    for name in filter(None, names):
        text = text.replace(name, SURGERY)
    return text
