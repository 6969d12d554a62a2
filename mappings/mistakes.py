"""What can go wrong with a mapping: a mistake in its file, or a record that it cannot read.

Mistakes are found at start and name file, line, element and the nearest known name; nothing in an
Unmappable is content of the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class Unreadable(ValueError):
    """A function cannot read its value; the message is a reason and never holds the value."""


class Unmappable(Exception):
    """A record that a mapping cannot turn into its resource: the source's field, the element, the reason."""

    def __init__(self, path: str, reason: str, element: str = "") -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.element = element


@dataclass(frozen=True, slots=True)
class Mistake:
    """One fault of a file, printed as `file:line element: what is wrong; nearest 'x'`."""

    file: str
    line: int
    element: str
    problem: str
    nearest: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line} {self.element}".rstrip()
        return f"{place}: {self.problem}" + (f"; nearest '{self.nearest}'" if self.nearest else "")


class MappingMistakes(Exception):
    """All the mistakes of all the files, so that they are mended in one go."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda m: (m.file, m.line, m.element, m.problem)))
        super().__init__("\n".join(map(str, self.mistakes)))


class Mistakes:
    """The mistakes of one file, collected while it is checked."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Mistake] = []

    def add(self, line: int, element: str, problem: str, name: str = "", known: Iterable[str] = ()) -> None:
        """Notes a mistake; `name` is looked for among the `known` ones."""
        self.found.append(Mistake(self.file, line, element, problem, nearest(name, known)))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that looks most like `name`, or nothing if none does."""
    by_lower = {k.lower(): k for k in known}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5) if name else []
    return by_lower[found[0]] if found else ""
