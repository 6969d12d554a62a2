"""The entrance: the start page with sign-in, the reason for looking, help, and the way out.

The demo's users sign in by being picked; a deployment's sign in with their own work log-in.
"""

import secrets
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from auth.policy.decide import SHORTEST_REASON
from gateway.demo.users import UnknownUser, claims, organisation_of, users
from gateway.errors import GatewayError
from gateway.viewer.desk import Desk, go
from gateway.viewer.pages import help_page, nothing_here_page, reason_page, start_page
from gateway.viewer.refusing import refusal
from gateway.viewer.sessions import Session, begin

_DECLARED = frozenset({"s47-enquiry", "safeguarding-concern"})


class Entrance:
    """Serves the pages before and around the child's."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, request: Request) -> Response:
        """The start page; somebody signed in goes on to where they were."""
        session = self._desk.session(request)
        if session is not None:
            return go("/find" if session.purpose else "/reason")
        people = users() if self._desk.has_users else ()
        workplaces = {one.organisation: organisation_of(one).name for one in people}
        return HTMLResponse(start_page(self._desk.service, people, workplaces))

    async def sign_in(self, request: Request) -> Response:
        """A made-up user is picked."""
        try:
            form = await self._desk.form(request)
            claims(form.get("user", ""), "")
        except UnknownUser:
            return go("/")
        except GatewayError as error:
            return refusal(self._desk, None, error, "")
        return self._desk.remember(go("/reason"), begin(form["user"]))

    async def sign_out(self, request: Request) -> Response:
        """The session ends here and now."""
        return self._desk.forget(go("/"))

    async def reason(self, request: Request) -> Response:
        """Why they look: a purpose of their role, and what that purpose demands."""
        session = self._desk.session(request)
        if session is None:
            return go("/")
        if request.method == "GET":
            return self._ask(session, "")
        try:
            form = await self._desk.form(request)
        except GatewayError as error:
            return refusal(self._desk, session, error, "")
        return self._stated(session, form)

    def _stated(self, session: Session, form: dict[str, str]) -> Response:
        stated = replace(
            session,
            purpose=form.get("purpose", ""),
            scheduled=form.get("scheduled") == "yes",
            reason=form.get("reason", "")[:500],
            told=form.get("told", "")[:500],
        )
        wrong = self._wrong(stated)
        if wrong:
            return self._ask(stated, wrong)
        return self._desk.remember(go("/find"), stated)

    def _wrong(self, session: Session) -> str:
        """What is missing from the reason, in words; empty if nothing is."""
        if session.purpose not in self._purposes(session):
            return "Choose why you need this record."
        role = self._desk.runtime.rules.roles[str(claims(session.user, "")["role"])]
        if session.purpose in _DECLARED and role.safeguarding:
            if len(session.reason) < SHORTEST_REASON:
                return f"Say why in your own words, in at least {SHORTEST_REASON} letters."
            if not session.told:
                return "Say whether the family was told."
        return ""

    def _ask(self, session: Session, wrong: str) -> Response:
        role = self._desk.runtime.rules.roles.get(str(claims(session.user, "")["role"]))
        declared = _DECLARED if role and role.safeguarding else frozenset()
        person = self._desk.person(replace(session, purpose=""))
        body = reason_page(self._desk.service, person, self._purposes(session), declared, session, wrong)
        return self._desk.remember(HTMLResponse(body, 422 if wrong else 200), replace(session, purpose=""))

    def _purposes(self, session: Session) -> list[str]:
        role = self._desk.runtime.rules.roles.get(str(claims(session.user, "")["role"]))
        return list(role.purposes) if role else []

    async def help(self, request: Request) -> Response:
        """What this is, what the words mean, whom to phone."""
        session = self._desk.session(request)
        person = self._desk.person(session) if session else None
        return HTMLResponse(help_page(self._desk.service, person))

    async def nothing(self, request: Request, error: Exception) -> Response:
        """The page for an address that leads nowhere."""
        return HTMLResponse(nothing_here_page(self._desk.service), 404)

    async def broken(self, request: Request, error: Exception) -> Response:
        """The page for what nobody foresaw."""
        return self._desk.broken(error, secrets.token_hex(8))
