"""Refusals as pages: the public reason and whom to phone, nothing about anybody.

The statuses are those of the API: gateway/fhir/outcome.py.
"""

from starlette.responses import HTMLResponse, Response

from gateway.errors import GatewayError, Refused
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
