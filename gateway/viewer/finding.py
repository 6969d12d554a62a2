"""Finding a child: by NHS number, or by name and date of birth, from the identity source.

Results show no NHS number that was not typed and no address; picking one opens its page.
https://digital.nhs.uk/developer/api-catalogue/personal-demographics-service-fhir
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from auth.principal import Principal
from gateway.audit.recording import failed
from gateway.errors import AuditUnavailable, GatewayError, IdentityUnknown, InvalidRequest, NotFound
from gateway.fhir.context import AN_ID, NOT_KNOWN
from gateway.fhir.parameters import nhs_number
from gateway.identity.candidates import Described, Found, candidates
from gateway.pipeline import open_inquiry
from gateway.request import Request
from gateway.viewer.desk import Desk, go
from gateway.viewer.pages import Agreement, Candidate, find_page, results_page
from gateway.viewer.refusing import refusal
from gateway.viewer.sessions import Session

Form = dict[str, str]


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
            principal = self._desk.principal(session)
        except GatewayError as error:
            return refusal(self._desk, session, error, secrets.token_hex(8))
        form: Form = {}
        try:
            form = await self._desk.form(request)
            return await self._found(session, principal, form)
        except GatewayError as error:
            return await self._not_found(session, principal, form, error)

    async def _not_found(
        self, session: Session, principal: Principal, form: Form, error: GatewayError
    ) -> Response:
        """What is wrong beside the form where it can be put right, else a refusal; the audit has it first."""
        reference = secrets.token_hex(8)
        try:
            await failed(self._desk.runtime, principal, reference, error)
        except AuditUnavailable as unavailable:
            error = unavailable
        if isinstance(error, InvalidRequest):
            return self._ask(session, form, str(error))
        if isinstance(error, IdentityUnknown):
            return self._ask(session, form, str(error), ask_born="nhs_number" in form)
        return refusal(self._desk, session, error, reference)

    async def _found(self, session: Session, principal: Principal, form: Form) -> Response:
        if "child" in form:
            return self._chosen(session, form)
        if "nhs_number" in form:
            return await self._by_number(session, principal, form)
        return await self._by_name(session, principal, form)

    async def _by_number(self, session: Session, principal: Principal, form: Form) -> Response:
        number = nhs_number(form["nhs_number"] or None)
        if number is None:
            raise InvalidRequest("Enter an NHS number.")
        runtime = self._desk.runtime
        born = _born(form)
        sources = frozenset({runtime.identity_source})
        asking = Request(number, "search-type", frozenset({"Patient"}), sources, born)
        inquiry = await open_inquiry(runtime, principal, asking)
        await inquiry.complete()
        kept = replace(session, born=f"{inquiry.subject} {born}" if born else "")
        return self._desk.remember(go(f"/child/{inquiry.subject}"), kept)

    async def _by_name(self, session: Session, principal: Principal, form: Form) -> Response:
        described = Described(
            form.get("family", ""), form.get("given", ""), _born(form), form.get("postcode", "").upper()
        )
        found = await candidates(self._desk.runtime, principal, described, secrets.token_hex(8))
        asked = [("Last name", described.family), ("First name", described.given), ("Born", described.born)]
        body = results_page(
            self._desk.service,
            self._desk.person(session),
            [pair for pair in asked if pair[1]],
            _offered(found, described),
            [self._identity_name],
        )
        return self._desk.remember(HTMLResponse(body), session)

    @property
    def _identity_name(self) -> str:
        runtime = self._desk.runtime
        return next(s.name for s in runtime.sources if s.id == runtime.identity_source)

    def _chosen(self, session: Session, form: Form) -> Response:
        if form.get("checked") != "yes":
            raise InvalidRequest("Ask for the date of birth before you open a record.")
        if not AN_ID.match(form["child"]):
            raise NotFound(NOT_KNOWN)
        return self._desk.remember(go(f"/child/{form['child']}"), session)

    def _ask(self, session: Session, form: Form, wrong: str, *, ask_born: bool = False) -> Response:
        body = find_page(self._desk.service, self._desk.person(session), form, wrong, ask_born=ask_born)
        return self._desk.remember(HTMLResponse(body, 422 if wrong else 200), session)


def _born(form: Form) -> str:
    """The date of birth of a form as ISO; empty if none was typed; raises InvalidRequest."""
    parts = [form.get(name, "") for name in ("year", "month", "day")]
    if not any(parts):
        return ""
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except (ValueError, OverflowError) as error:
        raise InvalidRequest("Enter the date of birth as day, month and year, like 14 3 2022.") from error


def _offered(found: Sequence[Found], described: Described) -> tuple[Candidate, ...]:
    """The candidates in words: what agrees, what differs, what is withheld."""
    strong = len(found) == 1 and bool(described.given)
    return tuple(_candidate(one, described, strong=strong) for one in found)


def _candidate(one: Found, described: Described, *, strong: bool) -> Candidate:
    agreements = [Agreement("same", "Last name and date of birth agree")]
    if described.given:
        agreements.append(Agreement("same", "First name agrees"))
    if one.hidden:
        agreements.append(Agreement("kept", "Address withheld"))
    elif described.postcode:
        agreements.append(Agreement("same", "Postcode agrees"))
    return Candidate(
        key=one.id,
        name=f"{one.family.upper()}, {one.given}",
        born=one.born,
        gender=one.gender.capitalize() or "Not known",
        area=one.outcode,
        closeness="Strong match" if strong else "Possible match",
        agreements=tuple(agreements),
        withheld=one.hidden,
    )
