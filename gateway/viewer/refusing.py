"""Refusals as pages: the public reason and whom to phone, nothing about anybody.

The statuses are those of the API: gateway/fhir/outcome.py.
"""

from starlette.responses import HTMLResponse, Response

from auth.principal import Principal
from gateway.audit.recording import failed
from gateway.errors import AuditUnavailable, GatewayError, Refused
from gateway.fhir.outcome import translate
from gateway.viewer.desk import Desk
from gateway.viewer.pages import refusal_page
from gateway.viewer.sessions import Session


def refusal(desk: Desk, session: Session | None, error: GatewayError, reference: str) -> Response:
    """The page for an error that ends a request; a claim that would help leads to the reason page."""
    needs = error.needs if isinstance(error, Refused) else ()
    contact = error.contact or desk.runtime.settings.contact
    body = refusal_page(desk.service, str(error), contact, reference, needs=bool(needs))
    response = HTMLResponse(body, translate(error).status)
    return desk.remember(response, session) if session else response


async def ended(
    desk: Desk, session: Session, principal: Principal, error: Exception, reference: str
) -> Response:
    """The page for an error that ended the request of somebody who is known; it is in the audit first."""
    try:
        await failed(desk.runtime, principal, reference, error, "operation")
    except AuditUnavailable as unavailable:
        error = unavailable
    if isinstance(error, GatewayError):
        return refusal(desk, session, error, reference)
    return desk.broken(error, reference)
