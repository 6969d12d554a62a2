"""A TCP proxy on loopback in front of a real server, which can go wrong as networks and servers do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """`fault` is ok, down (nobody listens), garbage or truncated (what the server says, spoilt)."""

    host: str
    port: int
    fault: str = "ok"
    address: tuple[str, int] = ("", 0)
    _server: asyncio.Server | None = None
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def play(self, fault: str) -> None:
        """From now on, also for connections that are open."""
        self.fault = fault
        if fault == "down":
            await self.close()
        elif fault != "ok":
            # what was kept open before is of no more use than a new connection
            self.cut()

    def cut(self) -> None:
        """Ends every connection."""
        for writer in self._writers:
            writer.transport.abort()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        there_reader, there_writer = await asyncio.open_connection(self.host, self.port)
        self._writers |= {writer, there_writer}
        try:
            await asyncio.gather(
                self._passed(reader, there_writer, spoilt=False),
                self._passed(there_reader, writer, spoilt=True),
            )
        finally:
            self._writers -= {writer, there_writer}

    async def _passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, spoilt: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if spoilt and self.fault in ("garbage", "truncated"):
                    half = data[: len(data) // 2]
                    writer.write(half if self.fault == "truncated" else bytes(range(1, 256)))
                    await writer.drain()
                    break
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def proxy(host: str, port: int, at: str = "127.0.0.1") -> AsyncIterator[Proxy]:
    between = Proxy(host, port)
    between._server = await asyncio.start_server(between._connected, at, 0)
    between.address = between._server.sockets[0].getsockname()
    try:
        yield between
    finally:
        await between.close()
