"""PostgreSQL ends at once (-m immediate) in the middle of sending, and comes back."""

import asyncio
import random
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import or_, select

from flows.delivery import deliver
from state import ledger
from state.database import Database, DatabaseFault
from state.tables import delivery
from tests.faults.account import join
from tests.faults.figures import Figures, of
from tests.faults.ground import START, found, open_site
from tests.faults.outbox import fill
from tests.faults.sender import next_due
from tests.faults.sink import Sink
from tests.postgres import Cluster

STEPS = ("354", "dot", "250", "logged", "body", "data", "rcpt", "mail", "ehlo", "connected")
ONCE = ("ehlo", "connected")
"""What a connection does once, and not for each letter."""
LETTERS = 24
"""For each crash."""
CONNECTIONS = 2
LONG = 4
"""Each so many-th outage is longer than the ledger's patience."""
TRIES = 10


def measure(folder: Path, crashes: int = 100) -> list[Figures]:
    cluster = Cluster()  # without fsync: the processes die here, the machine lives on
    try:
        cluster.start()
        cluster.create("site")
        url = found(cluster.url("site", tcp=True), folder / "seats")
        return [asyncio.run(_Play(cluster, url, folder).run(crashes))]
    finally:
        cluster.close()


class _Play:
    def __init__(self, cluster: Cluster, url: str, folder: Path) -> None:
        self.cluster, self.folder = cluster, folder
        self.site = open_site(url, connections=CONNECTIONS, seats=folder / "seats")
        self.dice = random.Random(11)
        self.wrong: list[str] = []

    async def run(self, crashes: int) -> Figures:
        promised: list[str] = []
        async with Sink(self.folder / "log") as sink:
            assert self.site.server is not None
            self.site.server = replace(self.site.server, port=sink.port)
            for number in range(crashes):
                first = number * LETTERS
                promised += fill(self.site.database, LETTERS, at=START, first=first)
                await self._crash(sink, number)
        account = join(self.site.database, self.folder / "log", promised)
        if account.duplicates > CONNECTIONS * -(-crashes // LONG):
            self.wrong.append(f"{account.duplicates} duplicates are more than can be explained")
        self.wrong += blamed(self.site.database)
        if account.states["accepted"] != len(promised):
            self.wrong.append(f"not everything is sent: {account.states}")
        self.site.database.close()
        return of("PostgreSQL -m immediate", account, crashes, self.wrong)

    async def _crash(self, sink: Sink, number: int) -> None:
        long = number % LONG == LONG - 1
        outage = _Outage(self.cluster, waits=long)
        step = STEPS[number % len(STEPS)]
        left = 1 if step in ONCE else self.dice.randint(1, LETTERS // 2)

        def watch(seen: str, _: int) -> None:
            nonlocal left
            left -= seen == step
            if left == 0 and not outage.begun.is_set():
                outage.begin()

        sink.watch = watch
        with impatient(long):
            await self._send_all(outage)
        if not outage.begun.is_set():
            self.wrong.append(f"crash {number} at {step} did not come about")

    async def _send_all(self, outage: "_Outage") -> None:
        for _ in range(TRIES):
            try:
                await deliver(self.site, START)
            except DatabaseFault as fault:
                if "数据库" not in str(fault):
                    self.wrong.append(f"not to be understood: {fault}")
            await outage.over()
            if next_due(self.site.database) is None:
                return
        self.wrong.append(f"something is left after {TRIES} tries")


class _Outage:
    """The server is down from `begin()` on, and up again soon, or not before `over()` is asked for."""

    def __init__(self, cluster: Cluster, *, waits: bool) -> None:
        self.cluster = cluster
        self.begun = asyncio.Event()
        self._wanted = asyncio.Event()
        if not waits:
            self._wanted.set()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self.begun.set()
        self.cluster.crash()
        self._task = asyncio.create_task(self._restart())

    async def _restart(self) -> None:
        await self._wanted.wait()
        await asyncio.to_thread(self.cluster.start)

    async def over(self) -> None:
        self._wanted.set()
        if self._task:
            await self._task


@contextmanager
def impatient(is_so: bool):
    """The ledger gives up what it could not write."""
    usual = ledger.PATIENCE
    ledger.PATIENCE = timedelta(seconds=0.3) if is_so else usual
    try:
        yield
    finally:
        ledger.PATIENCE = usual


def blamed(database: Database) -> list[str]:
    """Letters of which an attempt or a deferral is counted that never was one: a line each."""
    counted = or_(delivery.c.attempts != 1, delivery.c.deferred_since.is_not(None))
    query = select(delivery).where(counted, delivery.c.possible_duplicates == 0)
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        f"letter {row.letter_id}: {row.attempts} attempts, deferred since {row.deferred_since}"
        for row in rows
    ]
