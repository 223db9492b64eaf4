"""Processes to be killed: senders that hand letters over, schedulers that write them.

They are forked from one small server of Python's own (`forkserver`), which has loaded everything, so
that a thousand of them cost no thousand starts. A role says `ready` through its pipe, then works.
"""

import asyncio
import logging
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import structlog

from duban.trouble import Trouble
from flows.delivery import deliver
from tests.faults.ground import START, open_site
from tests.faults.outbox import fill
from tests.faults.points import arm
from tests.faults.sender import send_all

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.roles"])


@dataclass(frozen=True)
class Place:
    """What a role works on."""

    url: str
    port: int
    connections: int = 2
    seats: Path | None = None

    def open(self):
        return open_site(self.url, self.port, connections=self.connections, seats=self.seats)


class Role:
    """One process; `with` does not end it, a kill or its own end does."""

    def __init__(self, work: Callable[..., None], *said: Any) -> None:
        self._here, there = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=_play, args=(work, there, *said), daemon=True)
        self.process.start()
        there.close()

    def await_ready(self, seconds: float = 60) -> bool:
        """False when it ended before."""
        try:
            return self._here.poll(seconds) and bool(self._here.recv())
        except EOFError:
            return False

    @property
    def alive(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> bool:
        """Whether it was alive until now."""
        lived = self.alive
        self.process.kill()
        self.end()
        return lived and self.process.exitcode == -9

    def end(self, seconds: float = 600) -> int:
        """Wait for its end; its exit code."""
        self.process.join(seconds)
        assert not self.alive, "it does not end"
        code = self.process.exitcode
        self._here.close()
        return code


def _play(work: Callable[..., None], ready: Connection, *said: Any) -> None:
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)
    work(lambda: ready.send(True), *said)


def send_until_empty(
    ready: Callable[[], None], place: Place, point: str = "", nth: int = 1
) -> None:
    """Ends when every letter is settled, or where `point` is reached for the nth time."""
    site = place.open()
    arm(site, point, nth)
    ready()
    asyncio.run(send_all(site, START))


def send_on(ready: Callable[[], None], place: Place, stop: Path) -> None:
    """Delivers again and again until the file `stop` is there; outlives a database that fails."""
    site = place.open()
    ready()
    while not stop.exists():
        try:
            asyncio.run(deliver(site, START))
        except Trouble:
            site.database.close()
        time.sleep(0.02)


def schedule(
    ready: Callable[[], None], place: Place, first: int, portions: int, size: int, promises: Path
) -> None:
    """Writes letters in portions, each in one transaction, and promises each that is committed."""
    site = place.open()
    ready()
    with promises.open("a") as file:
        for portion in range(portions):
            try:
                names = fill(site.database, size, at=START, first=first + portion * size, lines=4)
            except Trouble:
                time.sleep(0.05)
                continue
            file.write("".join(f"{name}\n" for name in names))
            file.flush()
