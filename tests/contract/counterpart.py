"""What the contract tests need of a transport: a real counterpart that holds known notes and can misbehave.

To put a connector under the contract, add one file tests/contract/counterparts/<transport>.py with a tuple
`COUNTERPARTS` of objects of the form below; conftest.py finds it, and every test of test_contract.py runs
on each. The other side must be real (a server on loopback, a database, a file), and speak the true format.

Its system has one kind `note`, asked for by the identifier `local`, that declares where a note's key and
text stand, and nothing of `hidden`, which every note in the source carries all the same.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors.base import Failure
from connectors.connect import Connected
from connectors.system import System, read_system

HIDDEN = "CNRY-undeclared"

# the ways in which a counterpart may misbehave; the first three every counterpart must play
FAULTS = (
    "down",  # nobody there: the port is closed, the file or the database is gone
    "garbage",  # an answer that is not of the format at all
    "truncated",  # an answer that breaks off in the middle
    "cut",  # records first, then a failure: a page, a row or a file later
    "hang",  # a question taken, and never answered
    "error",  # the source says that something broke in it
    "reject",  # our credentials are refused
    "busy",  # come back later
    "login-page",  # an HTML page with status 200
)
REQUIRED = FAULTS[:3]


@dataclass(frozen=True)
class Note:
    """One record of the source: `text` is declared, and a canary all the same, which no log may hold."""

    key: str
    text: str
    hidden: str = HIDDEN


def _notes(child: str, count: int) -> tuple[Note, ...]:
    return tuple(Note(f"{child}-{n}", f"CNRY-text-{child}-{n} <&\"'é") for n in range(count))


# more notes for the first child than fit on one page, one for another, none for any other number
NOTES: Mapping[str, tuple[Note, ...]] = {"1001": _notes("1001", 25), "1002": _notes("1002", 1)}
CHILD, OTHER_CHILD, UNKNOWN_CHILD = "1001", "1002", "1999"
PAGE = 10


class Counterpart(Protocol):
    """A source that holds NOTES, run for one test.

    `key` and `text` are the names of the declared fields. `failures` gives, for each fault that it can
    play, the failures that are right for it. `started` runs the source and yields the connector to it;
    the folder is empty and the test's own. `play` makes the running source misbehave from now on ("ok"
    ends that). `held` counts what the source still does for us: requests, cursors, open files.
    """

    name: str
    key: str
    text: str
    failures: Mapping[str, frozenset[Failure]]

    def started(self, folder: Path) -> AbstractAsyncContextManager[Connected]: ...
    async def play(self, fault: str) -> None: ...
    def held(self) -> int: ...


def system_from(folder: Path, text: str, documents: Mapping[str, str] | None = None) -> System:
    """The system that the TOML `text` describes, with its request documents beside it."""
    for name, content in (documents or {}).items():
        (folder / name).write_text(content, encoding="utf-8")
    file = folder / "system.toml"
    file.write_text(text, encoding="utf-8")
    return read_system(file)
