"""Checkpoints: the chain's end, signed, in a file kept apart from the database.

The form is a C2SP signed note (https://c2sp.org/signed-note) of origin, size and base64 of the chain's hash;
our chain is linear, so the hash stands where a tree's root would.
"""

import base64
import fcntl
import hashlib
import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.keys import Key

ORIGIN = "wholechild.example/audit"
EVERY = 10  # rows
_TAIL = 4096  # bytes: more than any note has
_NOTE = re.compile(rb"[^\n]+\n[^\n]+\n[^\n]+\n\n\xe2\x80\x94 [^\n]+\n\n")


class CheckpointMistake(Exception):
    """A checkpoint file is not what we signed."""


def signer(key: Key) -> Ed25519PrivateKey:
    """The newest version of the key `checkpoints` as a signing key."""
    return Ed25519PrivateKey.from_private_bytes(key.secret)


def verifiers(key: Key) -> tuple[Ed25519PublicKey, ...]:
    """The public keys of all versions."""
    return tuple(Ed25519PrivateKey.from_private_bytes(s).public_key() for s in key.versions.values())


class Checkpoints:
    """Writes a checkpoint after every few rows, and the last one at the end; used by one thread."""

    def __init__(self, file: Path, key: Ed25519PrivateKey) -> None:
        self._file = file
        self._key = key
        self._seen = (0, "")
        self._written = 0

    def see(self, seq: int, head: str) -> None:
        """Takes note of the chain's end; writes when enough rows have come."""
        self._seen = (seq, head)
        if seq - self._written >= EVERY:
            self.flush()

    def flush(self) -> None:
        """Writes the end last seen, if it was not yet."""
        seq, head = self._seen
        if seq > self._written:
            _append(self._file, (sign(seq, head, self._key) + "\n").encode())
            self._written = seq


def _append(file: Path, note: bytes) -> None:
    """Adds the note whole or not at all, and removes what a crash left of an earlier one."""
    file.touch(mode=0o600)
    with file.open("ab+", buffering=0) as out:
        # another process of this gateway may be adding one too
        fcntl.flock(out, fcntl.LOCK_EX)
        start = max(0, out.seek(0, os.SEEK_END) - _TAIL)
        out.seek(start)
        whole = start + _whole(out.read())
        out.truncate(whole)
        try:
            if out.write(note) != len(note):
                raise OSError("the checkpoint could not be written whole")
            os.fsync(out.fileno())
        except OSError:
            out.truncate(whole)
            raise


def _whole(written: bytes) -> int:
    """How many bytes of a checkpoint file to count: all but the beginning of a note that a crash cut off."""
    end = max((note.end() for note in _NOTE.finditer(written)), default=0)
    start = f"{ORIGIN}\n".encode()
    rest = written[end:]
    return end if rest[: len(start)] == start[: len(rest)] else len(written)


def sign(seq: int, head: str, key: Ed25519PrivateKey) -> str:
    """A signed note of the chain's end."""
    text = f"{ORIGIN}\n{seq}\n{base64.b64encode(bytes.fromhex(head)).decode()}\n"
    signature = _key_id(key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def _key_id(key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + key.public_bytes_raw()).digest()[:4]


def read(file: Path, keys: tuple[Ed25519PublicKey, ...]) -> dict[int, str]:
    """Sequence number to hash for each checkpoint of a file, each verified; raises CheckpointMistake.

    Of two that name the same number the first counts: a chain cut back and grown again must not pass.
    """
    try:
        written = file.read_bytes()
        text = written[: _whole(written)].decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointMistake("the checkpoints cannot be read") from error
    found: dict[int, str] = {}
    for note in text.split(f"{ORIGIN}\n"):
        if note.strip():
            found.setdefault(*_verified(note, keys))
    return found


def _verified(note: str, keys: tuple[Ed25519PublicKey, ...]) -> tuple[int, str]:
    try:
        size, head, _, signature = note.rstrip("\n").split("\n")
        raw = base64.b64decode(signature.removeprefix(f"— {ORIGIN} "), validate=True)
        text = f"{ORIGIN}\n{size}\n{head}\n".encode()
        key = next(k for k in keys if _key_id(k) == raw[:4])
        key.verify(raw[4:], text)
        return int(size), base64.b64decode(head).hex()
    except (ValueError, StopIteration, InvalidSignature) as error:
        raise CheckpointMistake("a checkpoint does not verify") from error
