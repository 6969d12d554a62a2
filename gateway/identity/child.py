"""The child asked for, and whether what a source says is about this child.

A wrong child is worse than no child: a source's record counts only after this cross-check.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"


@dataclass(frozen=True, slots=True)
class Demographics:
    """What a source says of who a record is about; empty where it does not say."""

    nhs_number: str = ""
    birth_date: str = ""
    families: frozenset[str] = frozenset()
    givens: frozenset[str] = frozenset()
    gender: str = ""

    def __repr__(self) -> str:
        return "<Demographics>"


@dataclass(frozen=True, slots=True)
class Child:
    """The child asked for: the reference that every answer is checked against.

    `traced` is False when no identity source answered and the asker typed the birth date instead.
    """

    nhs_number: str
    reference: Demographics
    traced: bool = True
    identifiers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Child traced={self.traced}>"


def demographics(patient: Mapping[str, Any]) -> Demographics:
    """What a Patient resource says of who it is about."""
    names = patient.get("name", ())
    return Demographics(
        nhs_number=_nhs_number(patient),
        birth_date=str(patient.get("birthDate", ""))[:10],
        families=frozenset(_plain(n["family"]) for n in names if n.get("family")),
        givens=frozenset(_plain(given) for n in names for given in n.get("given", ()) if given),
        gender=patient.get("gender", ""),
    )


def _nhs_number(patient: Mapping[str, Any]) -> str:
    for identifier in patient.get("identifier", ()):
        if identifier.get("system") == NHS_NUMBER and identifier.get("value"):
            return str(identifier["value"]).replace(" ", "")
    return ""


def _plain(name: str) -> str:
    """A name for comparison: no accents, case, spaces or hyphens."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in letters if c.isalnum())


def same_child(child: Child, found: Demographics) -> bool:
    """What was found is about `child`; a different NHS number never is."""
    if found.nhs_number and found.nhs_number != child.nhs_number:
        return False
    wanted = child.reference
    born = bool(wanted.birth_date) and wanted.birth_date == found.birth_date
    names = _agree(wanted.families, found.families), _agree(wanted.givens, found.givens)
    if found.nhs_number:
        return born or not found.birth_date or all(n is True for n in names)
    # without the number the birth date must agree, and nothing else may contradict
    return born and not all(n is False for n in names) and not _differ(wanted.gender, found.gender)


def _agree(wanted: frozenset[str], found: frozenset[str]) -> bool | None:
    """Whether some name agrees; None if one side says nothing."""
    return bool(wanted & found) if wanted and found else None


def _differ(wanted: str, found: str) -> bool:
    told = {"male", "female"}
    return wanted in told and found in told and wanted != found
