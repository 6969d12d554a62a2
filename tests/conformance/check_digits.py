"""Check digits of code systems that cannot be shipped: a mistyped code shows without a terminology server.

https://confluence.ihtsdotools.org/display/DOCRELFMT/5.5.2+Check-digit and
https://loinc.org/kb/users-guide/loinc-database-structure
"""

from collections.abc import Callable, Mapping

_DIHEDRAL = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def verhoeff(code: str) -> bool:
    """SNOMED CT: the digits, last first, through the group of the pentagon's symmetries."""
    state = "0"
    for place, digit in enumerate(reversed(code)):
        state = _DIHEDRAL[int(state)][int(_PERMUTED[place % 8][int(digit)])]
    return state == "0"


def modulus_10(code: str) -> bool:
    """LOINC: every other digit doubled, the check digit after the hyphen."""
    digits, _, check = code.partition("-")
    doubled = "".join(str(int(d) * (2 - n % 2)) for n, d in enumerate(reversed(digits)))
    return (sum(map(int, doubled)) + int(check)) % 10 == 0


# units that somebody has looked up in https://ucum.org/ucum
_UNITS = frozenset("kg g cm wk %".split())
CHECKS: Mapping[str, Callable[[str], bool]] = {
    "http://snomed.info/sct": verhoeff,
    "http://loinc.org": modulus_10,
    "http://unitsofmeasure.org": _UNITS.__contains__,
}
