"""The static files, each by name with its media type, and the address that changes when a file does.

https://www.w3.org/TR/CSP3/ : the headers below hold for every page that the viewer serves.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

ADDRESS = "/static/"
_TYPES = {
    "viewer.css": "text/css; charset=utf-8",
    "viewer.js": "text/javascript; charset=utf-8",
    "viewer-icon.svg": "image/svg+xml",
}
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    body: bytes
    media_type: str
    version: str


@cache
def asset(name: str) -> Asset | None:
    """The file of that name; None for any name that is not one of ours."""
    if name not in _TYPES:
        return None
    body = resources.files("gateway.viewer.static").joinpath(name).read_bytes()
    return Asset(body, _TYPES[name], sha256(body).hexdigest()[:12])


def address(name: str) -> str:
    """Where the file is served, with its version, so that it may be kept for long."""
    found = asset(name)
    if found is None:
        raise LookupError(f"{name} is not a file of the viewer")
    return f"{ADDRESS}{name}?v={found.version}"
