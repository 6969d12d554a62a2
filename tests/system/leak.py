"""A deliberate leak: every record that a connector makes is logged, as a careless debug line would."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.base import Record


def in_a_log_line() -> None:
    """From now on this process logs what it reads."""
    true = Record.__init__

    def leaking(self: Record, kind: str, fields: Mapping[str, Any], as_at: datetime | None = None) -> None:
        true(self, kind, fields, as_at)
        logging.getLogger("leak").warning("read %s %s", kind, dict(self))

    Record.__init__ = leaking  # type: ignore[method-assign]  # the leak is what the test must find
