"""Whom to ask about something that is held back: as its notice says, else its agency's own number.

https://terminology.hl7.org/CodeSystem-v3-ObservationValue.html (REDACTED)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.federation.receipt import Notice
from gateway.federation.view import View
from gateway.viewer.discreet import restricted
from gateway.viewer.records import Record
from gateway.viewer.standing import phone
from gateway.viewer.words import dial, sentence


@dataclass(frozen=True, slots=True)
class Ask:
    """Contacts by source; `reasons` say why something is held back, by source and section."""

    contacts: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[tuple[str, str], str] = field(default_factory=dict)
    brief: bool = False  # nearly everything has lost its places: whom to ask stands once, at the end

    def about(self, record: Record, *, bare: bool = False) -> str:
        """The line beside a record; `bare` is one of which nothing but its kind is left."""
        reason = self.reasons.get((record.line.source, record.fact.section), "")
        if bare and reason:
            return reason
        if self.brief and not reason:
            return ""
        contact = "" if self.brief else self.contacts.get(record.line.source, "")
        return f"Some of this is held back: {contact}" if contact else "Some of this is held back."


def asks(view: View, now: datetime) -> Ask:
    """Whom to ask in this view."""
    contacts = {
        line.source: f"ask {line.agency_name}, {phone(line, now)}" for line in view.lines if phone(line, now)
    }
    named = [notice for notice in view.notices if notice.source]
    contacts |= {notice.source: _contact(notice) for notice in named if notice.contact}
    reasons = {(notice.source, section): _why(notice) for notice in named for section in _sections(notice)}
    return Ask(contacts, reasons, brief=restricted(view))


def _contact(notice: Notice) -> str:
    """A number alone needs its verb."""
    return (
        f"phone {notice.contact}" if dial(notice.contact) and notice.contact[0].isdigit() else notice.contact
    )


def _why(notice: Notice) -> str:
    return " ".join(part for part in (sentence(notice.why), notice.contact) if part)


def _sections(notice: Notice) -> list[str]:
    """The words of what is held back: a section's name is among them."""
    return notice.what.casefold().replace(":", " ").split()
