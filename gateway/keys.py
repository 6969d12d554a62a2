"""The key folder: one file a key and version (`ids.1`, `ids.2`, ...); the newest writes, all read.

Losing `pseudonyms` makes the audit unable to say who looked at a child: back it up first.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NAMES = ("ids", "cursors", "pseudonyms", "receipts", "checkpoints", "outbox")
_BYTES = 32
_MOST = 255  # an id names its key's version in one byte


class KeysMistake(Exception):
    """The key folder is not as it should be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """All versions of one key; prints as its name and newest version only."""

    name: str
    versions: Mapping[int, bytes]

    @property
    def newest(self) -> int:
        return max(self.versions)

    @property
    def secret(self) -> bytes:
        return self.versions[self.newest]

    def __repr__(self) -> str:
        return f"<Key {self.name}.{self.newest}>"


@dataclass(frozen=True, slots=True)
class Keys:
    """The gateway's keys."""

    ids: Key
    cursors: Key
    pseudonyms: Key
    receipts: Key
    checkpoints: Key
    outbox: Key


def read_keys(folder: Path) -> Keys:
    """The keys in `folder`; raises KeysMistake."""
    return Keys(**{name: _read(folder, name) for name in NAMES})


def _read(folder: Path, name: str) -> Key:
    try:
        files = [f for f in folder.iterdir() if f.name.startswith(f"{name}.")]
        versions = {int(f.name.rpartition(".")[2]): bytes.fromhex(f.read_text().strip()) for f in files}
    except (OSError, ValueError) as error:
        raise KeysMistake(f"the key folder {folder.name} cannot be read: {type(error).__name__}") from error
    if not versions:
        raise KeysMistake(f"the key {name} is missing; make a key folder with: gateway keys new FOLDER")
    right = all(len(secret) == _BYTES and 0 < number <= _MOST for number, secret in versions.items())
    if not right or len(versions) != len(files):
        raise KeysMistake(f"a version of the key {name} is not {_BYTES} bytes in hex, or not 1 to 255")
    return Key(name, versions)


def new_keys(folder: Path) -> None:
    """Makes the folder (for its owner only) with a first version of each key; raises KeysMistake."""
    if folder.exists() and any(folder.iterdir()):
        raise KeysMistake(f"{folder.name} is not empty; keys are never overwritten")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in NAMES:
        _write(folder / f"{name}.1")


def rotate(folder: Path, name: str) -> int:
    """Adds a version of one key, which writes from the next start; returns its number."""
    version = _read(folder, name).newest + 1
    if version > _MOST:
        raise KeysMistake(f"the key {name} has had all its {_MOST} versions")
    _write(folder / f"{name}.{version}")
    return version


def _write(file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(_BYTES) + "\n")
