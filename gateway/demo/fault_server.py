"""A demo agency's server behind a door that can misbehave, on one loopback port for its whole life.

While all is well the door passes bytes on; each fault is a method that says what happens instead.
"""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from aiohttp import web

from gateway.demo import fault_messages
from gateway.demo.fault_messages import closing, dated, half, read_request
from gateway.demo.faults import SLOW_SECONDS, FaultImpossible, Kind
from gateway.demo.swap import rewritten

HOST = "127.0.0.1"
_ANSWERED_AT_ONCE = {
    Kind.ERROR: fault_messages.ERROR,
    Kind.GARBAGE: fault_messages.LOGIN,
    Kind.REJECT: fault_messages.REJECTED,
    Kind.PAUSED: fault_messages.PAUSED,
}


class FaultyServer:
    """One agency's application, and the door in front of it. `instead` is for the fault `swap`."""

    def __init__(self, application: web.Application, instead: Mapping[bytes, bytes], stale: datetime) -> None:
        self.kind = Kind.OK
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        self._instead = instead
        self._stale = stale
        self._inner: tuple[str, int] = (HOST, 0)
        self._door: asyncio.Server | None = None
        self._socket = _bound(0)
        self._open: set[asyncio.WriteTransport] = set()

    @property
    def port(self) -> int:
        """Where the agency is; the port stays its own even while it is down."""
        port: int = self._socket.getsockname()[1]
        return port

    async def start(self) -> None:
        """Starts the application behind and opens the door."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        host, port = self._runner.addresses[0][:2]
        self._inner = (host, port)
        await self._open_door()

    async def set(self, kind: Kind) -> None:
        """Misbehaves in this way from now on, and cuts off whoever is being answered."""
        if kind is Kind.SWAP and not self._instead:
            raise FaultImpossible("this agency knows only one child, so it has nobody to mix up")
        self.kind = kind
        self._cut_off()
        if kind is Kind.DOWN:
            self._close_door()
        elif self._door is None:
            await self._open_door()

    async def close(self) -> None:
        """Stops the door and the application."""
        self._close_door()
        self._cut_off()
        self._socket.close()
        await self._runner.cleanup()

    async def _open_door(self) -> None:
        self._door = await asyncio.start_server(self._come_in, sock=self._socket)

    def _close_door(self) -> None:
        if self._door is None:
            return
        port = self.port
        self._door.close()
        self._door = None
        # bound and not listening: connections are refused, and nobody else can take the port meanwhile
        self._socket = _bound(port)

    def _cut_off(self) -> None:
        for transport in self._open:
            transport.abort()

    async def _come_in(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._open.add(writer.transport)
        # the other end may leave at any moment, or send half a question: neither is our error
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        self._open.discard(writer.transport)
        writer.close()

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        kind = self.kind
        if kind is Kind.OK:
            await self._pass_on(reader, writer)
            return
        question = await read_request(reader)
        if kind is Kind.HANG:
            await reader.read()  # until the other end gives up
            return
        if kind is Kind.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        at_once = _ANSWERED_AT_ONCE.get(kind)
        writer.write(at_once if at_once is not None else await self._changed_answer(kind, question))
        await writer.drain()

    async def _changed_answer(self, kind: Kind, question: bytes) -> bytes:
        if kind is Kind.SWAP:
            question = rewritten(question, self._instead)
        answer = await self._ask_inside(question)
        changed: Mapping[Kind, Callable[[bytes], bytes]] = {
            Kind.TRUNCATE: half,
            Kind.STALE: lambda message: dated(message, self._stale),
        }
        return changed.get(kind, bytes)(answer)

    async def _ask_inside(self, question: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self._inner)
        writer.write(closing(question))
        try:
            return await reader.read()
        finally:
            writer.close()

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(*self._inner)
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    """Passes bytes on until either end closes, and then closes the other."""
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def _bound(port: int) -> socket.socket:
    # the protocol is named because asyncio turns Nagle's algorithm off only then
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((HOST, port))
    bound.setblocking(False)
    return bound
