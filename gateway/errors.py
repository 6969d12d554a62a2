"""The gateway's own errors, named for what a caller can do about them.

gateway/fhir/outcome.py holds their only translation to statuses and issue codes.
"""


class GatewayError(Exception):
    """Anything that ends a request; the message is public and names nobody."""

    def __init__(self, message: str = "", contact: str = "") -> None:
        super().__init__(message)
        self.contact = contact


class InvalidRequest(GatewayError):
    """A value cannot be understood; the message says which parameter and what it takes."""


class NotAuthenticated(GatewayError):
    """Nobody is named, or the token does not prove who."""


class Refused(GatewayError):
    """The rules do not permit it. `needs` names token claims that would help, `rules` those that decided."""

    def __init__(
        self, message: str, contact: str = "", rules: tuple[str, ...] = (), needs: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, contact)
        self.rules = rules
        self.needs = needs


class TooCostly(GatewayError):
    """A search that names no child; there are no population queries."""


class NotFound(GatewayError):
    """Not there, or not for this caller to know of: one answer for both."""


class NotSupported(GatewayError):
    """An interaction that this server does not have."""


class NotAcceptable(GatewayError):
    """A format that this server does not write."""


class UnsupportedMediaType(GatewayError):
    """A body in a format that this server does not read."""


class ExpiredPage(GatewayError):
    """The cursor has expired, or is not this caller's; ask again from the first page."""


class Overloaded(GatewayError):
    """Too much at once; come back in a moment."""


class IdentityUnknown(GatewayError):
    """The identity source did not answer, and no birth date was typed to check answers against."""


class AuditUnavailable(GatewayError):
    """What would be shown cannot be recorded, so it is not shown."""


class AllSourcesFailed(GatewayError):
    """Every source that was asked failed."""


class AllSourcesTimedOut(AllSourcesFailed):
    """Every source that was asked missed its deadline."""
