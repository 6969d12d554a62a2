"""What a person may see, for what purpose, and why: the shape of every decision.

Outcomes, modes and obligations are those of the sharing rules in auth/policy; combining is
deny-overrides: https://docs.oasis-open.org/xacml/3.0/xacml-3.0-core-spec-os-en.html#_Toc325047267
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What a rule says, from the most open to the most closed."""

    PERMIT = "permit"
    MASK = "mask"  # kept, fields removed and labelled
    EXISTS_ONLY = "exists-only"  # only "ask X"
    PERMIT_BTG = "permit-break-glass"  # would be permitted in an emergency, with a reason
    REVIEW = "review"  # a person at the agency decides
    DENY = "deny"  # refused, and says so
    SILENT = "silent"  # refused without a trace


class Obligation(StrEnum):
    """What must also happen when the decision is carried out."""

    AUDIT_HIGH = "audit-high"
    REASON_TEXT = "reason-text"
    NOTIFY_LA_EDT = "notify-la-edt"
    NOTIFY_PRIVACY_OFFICER = "notify-privacy-officer"
    NOTIFY_CUSTODIAN = "notify-custodian"
    RECORD_TOLD_FAMILY = "record-told-family"
    SHOW_LABEL = "show-label"
    NO_PRINT = "no-print"
    EXPIRE = "expire"
    SECOND_CONFIRM = "second-confirm"


class Relationship(StrEnum):
    """How the asker stands to the child, on whose evidence is in Facts."""

    NONE = "none"
    CLAIMED = "claimed"
    ON_CASELOAD = "on-caseload"
    ENCOUNTER_OPEN = "encounter-open"
    LEAD_PRACTITIONER = "lead-practitioner"
    MASH_MEMBER = "mash-member"
    PR_HOLDER = "pr-holder"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the child and the asker before any other agency is asked.

    `known` is False when no identity source answered. `age` in whole years, None if unknown.
    """

    known: bool = False
    relationship: Relationship = Relationship.NONE
    age: int | None = None
    sensitive: bool = False  # the identity source marks the address as sensitive
    deceased: bool = False
    superseded: bool = False  # the number was replaced and no ordinary merge is stated
    clinical_presence: bool = False  # registered as present at the asker's organisation


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What decides whether a source may be asked at all."""

    id: str
    organization: tuple[str, str]
    kind: str  # the agency's kind: social-care, hospital, gp, community-health, school, police, ...
    policies: tuple[str, ...] = ()
    telephone: str = ""
    sections: frozenset[str] = frozenset()  # the sections of the page that it can feed


@dataclass(frozen=True, slots=True)
class Item:
    """What decides about one resource: never its content."""

    source: str
    kind: str  # the agency's kind
    type: str  # the resource type
    fact: str  # a fact of mappings/model.toml
    section: str
    labels: frozenset[str] = frozenset()  # codes of meta.security
    own: bool = False  # recorded by the asker's own organisation


@dataclass(frozen=True, slots=True)
class Ruling:
    """One outcome with the rules that led to it, in order, and the words for the person refused.

    `masks` are element paths to remove ("note", "participant[].individual.display"); `fact_only` keeps
    only what says that it happened and when; `sealed` keeps not even what it was, only that something is
    recorded and when.
    """

    outcome: Outcome
    rules: tuple[str, ...] = ()
    text: str = ""
    contact: str = ""
    obligations: frozenset[Obligation] = frozenset()
    masks: frozenset[str] = frozenset()
    fact_only: bool = False
    sealed: bool = False

    @property
    def shows_something(self) -> bool:
        return self.outcome in (Outcome.PERMIT, Outcome.MASK, Outcome.EXISTS_ONLY)


@dataclass(frozen=True)
class Decision:
    """The answer to one request: a ruling on the whole, one a source, and one for each item on demand.

    `column` is the column of the sensitivity and minimisation matrices; `needs` names claims that the
    token lacks ("reason", "told"): then the ruling is DENY and a new token with them would help.
    """

    ruling: Ruling
    sources: Mapping[str, Ruling] = field(default_factory=dict)
    column: str = ""
    purpose: str = ""
    policy_version: str = ""
    needs: tuple[str, ...] = ()
