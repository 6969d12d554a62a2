"""The child asked for, and whether what a source says is about this child.

A wrong child is worse than no child: a source's record counts only after this cross-check.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))  # vowel signs of other scripts are letters, these are not
_PLACEHOLDERS = frozenset({"", "unknown", "notknown", "unnamed", "baby", "infant", "twin"})


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
        families=_said(n.get("family", "") for n in names),
        givens=_said(given for n in names for given in n.get("given", ())),
        gender=patient.get("gender", ""),
    )


def _nhs_number(patient: Mapping[str, Any]) -> str:
    """The number that the record states; of two different ones both, which are then nobody's."""
    stated = [i for i in patient.get("identifier", ()) if i.get("system") == NHS_NUMBER and i.get("value")]
    current = [i for i in stated if i.get("use") != "old"] or stated
    return " ".join(sorted({str(i["value"]).replace(" ", "") for i in current}))


def _said(names: Iterable[str]) -> frozenset[str]:
    """The names that say something, as they are compared."""
    return frozenset(_plain(name or "") for name in names) - _PLACEHOLDERS


def _plain(name: str) -> str:
    """A name for comparison: no accents, case, spaces or hyphens."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in letters if c.isalnum() or _is_vowel_sign(c))


def _is_vowel_sign(character: str) -> bool:
    return unicodedata.category(character).startswith("M") and character not in _ACCENTS


def same_child(child: Child, found: Demographics) -> bool:
    """What was found is about `child`; a different NHS number never is."""
    if found.nhs_number and found.nhs_number != child.nhs_number:
        return False
    wanted = child.reference
    told = bool(wanted.birth_date) and bool(found.birth_date)
    born = told and wanted.birth_date == found.birth_date
    names = _agree(wanted.families, found.families), _agree(wanted.givens, found.givens)
    if found.nhs_number:
        return born or not told or all(n is True for n in names)
    # without the number the birth date must agree, and nothing else may contradict: twins share the rest
    return born and all(n is not False for n in names) and not _differ(wanted.gender, found.gender)


def _agree(wanted: frozenset[str], found: frozenset[str]) -> bool | None:
    """Whether some name agrees; None if one side says nothing."""
    return bool(wanted & found) if wanted and found else None


def _differ(wanted: str, found: str) -> bool:
    told = {"male", "female"}
    return wanted in told and found in told and wanted != found
