"""What is asked of the pipeline: one child, by number, and which types of resource."""

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """`types` and `sources` limit what is asked for (all, if None); `budget` is in seconds.

    `interaction` is read, search-type or operation. `birth_date` is what the asker typed, ISO.
    """

    nhs_number: str
    interaction: str
    types: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    birth_date: str = ""
    budget: float = 6.0
    request_id: str = field(default_factory=lambda: secrets.token_hex(8))

    def __repr__(self) -> str:
        return f"<Request {self.request_id}>"
