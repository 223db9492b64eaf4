"""A proxy on the way to the server: it cuts, goes deaf, or lets little through."""

import asyncio
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from typing import Self

RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Cut:
    """What becomes of one connection."""

    up: int | None = None
    """After so many bytes from the client have been passed on; None: never."""
    down: int | None = None
    """After so many from the server."""
    how: str = "reset"
    """reset, close, or deaf: it stays open, and nothing more is passed on either way."""
    pace: int | None = None
    """Bytes a second, either way; None: as fast as they come."""


class Proxy:
    """`async with Proxy(port, cuts) as proxy:` listens at proxy.port; each connection takes the next
    of `cuts`, and when there is none left nothing happens to it."""

    def __init__(self, port: int, cuts: Iterable[Cut] = ()) -> None:
        self.target = port
        self.cuts: Iterator[Cut] = iter(cuts)
        self.done = 0
        """Cuts that happened."""
        self.up = self.down = 0
        """Bytes that were passed on, over all connections."""
        self._over = asyncio.Event()
        self._tasks: set[asyncio.Task] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=500)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_) -> None:
        self._server.close()
        self._over.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        cut = next(self.cuts, Cut())
        pumps = [
            asyncio.create_task(self._pump(reader, far_writer, "up", cut.up, cut.pace)),
            asyncio.create_task(self._pump(far_reader, writer, "down", cut.down, cut.pace)),
        ]
        over = asyncio.create_task(self._over.wait())
        ended, _ = await asyncio.wait([*pumps, over], return_when=asyncio.FIRST_COMPLETED)
        struck = any(pump in ended and pump.result() for pump in pumps)
        self.done += struck
        if struck and cut.how == "deaf":
            for pump in pumps:
                pump.cancel()
            await self._over.wait()
        for task in (*pumps, over):
            task.cancel()
        for end in (writer, far_writer):
            _hang_up(end, reset=struck and cut.how == "reset")

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        way: str,
        most: int | None,
        pace: int | None,
    ) -> bool:
        """Whether it came to its cut."""
        passed = 0
        while most is None or passed < most:
            size = min(65536 if most is None else most - passed, pace // 10 if pace else 65536)
            try:
                part = await reader.read(size)
                if not part:
                    return False
                writer.write(part)
                await writer.drain()
            except OSError:
                return False
            passed += len(part)
            setattr(self, way, getattr(self, way) + len(part))
            if pace:
                await asyncio.sleep(len(part) / pace)
        return True


def _hang_up(end: asyncio.StreamWriter, *, reset: bool) -> None:
    if reset:
        line = end.get_extra_info("socket")
        if line.fileno() >= 0:
            line.setsockopt(SOL_SOCKET, SO_LINGER, RESET)
        end.transport.abort()
    else:
        end.close()
