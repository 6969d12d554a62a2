"""The child's banner, by the rules of the NHS Common User Interface and their additions for children.

NHS CUI Patient Banner 4.0: name, Born with age, Gender, NHS No., in that order (PAB-0016, 0019, 0033-0036).
"""

from collections.abc import Sequence
from datetime import datetime

from gateway.federation.receipt import State
from gateway.federation.view import Resource, View
from gateway.viewer import age, times
from gateway.viewer.elements import concepts, each, extension, identifier, text_at, words
from gateway.viewer.items import Reading
from gateway.viewer.parts import Banner, Fig
from gateway.viewer.people import chosen, in_banner
from gateway.viewer.records import Record
from gateway.viewer.standing import failure
from gateway.viewer.when import local, when
from gateway.viewer.words import joined, nhs_number, same

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
UNKNOWN = "Not known"
_CHIPS = {
    "child-protection-plan": "Child protection plan",
    "looked-after-status": "Looked after",
    "unborn-plan": "Unborn child protection plan",
}


def banner(view: View, reading: Reading, responsibility: Sequence[str], now: datetime) -> Banner:
    """The banner of a view's Patient."""
    name = chosen(view.patient)
    died = _died(view.patient)
    given = next(iter(words(name, "given")), "")
    return Banner(
        name=in_banner(name),
        first_name=given or text_at(name, "text") or "The child",
        figures=(*_born(view.patient, died, now), *_rest(view.patient)),
        more=_more(view.patient, given, responsibility),
        chips=_chips(reading, now),
        warnings=_warnings(view),
        withheld=_short(view.location_withheld),
        died=bool(died),
    )


def _short(reason: str) -> str:
    """ "Location withheld": the banner names it, "What you cannot see" says why."""
    return reason.partition(":")[0].partition(".")[0]


def _died(patient: Resource) -> str:
    moment = when(text_at(patient, "deceasedDateTime"))
    if moment:
        return moment.text
    return UNKNOWN if patient.get("deceasedBoolean") is True else ""


def _born(patient: Resource, died: str, now: datetime) -> tuple[Fig, ...]:
    birth = when(text_at(patient, "birthDate"))
    if died:
        death = when(text_at(patient, "deceasedDateTime"))
        at_death = age.in_banner(birth, death.day) if birth and death else UNKNOWN
        born = birth.text if birth else UNKNOWN
        return (Fig("Born", born), Fig("Died", died), Fig("Age at Death", at_death))
    if birth is None:
        return (Fig("Born", UNKNOWN),)
    return (Fig("Born", f"{birth.text} ({age.in_banner(birth, local(now).date())})"),)


def _rest(patient: Resource) -> tuple[Fig, ...]:
    gender = text_at(patient, "gender")
    shown = gender.capitalize() if gender not in ("", "unknown") else UNKNOWN
    return (Fig("Gender", shown), Fig("NHS No.", nhs_number(identifier(patient, NHS_NUMBER)) or UNKNOWN))


def _more(patient: Resource, given: str, responsibility: Sequence[str]) -> tuple[Fig, ...]:
    languages = concepts(patient, "communication.language")
    known_as = next((n for n in _nicknames(patient) if not same(n, given)), "")
    figures = (
        Fig("Known as", known_as),
        Fig("Speaks", joined(languages)),
        Fig("Interpreter", _interpreter(patient)),
        Fig("Parental responsibility", joined(responsibility)),
    )
    return tuple(figure for figure in figures if figure.value)


def _nicknames(patient: Resource) -> list[str]:
    names = [name for name in each(patient, "name") if text_at(name, "use") in ("nickname", "usual")]
    return [given for name in names for given in (*words(name, "given"), text_at(name, "text"))[:1] if given]


def _interpreter(patient: Resource) -> str:
    """ "needed" or "not needed", where the identity source states it (NHS communication extension)."""
    stated = extension(patient, "NHSCommunication") or patient
    parts = (extension(stated, "interpreterRequired"), extension(patient, "interpreterRequired"))
    for part in parts:
        if "valueBoolean" in part:
            return "needed" if part["valueBoolean"] is True else "not needed"
    return ""


def _chips(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Plans and statuses in force today."""
    current = (r for r in reading.everything.of(*_CHIPS) if _in_force(r, now))
    return tuple(dict.fromkeys(_CHIPS[record.fact.code] for record in current))


def _in_force(record: Record, now: datetime) -> bool:
    if text_at(record.resource, "status") in ("revoked", "entered-in-error", "completed"):
        return False
    end = times.end(record)
    return end is None or end.day >= local(now).date()


def _warnings(view: View) -> tuple[str, ...]:
    """Identity that could not be confirmed is said beside the name."""
    found = []
    for line in view.lines:
        if line.agency != "identity":
            continue
        if line.pending:
            found.append(f"Identity not confirmed yet: still asking {line.name}.")
        elif line.state.incomplete and line.state is not State.STALE:
            found.append(f"Identity not confirmed. {line.name}: {failure(line)}.")
    return tuple(found)
