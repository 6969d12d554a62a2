"""NHS numbers of the test range and pupil numbers for made-up children, with true check characters.

https://www.datadictionary.nhs.uk/attributes/nhs_number.html
https://www.gov.uk/government/publications/unique-pupil-numbers
"""

from collections import Counter
from collections.abc import Container, Iterator

_TEST_RANGE = 1_000_000  # bodies 999 000 000 to 999 999 999, before the check digit
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def nhs_check_digit(body: str) -> int | None:
    """The modulus 11 check digit of nine digits; None where there is none, and the body is not used."""
    total = sum(int(digit) * weight for digit, weight in zip(body, range(10, 1, -1), strict=True))
    digit = 11 - total % 11
    return {11: 0, 10: None}.get(digit, digit)


def nhs_numbers(taken: Container[str], seed: int) -> Iterator[str]:
    """Valid numbers of the 999 test range in an order of the seed's own, each once, none of `taken`."""
    # 611953 has no factor in common with 1000000, so that every body comes up exactly once
    for n in range(_TEST_RANGE):
        body = f"999{(seed * 7_919 + n * 611_953) % _TEST_RANGE:06}"
        digit = nhs_check_digit(body)
        if digit is not None and f"{body}{digit}" not in taken:
            yield f"{body}{digit}"


def upn(rest: str) -> str:
    """A pupil number from its twelve digits: council 3, school 4, year of allocation 2, serial 3."""
    total = sum(int(digit) * weight for weight, digit in enumerate(rest, start=2))
    return _UPN_LETTERS[total % 23] + rest


class PupilNumbers:
    """Hands out the next pupil number of each school and year."""

    def __init__(self) -> None:
        self._given: Counter[tuple[str, int, int]] = Counter()

    def next(self, council: str, school: int, year: int) -> str:
        """A number that nobody has; a school that used up its 999 of a year goes on under the next code."""
        self._given[council, school, year] += 1
        extra, serial = divmod(self._given[council, school, year] - 1, 999)
        return upn(f"{council}{school + extra:04}{year % 100:02}{serial + 1:03}")
