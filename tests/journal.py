"""The log, as a list that can be waited on."""

import asyncio
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

Line = MutableMapping[str, Any]


class Journal:
    """Lines as dictionaries with `event` and `level`."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def __call__(self, _: Any, level: str, line: Line) -> Line:
        self.lines.append({**line, "level": level})
        self._loop.call_soon_threadsafe(self._news.set)
        raise structlog.DropEvent

    def of(self, event: str, **values: Any) -> list[Line]:
        """The lines of that event with those values."""
        wanted = {"event": event, **values}
        return [line for line in self.lines if wanted.items() <= line.items()]

    def count(self, event: str, **values: Any) -> int:
        return len(self.of(event, **values))

    async def until(self, event: str, times: int = 1, **values: Any) -> Line:
        """Until it was logged so often; the last such line."""
        async with asyncio.timeout(30):
            while self.count(event, **values) < times:
                self._news.clear()
                await self._news.wait()
        return self.of(event, **values)[-1]


@contextmanager
def journal() -> Iterator[Journal]:
    """In a running loop; what is logged meanwhile goes nowhere else."""
    kept = Journal()
    before = structlog.get_config()
    structlog.configure(processors=[kept])
    try:
        yield kept
    finally:
        structlog.configure(**before)
