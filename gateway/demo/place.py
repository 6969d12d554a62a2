"""The demo's folder: what a running demo leaves there for the other commands.

Everything that `gateway demo` writes lies in it, and nothing of it is kept in version control.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(".northshire")
_FILE = "demo.json"


class NoDemo(Exception):
    """No demo runs here; the message says how to start one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a running demo is: its address, and whose tokens it takes."""

    url: str
    issuer: str
    audience: str

    def write(self, folder: Path) -> None:
        (folder / _FILE).write_text(json.dumps(asdict(self)), encoding="utf-8")


def read_place(folder: Path) -> Place:
    """The running demo's place; raises NoDemo."""
    try:
        return Place(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NoDemo(f"No demo is known in {folder}. Start one with: gateway demo") from error
