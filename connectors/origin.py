"""The one place on the network that a source may be asked at: its origin, and the path it lives under.

https://www.rfc-editor.org/rfc/rfc6454 and https://owasp.org/Top10/A10_2021-Server-Side_Request_Forgery_%28SSRF%29/
"""

from dataclasses import dataclass
from ipaddress import ip_address

from yarl import URL

from connectors.base import Failure, SourceError
from connectors.system import SystemMistake


@dataclass(frozen=True, slots=True)
class Origin:
    """A source's base address, from which every address that it is asked at is made."""

    base: URL

    def at(self, path: str) -> URL:
        """The address of `path` (already percent-encoded) below the base."""
        if not path:
            return self.base
        return URL(f"{str(self.base).rstrip('/')}/{path.lstrip('/')}", encoded=True)

    def followed(self, link: str, page: URL) -> URL:
        """Where a link of `page` leads, if it stays with the source; raises SourceError (UNREADABLE).

        The parsed origin is compared, never the text: "https://host@elsewhere" begins well too.
        """
        try:
            target = page.join(URL(link)).with_fragment(None)
            stays = target.origin() == self.base.origin() and target.user is None
        except ValueError:
            raise SourceError(Failure.UNREADABLE, "a link that is no address") from None
        if not stays or not self._under_base(target.path):
            raise SourceError(Failure.UNREADABLE, "a link that leads away from the source")
        return target

    def _under_base(self, path: str) -> bool:
        base = self.base.path.rstrip("/")
        return path == base or path.startswith(f"{base}/")


def origin_of(url: str, plain_http: bool = False) -> Origin:
    """The origin of a configured address; raises SystemMistake if it is not one to send records over."""
    try:
        base = URL(url)
    except ValueError as error:
        raise SystemMistake("the source's url is not an address") from error
    if base.scheme not in ("http", "https") or not base.host:
        raise SystemMistake("the source's url begins with https:// (or http:// on this machine)")
    if base.user is not None or base.query_string or base.fragment:
        raise SystemMistake("the source's url holds no user, no query and no fragment")
    if base.scheme == "http" and not (plain_http or _loopback(base.host)):
        raise SystemMistake("http:// to another machine is readable on the way; plain_http = true allows it")
    return Origin(base)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
