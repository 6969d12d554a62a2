"""Checkpoints: the chain's end, signed, in a file kept apart from the database.

The form is a C2SP signed note (https://c2sp.org/signed-note) of origin, size and base64 of the chain's hash;
our chain is linear, so the hash stands where a tree's root would.
"""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.keys import Key

ORIGIN = "wholechild.example/audit"
_EVERY = 10  # rows


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
        if seq - self._written >= _EVERY:
            self.flush()

    def flush(self) -> None:
        """Writes the end last seen, if it was not yet."""
        seq, head = self._seen
        if seq > self._written:
            with self._file.open("a", encoding="utf-8") as out:
                out.write(sign(seq, head, self._key) + "\n")
                out.flush()
                os.fsync(out.fileno())
            self._written = seq


def sign(seq: int, head: str, key: Ed25519PrivateKey) -> str:
    """A signed note of the chain's end."""
    text = f"{ORIGIN}\n{seq}\n{base64.b64encode(bytes.fromhex(head)).decode()}\n"
    signature = _key_id(key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {ORIGIN} {base64.b64encode(signature).decode()}\n"


def _key_id(key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + key.public_bytes_raw()).digest()[:4]


def read(file: Path, keys: tuple[Ed25519PublicKey, ...]) -> dict[int, str]:
    """Sequence number to hash for each checkpoint of a file, each verified; raises CheckpointMistake."""
    notes = [n for n in file.read_text(encoding="utf-8").split(f"{ORIGIN}\n") if n.strip()]
    found = {}
    for note in notes:
        seq, head = _verified(note, keys)
        found[seq] = head
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
