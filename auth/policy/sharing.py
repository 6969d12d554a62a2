"""Sharing policies: which agencies agreed to share for which purposes, and until when.

Fields are those of the Information Governance draft's SharingPolicy (URI, Party, Data, Purpose, StartDate,
EndDate, PermittedUse, Restrictions): a deployment's own file, read at start.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


class SharingMistake(Exception):
    """The sharing policies cannot be read; nothing may be shared then."""


@dataclass(frozen=True, slots=True)
class SharingPolicy:
    """One agreement: `parties` are organisation codes, providers and recipients alike."""

    id: str
    uri: str
    version: str
    parties: frozenset[str]
    purposes: frozenset[str]
    start: date
    end: date

    def covers(self, provider: str, recipient: str, purpose: str, today: date) -> bool:
        """It is in force today for this purpose between these two organisations."""
        return (
            self.start <= today <= self.end
            and purpose in self.purposes
            and provider in self.parties
            and recipient in self.parties
        )


def read_sharing(file: Path) -> dict[str, SharingPolicy]:
    """The policies of a file by id; raises SharingMistake."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        policies = [_policy(body) for body in raw["policy"]]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise SharingMistake(f"{file.name}: {type(error).__name__}: {error}") from error
    found = {policy.id: policy for policy in policies}
    if len(found) != len(policies):
        raise SharingMistake(f"{file.name}: a policy's id stands twice")
    return found


def _policy(body: dict[str, Any]) -> SharingPolicy:
    start, end = body["StartDate"], body["EndDate"]
    # a datetime is a date too, but cannot be compared with one
    if type(start) is not date or type(end) is not date or end < start:
        raise ValueError(f"policy {body['id']}: StartDate and EndDate are dates, in this order")
    if not isinstance(body["Purpose"], list) or not isinstance(body["Party"], list):
        raise ValueError(f"policy {body['id']}: Purpose and Party are lists")
    return SharingPolicy(
        id=body["id"],
        uri=body["URI"],
        version=str(body["Version"]),
        parties=frozenset(party["CatalogueID"] for party in body["Party"]),
        purposes=frozenset(body["Purpose"]),
        start=start,
        end=end,
    )
