"""Who is asking: a named person or a service, their organisation, role, purpose and what they declared.

Claims follow RFC 9068 (JWT access tokens) and NHS CIS2 names: https://www.rfc-editor.org/rfc/rfc9068
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated asker; everything here was granted when the token was issued.

    `role` is a key of auth/policy/roles.toml. `organization` is the (system, value) identifier of their
    employer; `source` the id of their own organisation's source here, if it is one. `person` is False
    for a service that acts for nobody.
    """

    user: str
    name: str
    role: str
    job: str
    organization: tuple[str, str]
    organization_name: str
    purpose: str
    expires: datetime
    token_id: str
    source: str = ""
    person: bool = True
    unscheduled: bool = True
    reason: str = field(default="", repr=False)
    told_family: str = field(default="", repr=False)
    break_glass: str = ""
    scopes: frozenset[str] = frozenset()
    local_ids: frozenset[str] = frozenset()  # the numbers under which their own systems know them
