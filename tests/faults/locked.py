"""Another process keeps SQLite locked (BEGIN IMMEDIATE) in the middle of sending."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from flows.delivery import deliver
from state.database import DatabaseFault
from tests.faults.account import Account, join
from tests.faults.crashes import blamed
from tests.faults.figures import Figures, of
from tests.faults.ground import START, open_site, sqlite
from tests.faults.outbox import fill
from tests.faults.sender import next_due
from tests.faults.sink import Sink

HOLDER = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
held.execute("BEGIN IMMEDIATE")
print(time.monotonic(), flush=True)
time.sleep(float(sys.argv[2]))
print(time.monotonic(), flush=True)
held.execute("ROLLBACK")
"""
"""The clock of all processes: when it had the lock, and just before it lets go."""
SECONDS = (1.0, 5.0, 20.0, 40.0, 120.0)
PATIENCE = 30
"""SQLite's, of ours."""
LETTERS = 60
CONNECTIONS = 2
TRIES = 20


@dataclass
class _Seen:
    account: Account
    wrong: list[str] = field(default_factory=list)
    faults: int = 0


def measure(folder: Path, seconds: Sequence[float] = SECONDS) -> list[Figures]:
    """All at the same time, each in a thread and a database of its own."""
    folders = [folder / f"{one:g}s" for one in seconds]
    for one in folders:
        one.mkdir()
        sqlite(one)
    with ThreadPoolExecutor(len(seconds)) as threads:
        played = list(threads.map(_play, folders, seconds))
    account, wrong = Account(), []
    for one, seen in zip(seconds, played, strict=True):
        account.add(seen.account)
        wrong += [f"{one:g} s: {words}" for words in seen.wrong]
    return [of("SQLite locked by another process", account, len(seconds), wrong)]


def _play(folder: Path, seconds: float) -> _Seen:
    site = open_site(f"sqlite:///{folder / 'duban.db'}", connections=CONNECTIONS)
    promised = fill(site.database, LETTERS, at=START)
    holder = _Holder(folder / "duban.db", seconds)
    seen = asyncio.run(_send(site, holder, folder / "log"))
    seen.account = join(site.database, folder / "log", promised)
    _judge(seen, holder, seconds)
    seen.wrong += blamed(site.database)
    site.database.close()
    return seen


async def _send(site, holder: "_Holder", log: Path) -> _Seen:
    seen = _Seen(Account())
    async with Sink(log, watch=holder.watch) as sink:
        site.server = replace(site.server, port=sink.port)
        for _ in range(TRIES):
            try:
                await deliver(site, START)
            except DatabaseFault as fault:
                seen.faults += 1
                if "正被另一个程序占用" not in str(fault):
                    seen.wrong.append(f"not to be understood: {fault}")
            if next_due(site.database) is None:
                return seen
    seen.wrong.append(f"something is left after {TRIES} tries")
    return seen


class _Holder:
    """Takes the lock when the server has said 354 for the tenth time."""

    def __init__(self, file: Path, seconds: float) -> None:
        self.command = [sys.executable, "-c", HOLDER, str(file), str(seconds)]
        self.process: subprocess.Popen[str] | None = None
        self.begun = 0.0
        self.kept: list[float] = []
        self._answers = 0

    def watch(self, step: str, _: int) -> None:
        self._answers += step == "354"
        if step == "logged":
            self.kept.append(monotonic())
        if self._answers == 10 and self.process is None:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
            assert self.process.stdout
            self.begun = float(self.process.stdout.readline())

    def over(self) -> tuple[float, float]:
        """From when to when it had the lock."""
        assert self.process, "it was never held"
        said, _ = self.process.communicate(timeout=60)
        return self.begun, float(said)


def _judge(seen: _Seen, holder: _Holder, seconds: float) -> None:
    begun, over = holder.over()
    meanwhile = sum(begun < one < over for one in holder.kept)
    if meanwhile > CONNECTIONS:
        seen.wrong.append(f"{meanwhile} mails went out although nothing could be written down")
    if over - begun < seconds:
        seen.wrong.append(f"the lock was held for {over - begun} s only")
    if bool(seen.faults) != (seconds > PATIENCE):
        seen.wrong.append(f"{seen.faults} faults were raised")
    if seen.account.states["accepted"] != LETTERS:
        seen.wrong.append(f"not everything is sent: {seen.account.states}")
    if seen.account.duplicates > CONNECTIONS:
        seen.wrong.append(f"{seen.account.duplicates} duplicates")
