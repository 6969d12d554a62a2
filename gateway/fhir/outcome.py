"""The only translation of our errors into statuses and OperationOutcomes.

https://hl7.org/fhir/R4/http.html#Status-Codes and https://hl7.org/fhir/R4/valueset-issue-type.html
"""

from dataclasses import dataclass
from typing import Any

from gateway.errors import (
    AllSourcesFailed,
    AllSourcesTimedOut,
    AuditUnavailable,
    ExpiredPage,
    GatewayError,
    IdentityUnknown,
    InvalidRequest,
    NotAcceptable,
    NotAuthenticated,
    NotFound,
    NotSupported,
    Overloaded,
    Refused,
    TooCostly,
    UnsupportedMediaType,
)


@dataclass(frozen=True, slots=True)
class Translation:
    """What an error becomes."""

    status: int
    code: str
    severity: str = "error"
    retry_after: int | None = None


TABLE: dict[type[BaseException], Translation] = {
    InvalidRequest: Translation(400, "invalid"),
    NotAuthenticated: Translation(401, "login"),
    Refused: Translation(403, "forbidden"),
    TooCostly: Translation(403, "too-costly"),
    NotFound: Translation(404, "not-found"),
    NotSupported: Translation(405, "not-supported"),
    NotAcceptable: Translation(406, "not-supported"),
    ExpiredPage: Translation(410, "processing"),
    UnsupportedMediaType: Translation(415, "not-supported"),
    Overloaded: Translation(503, "transient", retry_after=2),
    IdentityUnknown: Translation(503, "transient", retry_after=5),
    AuditUnavailable: Translation(503, "transient", retry_after=5),
    AllSourcesFailed: Translation(503, "transient", retry_after=5),
    AllSourcesTimedOut: Translation(504, "timeout", retry_after=5),
}
ANYTHING_ELSE = Translation(500, "exception", "fatal")


def translate(error: BaseException) -> Translation:
    """What `error` becomes, looked up along its classes."""
    return next((TABLE[cls] for cls in type(error).__mro__ if cls in TABLE), ANYTHING_ELSE)


def outcome(error: BaseException, reference: str) -> dict[str, Any]:
    """The OperationOutcome: public words only; for what nobody foresaw, a reference and nothing more."""
    translated = translate(error)
    text = str(error) if isinstance(error, GatewayError) and str(error) else ""
    issue: dict[str, Any] = {
        "severity": translated.severity,
        "code": translated.code,
        "details": {"text": text or f"Something went wrong. Quote the reference {reference}."},
    }
    if isinstance(error, Refused) and error.needs:
        claims = ", ".join(error.needs)
        issue["diagnostics"] = (
            f"A token with the claim {claims} would help; ask for it when the token is issued."
        )
    elif isinstance(error, GatewayError) and error.contact:
        issue["diagnostics"] = f"Phone {error.contact}."
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def where(error: BaseException) -> str:
    """Where an unforeseen error arose, without what it says, which may be content."""
    trace = error.__traceback__
    places = []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-3:])
