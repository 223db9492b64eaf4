"""The line is cut: after every byte of a session, at random, half open; and it is slow."""

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from adapters.post import Server, Timeouts
from flows.delivery import deliver
from tests.faults.account import Account, join
from tests.faults.figures import Figures, of
from tests.faults.ground import PATIENT, START
from tests.faults.proxy import Cut, Proxy
from tests.faults.sender import send_all
from tests.faults.sink import Sink
from tests.faults.stand import Stand, template, try_all

QUICK = Timeouts(connect=20, reply=1.5, block=1.5, dot=1.5, farewell=0.5)
LATER = START + timedelta(hours=2)
AT_ONCE = 8
DEAF_AT_ONCE = 24
SEVERAL = 12
LINES = 6
"""Of a body, so that a session has some 700 bytes."""


@dataclass
class Session:
    """One try: what is cut, and what came of it."""

    cuts: tuple[Cut, ...]
    pipelining: bool = True
    account: Account | None = None
    body_at: int | None = None
    """How many bytes had come from the client when the body began."""
    struck: int = 0


def measure(
    folder: Path, *, every: int = 1, deaf: int = 12, random_ones: int = 200
) -> list[Figures]:
    """`every` so many bytes; each `deaf`-th of these half open."""
    one = template(folder / "one", 1, lines=LINES)
    several = template(folder / "several", SEVERAL, lines=LINES)
    return asyncio.run(_measure(folder, one, several, every, deaf, random_ones))


async def _measure(
    folder: Path, one: Path, several: Path, every: int, deaf: int, random_ones: int
) -> list[Figures]:
    up, down = await _length(folder, one)
    figures = []
    for way, most in ("up", up), ("down", down):
        offsets = range(0, most + 1, every)
        cuts = [Cut(**{way: n}, how=("reset", "close")[n % 2]) for n in offsets]
        sessions = [Session((cut,), pipelining=bool(n % 4 // 2)) for n, cut in enumerate(cuts)]
        await _play(folder, one, sessions, PATIENT)
        figures.append(_figures(f"cut at each byte, {way}", sessions))
        cuts = [Cut(**{way: n}, how="deaf") for n in offsets[::deaf]]
        sessions = [Session((cut,)) for cut in cuts]
        await _play(folder, one, sessions, QUICK)
        figures.append(_figures(f"half open, {way}", sessions))
    sessions = [Session(cuts) for cuts in _random(random_ones, up, down)]
    await _play(folder, several, sessions, PATIENT)
    return [*figures, _figures("cut at random, several mails", sessions)]


async def _length(folder: Path, template: Path) -> tuple[int, int]:
    """Bytes of an undisturbed session, up and down."""
    stand = Stand(folder / "length.db")
    stand.renew(template)
    async with Sink(folder / "length.log") as sink, Proxy(sink.port) as proxy:
        stand.site.server = Server("127.0.0.1", proxy.port, tls="none", timeouts=PATIENT)
        await deliver(stand.site, START)
        return proxy.up, proxy.down


def _random(count: int, up: int, down: int) -> Iterable[tuple[Cut, ...]]:
    """Cuts of the first few connections that several mails need."""
    dice = random.Random(7)
    for _ in range(count):
        ways = [("up", SEVERAL * up // 2), ("down", SEVERAL * down // 2)]
        chosen = [dice.choice(ways) for _ in range(dice.randint(1, 4))]
        yield tuple(
            Cut(**{way: dice.randint(0, most)}, how=dice.choice(("reset", "close")))
            for way, most in chosen
        )


async def _play(folder: Path, template: Path, sessions: list[Session], timeouts: Timeouts) -> None:
    async def one(stand: Stand, session: Session) -> None:
        stand.renew(template)
        log = stand.path.with_suffix(".log")
        log.unlink(missing_ok=True)
        async with (
            Sink(log, pipelining=session.pipelining) as sink,
            Proxy(sink.port, session.cuts) as proxy,
        ):
            stand.site.server = Server("127.0.0.1", proxy.port, tls="none", timeouts=timeouts)
            sink.watch = lambda step, _: _note(session, proxy, step)
            await deliver(stand.site, START)
            await send_all(stand.site, LATER)
            session.struck = proxy.done
        session.account = join(stand.site.database, log)

    count = DEAF_AT_ONCE if timeouts is QUICK else AT_ONCE
    kind = "deaf" if timeouts is QUICK else "cut"
    stands = [Stand(folder / f"{kind}{n}.db", connections=2) for n in range(count)]
    await try_all(stands, sessions, one)


def _note(session: Session, proxy: Proxy, step: str) -> None:
    if step == "354" and session.body_at is None:
        session.body_at = proxy.up


def _figures(name: str, sessions: list[Session]) -> Figures:
    whole, more = Account(), []
    for session in sessions:
        whole.add(session.account)
        more += [f"{name}: {session.cuts}: {fault}" for fault in _wrong(session)]
    return of(name, whole, sum(session.struck for session in sessions), more)


def _wrong(session: Session) -> Iterable[str]:
    """Beyond the join: everything arrives in the end, no cut makes two copies of two letters, and
    before 354 there is nothing to doubt."""
    account = session.account
    if account.states["accepted"] != account.mails:
        yield f"the letters are {dict(account.states)}"
    if account.duplicates > session.struck or account.listed > session.struck:
        yield f"{account.duplicates} duplicates, {account.listed} listed, {session.struck} cuts"
    only = session.cuts[0]
    before = only.up is not None and (session.body_at is None or only.up < session.body_at)
    if len(session.cuts) == 1 and account.mails == 1 and before and account.listed:
        yield "a possible duplicate is listed though no body was begun"


def slow(folder: Path, *, letters: int = 20, lines: int = 400, pace: int = 1024) -> list[Figures]:
    """A slow line is not a dead one: everything arrives once, nothing is doubted."""
    path = template(folder / "slow", letters, lines=lines)
    stand = Stand(folder / "slow.db", connections=letters)
    stand.renew(path)

    async def play() -> int:
        async with (
            Sink(folder / "slow.log") as sink,
            Proxy(sink.port, [Cut(pace=pace)] * letters) as proxy,
        ):
            stand.site.server = Server("127.0.0.1", proxy.port, tls="none")
            await deliver(stand.site, START)
            return sink.connections

    connections = asyncio.run(play())
    account = join(stand.site.database, folder / "slow.log")
    wrong = [] if account.states["accepted"] == letters else [f"slow: {dict(account.states)}"]
    wrong += [f"slow: {account.listed} listed"] * (account.listed > 0)
    return [of(f"slow line, {pace} bytes a second", account, connections, wrong)]
