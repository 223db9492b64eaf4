"""The sender's ledger: what its connections report is written many at a time (group commit)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog
from sqlalchemy import Connection

from state import queue
from state.database import Database
from state.queue import Ended

T = TypeVar("T")
log = structlog.get_logger()
GATHER = 0.005
"""Seconds that a page waits, at the most, for the ends of bodies that are under way."""
PATIENCE = timedelta(seconds=60)
"""How long a ledger that is closed goes on trying to write what it knows."""


class LeaseLost(Exception):
    """Another sender took the letter over in the meantime."""


@dataclass(slots=True)
class _Page:
    """What is written in one transaction."""

    ends: list[Ended] = field(default_factory=list)
    begins: dict[int, "asyncio.Future[bool]"] = field(default_factory=dict)
    asks: list[tuple[Callable[[Connection], Any], "asyncio.Future[Any]"]] = field(
        default_factory=list
    )

    def __bool__(self) -> bool:
        return bool(self.ends or self.begins or self.asks)


class Ledger:
    """`async with Ledger(...) as ledger:` one writer for all connections of one sender.

    The end of a letter that a connection carried is in the same transaction as the beginning of its
    next body, or in an earlier one: a connection never has more than one letter whose fate is unknown.
    """

    def __init__(
        self, database: Database, owner: str, *, lease: timedelta, now: Callable[[], datetime]
    ) -> None:
        self._writer, self._owner = database.writer(), owner
        self._lease, self._now = lease, now
        self._page = _Page()
        self._news = asyncio.Event()
        self._closing = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._writing: asyncio.Task[None] | None = None
        self._afoot: set[int] = set()
        self._quiet = asyncio.Event()
        self._took = 0.0

    async def __aenter__(self) -> Self:
        self._writing = asyncio.create_task(self._write_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        """What was reported is written first, and the connection to the database is let go."""
        self._closing = True
        self._news.set()
        try:
            if self._writing:
                await self._writing
        finally:
            closing = asyncio.get_running_loop().run_in_executor(self._thread, self._writer.close)
            self._thread.shutdown(wait=False)
            await asyncio.shield(closing)

    async def began(self, id: int) -> None:
        """Returns once it is on disk that the body is about to be written. Raises LeaseLost, or what
        kept it from being written."""
        held = self._page.begins[id] = asyncio.get_running_loop().create_future()
        self._news.set()
        if not await held:
            raise LeaseLost(f"第 {id} 封信已由另一个发信进程接手")

    def ended(self, end: Ended) -> None:
        """To be written soon; it is not waited for."""
        self._page.ends.append(end)
        self._afoot.discard(end.id)
        if not self._afoot:
            self._quiet.set()
        self._news.set()

    async def ask(self, work: Callable[[Connection], T]) -> T:
        """`work` done in the next transaction, behind what was reported before."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._page.asks.append((work, answer))
        self._news.set()
        return await answer

    async def _write_on(self) -> None:
        pause, patience = 0.1, PATIENCE.total_seconds()
        while True:
            await self._news.wait()
            await self._gather()
            self._news.clear()
            page, self._page = self._page, _Page()
            if await self._settle(page):
                pause, patience = 0.1, PATIENCE.total_seconds()
            else:
                self._page.ends[:0] = page.ends
                self._news.set()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)
                patience -= pause if self._closing else 0
            if self._closing and (not self._page or patience <= 0):
                break
        if self._page.ends:
            log.error("outcomes not written", letters=[end.id for end in self._page.ends])

    async def _gather(self) -> None:
        """Bodies that are under way end together, more or less: wait for them, but no longer than the
        last page took to write, so that the disk is asked less often and nobody waits twice as long."""
        if self._afoot and not self._closing:
            self._quiet.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(self._took, GATHER)):
                    await self._quiet.wait()

    async def _settle(self, page: _Page) -> bool:
        """Write one page; False when its ends have to be written again."""
        if not page:
            return True
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            held, answers = await loop.run_in_executor(self._thread, partial(self._write, page))
        except Exception as fault:
            log.warning("ledger not written", reason=str(fault), ends=len(page.ends))
            for waiting in (*page.begins.values(), *(answer for _, answer in page.asks)):
                _fail(waiting, fault)
            return False
        self._took = loop.time() - begun
        self._afoot |= held
        for id, began in page.begins.items():
            if not began.done():
                began.set_result(id in held)
        for (_, answer), found in zip(page.asks, answers, strict=True):
            if not answer.done():
                answer.set_result(found)
        return True

    def _write(self, page: _Page) -> tuple[set[int], list[Any]]:
        with self._writer.writing() as connection:
            if lost := queue.record(connection, page.ends, self._owner):
                log.warning("lease lost before the outcome was written", letters=lost)
            held: set[int] = set()
            if page.begins:
                until = self._now() + self._lease
                ids = list(page.begins)
                held = queue.bodies_began(connection, ids, self._owner, lease_until=until)
            return held, [work(connection) for work, _ in page.asks]


def _fail(waiting: "asyncio.Future[Any]", fault: Exception) -> None:
    if not waiting.done():
        waiting.set_exception(fault)
        with suppress(Exception):
            waiting.exception()
