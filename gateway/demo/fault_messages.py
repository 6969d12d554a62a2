"""HTTP messages as a fault changes them: read whole, closed, cut, dated.

https://www.rfc-editor.org/rfc/rfc9112
"""

import re
from asyncio import StreamReader
from datetime import UTC, datetime
from email.utils import format_datetime

from gateway.demo.faults import LOGIN_PAGE

_END = b"\r\n\r\n"


async def read_request(reader: StreamReader) -> bytes:
    """One request with its body; raises IncompleteReadError if the connection ends before."""
    head = await reader.readuntil(_END)
    if b"chunked" in _field(head, b"transfer-encoding").lower():
        return head + await reader.readuntil(b"0" + _END)
    return head + await reader.readexactly(int(_field(head, b"content-length") or 0))


def closing(message: bytes) -> bytes:
    """The message, saying that the connection ends with it."""
    return _with_field(message, b"Connection", b"close")


def half(response: bytes) -> bytes:
    """The response with the first half of its body, which claims to be all of it."""
    head, body = response.split(_END, 1)
    cut = body[: len(body) // 2]
    if not _field(head + _END, b"content-length"):
        return head + _END + cut
    return _with_field(head + _END, b"Content-Length", str(len(cut)).encode()) + cut


def dated(response: bytes, when: datetime) -> bytes:
    """The response of a copy that was made at `when`."""
    return _with_field(
        response, b"Last-Modified", format_datetime(when.astimezone(UTC), usegmt=True).encode()
    )


def _plain(status: str, body: bytes, kind: str = "text/plain", fields: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{fields}Connection: close\r\n\r\n".encode() + body


LOGIN = _plain("200 OK", LOGIN_PAGE, "text/html")
ERROR = _plain("500 Internal Server Error", b"The server met an unexpected condition.\n")
REJECTED = _plain(
    "401 Unauthorized", b"These credentials are not accepted.\n", fields="WWW-Authenticate: Bearer\r\n"
)
PAUSED = _plain("503 Service Unavailable", b"Sharing is switched off.\n", fields="Sharing-Status: paused\r\n")


def _field(head: bytes, name: bytes) -> bytes:
    found = re.search(rb"\r\n" + name + rb":[ \t]*([^\r\n]*)", head, re.IGNORECASE)
    return found[1] if found else b""


def _with_field(message: bytes, name: bytes, value: bytes) -> bytes:
    head, body = message.split(_END, 1)
    kept = re.sub(rb"\r\n" + name + rb":[^\r\n]*", b"", head, flags=re.IGNORECASE)
    return kept + b"\r\n" + name + b": " + value + _END + body
