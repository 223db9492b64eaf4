"""kill -9: at random moments, and at every step that a sender comes by."""

import asyncio
import random
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from flows.gate import confirm
from state.database import Database
from tests.faults.account import Account, join
from tests.faults.figures import Figures, of
from tests.faults.ground import START, open_site, sqlite
from tests.faults.outbox import fill
from tests.faults.points import INNER
from tests.faults.roles import Place, Role, send_until_empty
from tests.faults.sink import Sink, SinkProcess
from tests.faults.stand import template

LINE = 120
"""Bytes of a line in the sink's log, about."""
WIRE = ("connected", "mail", "rcpt", "data", "354", "body", "dot", "logged", "250", "quit")
BEFORE_BODY = (
    *("recovered", "turn taken", "seat written", "claimed"),
    *("connected", "mail", "rcpt", "data"),
)
"""Where the first letter that comes by cannot have been handed over."""


def sqlite_kills(folder: Path, mails: int = 100_000, kills: int = 1000) -> list[Figures]:
    """One sender, killed at random moments and started again, until every letter is settled."""
    url, log, connections = sqlite(folder), folder / "log", 4
    site = open_site(url)
    fill(site.database, mails, at=START, lines=4)
    with SinkProcess(log) as sink:
        killed = _kill_at_random(Place(url, sink.port, connections), log, mails, kills)
    account = join(site.database, log)
    more = too_many(account, killed * connections) + open_ones(account)
    return [of("kill -9 at random, SQLite", account, killed, more)]


def _kill_at_random(place: Place, log: Path, mails: int, kills: int) -> int:
    """How often it was killed; each life is as long as lets the letters last."""
    dice, killed, lived = random.Random(mails), 0, 0.0
    while killed < kills:
        role = Role(send_until_empty, place)
        assert role.await_ready(), "the sender did not start"
        done = log.stat().st_size / LINE
        pace = done / lived if done > 200 else 500
        life = dice.uniform(0, 1.9) * (mails - done) / (kills - killed + 5) / pace
        begun = monotonic()
        role.process.join(life)
        lived += monotonic() - begun
        if not role.kill():
            assert role.process.exitcode == 0, f"the sender ended with {role.process.exitcode}"
            break
        killed += 1
    assert Role(send_until_empty, place).end() == 0
    return killed


def too_many(account: Account, most: int) -> list[str]:
    if account.duplicates <= most and account.listed <= most:
        return []
    return [
        f"{account.duplicates} duplicates and {account.listed} listed, but only {most} in flight"
    ]


def open_ones(account: Account) -> list[str]:
    if account.states["accepted"] == account.mails:
        return []
    return [f"not every letter is accepted in the end: {dict(account.states)}"]


# --- at every step ---


@dataclass
class _Tries:
    """What came of the kills at one point."""

    account: Account = field(default_factory=Account)
    killed: int = 0
    wrong: list[str] = field(default_factory=list)


def at_every_step(folder: Path, times: int = 40) -> list[Figures]:
    """At each point the first, the second … time that a sender comes there."""
    path = template(folder / "letters", 6, lines=4)
    found: dict[str, _Tries] = {}
    for point in (*WIRE, *INNER):
        found[point] = tries = _Tries()
        for number in range(times):
            place = folder / f"{point.replace(' ', '-')}-{number}"
            place.mkdir()
            shutil.copy(path, place)
            asyncio.run(_one(place, point, number, tries))
    return [
        of(f"killed: {point}", one.account, one.killed, one.wrong) for point, one in found.items()
    ]


async def _one(folder: Path, point: str, number: int, tries: _Tries) -> None:
    nth, connections = number % 4 // 2 + 1, number % 2 * 3 + 1
    seen: Counter[str] = Counter()
    role: list[Role] = []

    def watch(step: str, size: int) -> None:
        seen[step] += step != "body" or size > 200
        if step == point and seen[step] == nth and role:
            role.pop().process.kill()

    async with Sink(folder / "log", watch=watch) as sink:
        place = Place(f"sqlite:///{folder / 'duban.db'}", sink.port, connections)
        inner = point if point in INNER else ""
        first = Role(send_until_empty, place, inner, nth)
        role.append(first)
        code = await asyncio.to_thread(first.end)
        role.clear()
        tries.killed += code == -9
        assert code in (0, -9), f"the sender ended with {code}"
        if (point, nth) == ("turn taken", 1):  # the first turn ever, and its file was not written
            confirm(place.open(), at=START, by="王主任")
        assert await asyncio.to_thread(Role(send_until_empty, place).end) == 0
    database = Database(place.url)
    account = join(database, folder / "log")
    database.close()
    tries.account.add(account)
    wrong = too_many(account, connections) + open_ones(account)
    if point in BEFORE_BODY and nth == 1 and connections == 1 and account.listed:
        wrong.append(f"{account.listed} are listed though no body was begun")
    tries.wrong += [f"{point}, time {nth}, {connections} connections: {what}" for what in wrong]
