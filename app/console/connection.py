"""One connection of a visitor: whoever opens it has to ask for something soon, and there are only so many.

What comes too slowly, on purpose or not, would else keep files of this process open until there are none
left for the letters, which go out from the same one.
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    patience: ClassVar[float] = 20
    """Seconds for the head of a request; what follows it: app/console/formdata.py."""
    most: ClassVar[int] = 500
    """Open at once. Systems give a process 1,024 files unless told otherwise."""
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._settle()

    def _watch(self) -> None:
        """While nothing is being answered, time runs; more bytes win none."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._settle()
        elif self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(self.patience, self.transport.abort)

    def _settle(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
