"""A sender stands still (SIGSTOP) beyond its lease; a second one takes over; then the first goes on."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flows.delivery import LEASE
from tests.faults.account import Account, join
from tests.faults.figures import Figures, of
from tests.faults.ground import START, found, open_site
from tests.faults.outbox import fill
from tests.faults.sender import send_all
from tests.faults.sink import Sink
from tests.postgres import Cluster, programs
from tests.sitting import REPOSITORY

STEPS = ("354", "body", "dot", "logged", "250", "data", "rcpt", "mail", "ehlo", "connected")
ONCE = ("ehlo", "connected")
DOUBTFUL = ("354", "body", "dot", "logged", "250")
"""From here on the letter may arrive twice."""
LETTERS = 16
LATER = START + LEASE + timedelta(minutes=1)
REFUSED = "lease lost"


def measure(folder: Path, steps: Sequence[str] = STEPS, rounds: int = 3) -> list[Figures]:
    """Each step so many times on each database."""
    figures = [_measure(folder / "sqlite", "stalled sender, SQLite", _sqlite, steps, rounds)]
    if programs():
        cluster = Cluster()
        try:
            cluster.start()
            make = _postgresql(cluster)
            name = "stalled sender, PostgreSQL"
            figures.append(_measure(folder / "postgresql", name, make, steps, rounds))
        finally:
            cluster.close()
    return figures


def _measure(
    folder: Path, name: str, make: Callable[[Path], str], steps: Sequence[str], rounds: int
) -> Figures:
    account, wrong = Account(), []
    tries = [(step, number) for number in range(rounds) for step in steps]
    for step, number in tries:
        place = folder / f"{step}-{number}"
        place.mkdir(parents=True)
        one = _Stall(make(place), place, step, 2 + number)
        asyncio.run(one.play())
        account.add(one.account)
        wrong += [f"{step}: {words}" for words in one.wrong]
    return of(name, account, len(tries), wrong)


class _Stall:
    def __init__(self, url: str, folder: Path, step: str, count: int) -> None:
        self.url, self.folder, self.step = url, folder, step
        self.left = 1 if step in ONCE else count
        self.wrong: list[str] = []
        self.account = Account()
        self.pid = 0
        self.stopped = asyncio.Event()

    async def play(self) -> None:
        second = open_site(self.url, connections=1, seats=self.folder / "seats")
        promised = fill(second.database, LETTERS, at=START)
        log = self.folder / "log"
        async with Sink(log, watch=self.watch) as sink:
            assert second.server
            second.server = replace(second.server, port=sink.port)
            first = await self._start(sink.port)
            await asyncio.wait_for(self.stopped.wait(), 60)
            await send_all(second, LATER)
            os.kill(first.pid, signal.SIGCONT)
            said, _ = await asyncio.wait_for(first.communicate(), 60)
        self.account = join(second.database, log, promised)
        second.database.close()
        self._judge(first.returncode, said.decode())

    def watch(self, step: str, _: int) -> None:
        self.left -= step == self.step
        if self.left <= 0 and self.pid and not self.stopped.is_set():
            os.kill(self.pid, signal.SIGSTOP)
            os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOWAIT)
            if _busy(self.url):  # in the middle of writing; nobody could take over before it ends
                os.kill(self.pid, signal.SIGCONT)
                self.left = 1
            else:
                self.stopped.set()

    async def _start(self, port: int) -> asyncio.subprocess.Process:
        command = ["-m", "tests.faults.sender", self.url, str(port), "--connections", "1"]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            *("--seats", str(self.folder / "seats")),
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.pid = process.pid
        return process

    def _judge(self, code: int | None, said: str) -> None:
        account = self.account
        if code or "Traceback" in said:
            self.wrong.append(f"the first ended with {code}: {said[-300:]}")
        if account.states["accepted"] != LETTERS:
            self.wrong.append(f"not everything is sent: {account.states}")
        if account.listed > 1:
            self.wrong.append(f"{account.listed} letters are listed")
        if account.duplicates and REFUSED not in said:
            self.wrong.append(f"it does not say that its record was refused: {said}")


def _busy(url: str) -> bool:
    """Whether somebody is in the middle of writing."""
    if not url.startswith("sqlite"):
        return False
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0)) as probe:
        try:
            probe.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        probe.rollback()
        return False


def _sqlite(folder: Path) -> str:
    return found(f"sqlite:///{folder / 'duban.db'}", folder / "seats")


def _postgresql(cluster: Cluster) -> Callable[[Path], str]:
    def make(folder: Path) -> str:
        return found(cluster.create(folder.name), folder / "seats")

    return make
