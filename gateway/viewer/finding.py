"""Finding a child: by NHS number, or by name and date of birth, from the identity source.

Results show no NHS number that was not typed and no address; picking one opens its page.
https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir
"""

import secrets

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from auth.principal import Principal
from gateway.errors import GatewayError, InvalidRequest
from gateway.fhir.parameters import nhs_number
from gateway.pipeline import open_inquiry
from gateway.request import Request
from gateway.viewer.desk import Desk, go
from gateway.viewer.pages import find_page
from gateway.viewer.refusing import refusal
from gateway.viewer.sessions import Session


class Finding:
    """Serves /find."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def find(self, request: HttpRequest) -> Response:
        """The form, or where it leads."""
        session = self._desk.session(request)
        if session is None:
            return go("/")
        if not session.purpose:
            return go("/reason")
        if request.method == "GET":
            return self._ask(session, {}, "")
        try:
            form = await self._desk.form(request)
            principal = self._desk.principal(session)
            return await self._found(session, principal, form)
        except InvalidRequest as error:
            return self._ask(session, {}, str(error))
        except GatewayError as error:
            return refusal(self._desk, session, error, secrets.token_hex(8))

    async def _found(self, session: Session, principal: Principal, form: dict[str, str]) -> Response:
        number = nhs_number(form.get("nhs_number") or None)
        if number is None:
            return self._ask(session, form, "Enter an NHS number.")
        runtime = self._desk.runtime
        sources = frozenset({runtime.identity_source})
        asking = Request(number, "search-type", frozenset({"Patient"}), sources)
        inquiry = await open_inquiry(runtime, principal, asking)
        await inquiry.complete()
        return self._desk.remember(go(f"/child/{inquiry.subject}"), session)

    def _ask(self, session: Session, form: dict[str, str], wrong: str) -> Response:
        body = find_page(self._desk.service, self._desk.person(session), form, wrong)
        return self._desk.remember(HTMLResponse(body, 422 if wrong else 200), session)
