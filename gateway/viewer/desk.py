"""What every page of the viewer has in hand: the session, the person's token, and safe answers.

https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import logging
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from auth.principal import Principal
from auth.tokens import InvalidToken
from gateway.authenticate import Authenticator
from gateway.demo.issuer import Issuer
from gateway.demo.users import claims
from gateway.errors import InvalidRequest, Refused
from gateway.fhir.outcome import where
from gateway.runtime import Runtime
from gateway.viewer.page import Person, Service
from gateway.viewer.pages import error_page
from gateway.viewer.sessions import COOKIE, Session, Sessions

_LARGEST_FORM = 16384
log = logging.getLogger(__name__)
HTML = "text/html; charset=utf-8"


class Desk:
    """The viewer's side of a request."""

    def __init__(self, runtime: Runtime, authenticator: Authenticator) -> None:
        self.runtime = runtime
        self._authenticator = authenticator
        self.sessions = Sessions(runtime.keys_for_sessions)
        settings = runtime.settings
        folder = settings.demo_folder
        self._issuer = Issuer(folder, settings.issuer, settings.audience) if folder else None
        self._secure = settings.url.startswith("https://")

    def session(self, request: Request) -> Session | None:
        """The request's session, if it has a live one."""
        cookie = request.cookies.get(COOKIE, "")
        return self.sessions.open(cookie) if cookie else None

    def principal(self, session: Session) -> Principal:
        """The Principal of a session, through a token as for any client; raises Refused."""
        if self._issuer is None:
            raise Refused("Sign-in is not set up here.")
        said = claims(
            session.user,
            session.purpose,
            scheduled=session.scheduled,
            reason=session.reason,
            told=session.told,
        )
        try:
            return self._authenticator.token(self._issuer.token(said))
        except InvalidToken as error:
            raise Refused("Sign in again.") from error

    @property
    def service(self) -> Service:
        """The deployment as people know it."""
        settings = self.runtime.settings
        return Service(settings.region, settings.team, settings.contact)

    def person(self, session: Session) -> Person:
        """Who is looking, as pages show them."""
        said = claims(session.user, session.purpose)
        return Person(str(said["name"]), str(said["job"]), str(said["org_name"]), session.purpose)

    @property
    def has_users(self) -> bool:
        """People sign in here by picking a made-up user."""
        return self._issuer is not None

    def remember(self, response: Response, session: Session) -> Response:
        """Puts the session, seen now, into the response."""
        response.set_cookie(
            COOKIE,
            self.sessions.seal(session),
            httponly=True,
            samesite="strict",
            secure=self._secure,
            path="/",
        )
        return response

    def forget(self, response: Response) -> Response:
        response.delete_cookie(COOKIE, path="/")
        return response

    def broken(self, error: Exception, reference: str) -> Response:
        """The page for what nobody foresaw: a reference, whom to phone, and that nothing is known."""
        log.error("request %s: %s at %s", reference, type(error).__name__, where(error))
        return HTMLResponse(error_page(self.service, reference), 500)

    async def form(self, request: Request) -> dict[str, str]:
        """A posted form from our own page, by name; raises Refused or InvalidRequest."""
        _same_origin(request)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_FORM:
                raise InvalidRequest("The form is too large.")
        try:
            fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=40)
        except (UnicodeDecodeError, ValueError) as error:
            raise InvalidRequest("The form cannot be read.") from error
        return {name: values[0].strip() for name, values in fields.items()}


def _same_origin(request: Request) -> None:
    """A form counts only if our own page sent it.

    Every browser of the last years says where a request comes from (Sec-Fetch-Site); for others the
    Origin must be ours (our Referrer-Policy lets browsers state it).
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site == "same-origin"
    else:
        origin = request.headers.get("origin")
        ours = origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
    if not ours:
        raise Refused("This form was not sent from this service.")


def go(path: str) -> RedirectResponse:
    """A redirect after a form."""
    return RedirectResponse(path, status_code=303)
