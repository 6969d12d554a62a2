"""FHIR's own words for what went wrong, as Failures.

https://hl7.org/fhir/R4/operationoutcome.html
"""

from collections.abc import Iterator
from typing import Any

from connectors.base import Failure, SourceError
from connectors.paths import each, find, steps

_CODES = {
    "login": Failure.REJECTED,
    "unknown": Failure.REJECTED,
    "expired": Failure.REJECTED,
    "forbidden": Failure.REJECTED,
    "security": Failure.REJECTED,
    "suppressed": Failure.REJECTED,
    "throttled": Failure.THROTTLED,
    "too-long": Failure.TOO_LARGE,
    "too-costly": Failure.TOO_LARGE,
    "timeout": Failure.UNAVAILABLE,
    "transient": Failure.UNAVAILABLE,
    "lock-error": Failure.UNAVAILABLE,
    "no-store": Failure.UNAVAILABLE,
    "exception": Failure.UNAVAILABLE,
    "incomplete": Failure.UNAVAILABLE,
    "not-supported": Failure.UNSUPPORTED,
    "invalid": Failure.UNSUPPORTED,
    "value": Failure.UNSUPPORTED,
}
_BAD = frozenset({"error", "fatal"})
_CODING = steps("details.coding[].code")


def is_outcome(raw: Any) -> bool:
    """Whether `raw` is an OperationOutcome."""
    return isinstance(raw, dict) and raw.get("resourceType") == "OperationOutcome"


def failure_in(outcome: Any) -> SourceError | None:
    """What an OperationOutcome says went wrong; None if nothing did, or only as a remark."""
    for issue in each(outcome.get("issue")):
        # an issue that does not say how bad it is, is
        if isinstance(issue, dict) and issue.get("severity", "error") in _BAD:
            failure = _CODES.get(str(issue.get("code")), Failure.UNREADABLE)
            return SourceError(failure, "an OperationOutcome in place of an answer")
    return None


def codes_in(outcome: Any) -> Iterator[str]:
    """Every code of its issues, FHIR's and the source's own."""
    for issue in each(outcome.get("issue")):
        if isinstance(issue, dict):
            yield str(issue.get("code"))
            yield from map(str, find(_CODING, issue))
