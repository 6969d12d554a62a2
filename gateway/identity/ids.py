"""Opaque FHIR ids: made from a record's place and key, readable only with the key, and kept nowhere.

An id is base 64 (A-Z a-z 0-9 - .) of: key number (1 byte), AES-SIV tag (16), then sealed: source (2), type
(1), child (5 bytes of NHS number, or up to 20 of the source's own number), keyed hash of the record's own
key (8). At most 64 characters. https://www.rfc-editor.org/rfc/rfc5297, https://hl7.org/fhir/R4/datatypes.html#id
"""

import base64
import hashlib
from binascii import b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gateway.keys import Key
from gateway.sources import SourcesMistake

# Positions are part of every id ever given out: only ever append.
TYPES = (
    "Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "Location",
    "HealthcareService", "CarePlan", "CareTeam", "EpisodeOfCare", "Encounter", "ServiceRequest", "Task",
    "Flag", "Observation", "Condition", "AllergyIntolerance", "MedicationStatement", "MedicationRequest",
    "Medication", "Immunization", "Procedure", "DiagnosticReport", "QuestionnaireResponse",
    "DocumentReference", "Appointment", "Communication", "List", "Consent", "AuditEvent", "Provenance",
    "Composition", "Binary", "Group",
)  # fmt: skip
_TYPE_NUMBER = {name: number for number, name in enumerate(TYPES)}
_TYPE_BYTES = {name: number.to_bytes(1) for name, number in _TYPE_NUMBER.items()}
_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OURS = _STANDARD.replace(b"+", b"-").replace(b"/", b".")
_TO_OURS = bytes.maketrans(_STANDARD, _OURS)
_FROM_OURS = bytes.maketrans(_OURS, _STANDARD)
_NHS_NUMBER_BYTES = 5
_LONGEST_OWN_NUMBER = 20
_LONGEST_ID = 64


class UnknownId(Exception):
    """The id is none of ours: not to be told from one of a record that does not exist."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an id says, once read: where to look for the record, and the hash that it must have."""

    source: str
    type: str
    nhs_number: str
    own_number: str
    record: bytes


def source_number(source: str) -> int:
    """A source's number in ids: the same on every process, whatever else is configured."""
    return int.from_bytes(hashlib.blake2b(source.encode(), digest_size=2).digest())


def check_sources(sources: Sequence[str]) -> None:
    """Raises SourcesMistake if two sources would have the same number in ids."""
    numbers = {source_number(s): s for s in sources}
    for source in sources:
        if numbers[source_number(source)] != source:
            raise SourcesMistake(f"rename one of the sources {source} and {numbers[source_number(source)]}")


class Ids:
    """Makes and reads the ids of a deployment's sources."""

    def __init__(self, key: Key, sources: Sequence[str]) -> None:
        check_sources(sources)
        self._seals = {number: AESSIV(_key(secret, b"seal")) for number, secret in key.versions.items()}
        self._hashes = {number: _key(secret, b"hash") for number, secret in key.versions.items()}
        self._newest = key.newest
        self._mark = bytes((key.newest,))
        self._seal = self._seals[key.newest]
        self._sources = {source_number(s): s for s in sources}
        self._heads = {s: source_number(s).to_bytes(2) for s in sources}

    def make(self, source: str, resource_type: str, child: str, record: str) -> str:
        """The id of the record `record` of `child` (NHS number, or the source's own number)."""
        head = self._heads[source] + _TYPE_BYTES[resource_type]
        digest = self._digest(self._newest, head, record)
        return _letters(self._mark + self._seal.encrypt(head + _child(child) + digest, None))

    def read(self, identifier: str) -> Place:
        """What an id says; raises UnknownId."""
        try:
            sealed = _bytes(identifier)
            plain = self._seals[sealed[0]].decrypt(sealed[1:], None)
            return self._place(plain)
        except (ValueError, KeyError, IndexError, InvalidTag) as error:
            raise UnknownId from error

    def matches(self, place: Place, record: str, key_numbers: Sequence[int] | None = None) -> bool:
        """`record` is the key of the record that the id names."""
        head = self._heads[place.source] + _TYPE_NUMBER[place.type].to_bytes(1)
        return any(self._digest(n, head, record) == place.record for n in key_numbers or self._hashes)

    def _digest(self, number: int, head: bytes, record: str) -> bytes:
        return hashlib.blake2b(head + record.encode(), key=self._hashes[number], digest_size=8).digest()

    def _place(self, plain: bytes) -> Place:
        child, digest = plain[3:-8], plain[-8:]
        short = len(child) == _NHS_NUMBER_BYTES
        return Place(
            source=self._sources[int.from_bytes(plain[:2])],
            type=TYPES[plain[2]],
            nhs_number=f"{int.from_bytes(child):010d}" if short else "",
            own_number="" if short else child.rstrip(b"\0").decode(),
            record=digest,
        )


def _letters(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_TO_OURS, b"=").decode()


def _bytes(identifier: str) -> bytes:
    """The bytes of an id, of which there is exactly one spelling; raises ValueError."""
    letters = identifier.encode("ascii").translate(_FROM_OURS)
    raw = base64.b64decode(letters + b"=" * (-len(letters) % 4), validate=True)
    if len(identifier) > _LONGEST_ID or _letters(raw) != identifier:
        raise ValueError("not spelt as an id is")
    return raw


def _key(secret: bytes, use: bytes) -> bytes:
    return hashlib.blake2b(use, key=secret, digest_size=32).digest()


def _child(child: str) -> bytes:
    """An NHS number in 5 bytes; any other number padded to at least 6, so that the two never meet."""
    if len(child) == 10 and child.isdecimal() and child.isascii():
        return int(child).to_bytes(_NHS_NUMBER_BYTES)
    raw = child.encode()
    if len(raw) > _LONGEST_OWN_NUMBER:
        raw = (
            hashlib.blake2b(raw, digest_size=_LONGEST_OWN_NUMBER)
            .digest()
            .hex()
            .encode()[:_LONGEST_OWN_NUMBER]
        )
    return raw.ljust(_NHS_NUMBER_BYTES + 1, b"\0")
