"""HTTP by hand: any bytes go to the gateway, and what comes back is read whatever it is.

https://www.rfc-editor.org/rfc/rfc9112
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: the status, 0 if the connection was closed without one, and all of its bytes."""

    status: int
    raw: bytes = field(repr=False)
    seconds: float


async def said(port: int, message: bytes, and_no_more: bool = False) -> Heard:
    """What the server on this port answers to these bytes; it may also just hang up.

    With `and_no_more` it is told that no more will come, so that it does not wait for the rest.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    raw = b""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            writer.write(message)
            await writer.drain()
            if and_no_more:
                writer.write_eof()
            while piece := await reader.read(65536):
                raw += piece
    except ConnectionError:
        pass  # it hung up on us, which is an answer
    finally:
        writer.close()
    first = raw.split(b"\r\n", 1)[0].split(b" ")
    status = int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
    return Heard(status, raw, loop.time() - began)


def request(
    method: str,
    target: str | bytes,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    length: bool = True,
) -> bytes:
    """One request, its connection to be closed afterwards; the target goes out as it is."""
    path = target.encode("latin-1") if isinstance(target, str) else target
    lines = [f"{method} ".encode() + path + b" HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close"]
    lines += [f"{name}: {value}".encode("latin-1") for name, value in (headers or {}).items()]
    if length and (body or method in ("POST", "PUT", "PATCH")):
        lines.append(f"Content-Length: {len(body)}".encode())
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
