"""Delivery: claim, send, record; see docs/promise.md. No claim, no send."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from adapters import clock
from adapters.post import Outcome, Parcel, Post, Timeouts, Verdict
from flows.gate import Closed, Gate
from flows.postoffice import server_of
from flows.premises import Site
from state import queue, servers
from state.database import Connection, DatabaseFault
from state.ledger import Ledger
from state.queue import Claimed, Ended
from state.standing import Standing

LEASE = timedelta(seconds=Timeouts().longest(1 << 20))
"""Longer than all SMTP time-outs of a letter together; it begins anew with the body."""
GIVE_UP = timedelta(days=5)
"""RFC 5321, 4.5.4.1."""
RETRIES = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
SHARE = 12
"""Letters claimed at a time for each connection."""
REPLIES = 50
"""Words of the server that are kept for the person who looks on."""
T = TypeVar("T")
log = structlog.get_logger()


@dataclass(slots=True)
class Delivered:
    """How many letters ended how, and what the server said of the first that did not go."""

    counts: Counter[str] = field(default_factory=Counter)
    replies: list[str] = field(default_factory=list)
    withdrawn: int = 0
    """At the last look."""
    closed: str = ""
    """Why nothing was sent, or no more; empty: everything was tried."""

    @property
    def accepted(self) -> int:
        return self.counts[Verdict.ACCEPTED.value]

    @property
    def unsent(self) -> int:
        return self.counts.total() - self.accepted


async def deliver(site: Site, at: datetime) -> Delivered:
    """Hand over every letter that may be tried from `at` on, until none is left or the server stops.

    Only those of offices that are at work then; the others wait for their next working morning.
    """
    done = Delivered()
    gate = Gate(site)
    try:
        gate.recover(at)
        with site.database.reading() as connection:
            if not queue.waiting(connection, at=at, offices=site.desks().roster.at_work(at)):
                return done
        gate.enter(at)
    except Closed as why:
        log.warning("post closed", reason=str(why))
        done.closed = str(why)
        return done
    now = clock.running_from(at)
    with site.place.sender() as owner:
        async with Ledger(site.database, owner, lease=LEASE, now=now) as ledger:
            await _Round(site, gate, ledger, owner, now, done).run()
    if done.counts:
        gate.leave(now())
    return done


class _Load:
    """A claimed letter as the post takes it."""

    __slots__ = ("claimed", "parcel")

    def __init__(self, claimed: Claimed) -> None:
        self.claimed = claimed
        envid = claimed.message_id.strip("<>").partition("@")[0]
        self.parcel = Parcel(claimed.sender, claimed.recipient, claimed.mime, envid)


class _Round:
    """One sender's round: its connections share one stock of claimed letters."""

    def __init__(
        self,
        site: Site,
        gate: Gate,
        ledger: Ledger,
        owner: str,
        now: Callable[[], datetime],
        done: Delivered,
    ) -> None:
        self.site, self.gate, self.ledger = site, gate, ledger
        self.owner, self.now, self.done = owner, now, done
        self._connections = site.settings.mail.connections
        self._stock: deque[_Load] = deque()
        self._refilling: asyncio.Task[None] | None = None
        self._over = False
        self._well = False
        self._fault: DatabaseFault | None = None

    async def run(self) -> None:
        """Raises DatabaseFault; letters that are under way then are seen through first."""
        async with server_of(self.site) as server:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(self._connections):
                        group.create_task(self._carry(Post(server)))
            except* Exception as faults:
                raise faults.exceptions[0] from None
            finally:
                await self._leave()
        if self._fault:
            raise self._fault

    async def _carry(self, post: Post) -> None:
        """One connection's work; it knows the letter behind the one that it sends."""
        async with post:
            letter = await self._next()
            while letter:
                following = self._take()
                try:
                    outcome = await self._send(post, letter, following)
                    if outcome:
                        await self._settle(letter, outcome)
                except BaseException:
                    self._put_back(following)
                    raise
                if self.done.closed:
                    self._put_back(following)
                    await self._recorded()
                    return
                letter = following or await self._next()
                if letter is None or post.full:
                    await self._recorded()

    async def _recorded(self) -> None:
        """Until what was reported is on disk: that comes before QUIT."""
        await self._write(lambda _: None)

    async def _next(self) -> _Load | None:
        while not self._over and not self._stock:
            await asyncio.shield(self._refill())
        return self._take()

    def _take(self) -> _Load | None:
        if self.done.closed or not self._stock:
            return None
        letter = self._stock.popleft()
        if len(self._stock) < self._connections * SHARE // 2:
            self._refill()
        return letter

    def _put_back(self, letter: _Load | None) -> None:
        if letter:
            self._stock.append(letter)

    def _refill(self) -> "asyncio.Task[None]":
        """The one claim under way; there is one at most."""
        if self._refilling is None or (self._refilling.done() and not self._over):
            self._refilling = asyncio.create_task(self._claim())
        return self._refilling

    async def _claim(self) -> None:
        at = self.now()
        offices = self.site.known.roster.at_work(at)
        found = await self._write(
            lambda connection: self.gate.claim(
                connection,
                owner=self.owner,
                at=at,
                lease=LEASE,
                limit=self._connections * SHARE,
                offices=offices,
            )
        )
        claimed, withdrawn = found or ([], 0)
        self.done.withdrawn += withdrawn
        self._stock.extend(map(_Load, claimed))
        if not claimed and not withdrawn:
            self._over = True

    async def _write(self, work: Callable[[Connection], T]) -> T | None:
        """None when the database is not to be had: then nothing more is begun."""
        try:
            return await self.ledger.ask(work)
        except DatabaseFault as fault:
            self._fail(fault)
            return None

    def _fail(self, fault: DatabaseFault) -> None:
        self._fault = self._fault or fault
        self._over = True
        self.done.closed = self.done.closed or str(fault)

    async def _send(self, post: Post, letter: _Load, following: _Load | None) -> Outcome | None:
        """None when it is no longer ours, or could not be begun for want of the database."""
        unbegun: list[Exception] = []

        async def began() -> None:
            try:
                await self.ledger.began(letter.claimed.id)
            except Exception as fault:
                unbegun.append(fault)
                raise

        behind = following.parcel if following else None
        outcome = await post.send(letter.parcel, began=began, following=behind)
        for fault in unbegun:
            if isinstance(fault, DatabaseFault):
                self._fail(fault)
                self._put_back(letter)
            else:
                log.warning("not begun", letter=letter.claimed.id, reason=str(fault))
            return None
        return self.site.providers.judge(outcome)

    async def _settle(self, letter: _Load, outcome: Outcome) -> None:
        at = self.now()
        self.ledger.ended(ended(letter.claimed, outcome, at))
        self.done.counts[outcome.verdict.value] += 1
        if outcome.verdict is not Verdict.ACCEPTED:
            if len(self.done.replies) < REPLIES:
                self.done.replies.append(f"{letter.parcel.recipient}：{outcome.reply}")
        elif not self._well:
            self._well = True
            await self._write(lambda connection: servers.well(connection, self.gate.server))
        if outcome.server_wide or outcome.stop or outcome.verdict is Verdict.HELD:
            await self._halt(outcome, at)

    async def _halt(self, outcome: Outcome, at: datetime) -> None:
        """The server is to be left alone: nothing more is begun."""
        self._over = True
        if not self.done.closed:
            self.done.closed = outcome.reply
            await self._write(lambda connection: self.gate.judged(connection, outcome, at))
        await self._leave()

    async def _leave(self) -> None:
        """What was claimed and not tried goes back."""
        self._over = True
        if self._refilling is not None:
            await asyncio.wait([self._refilling])
        rest = [letter.claimed.id for letter in self._stock]
        self._stock.clear()
        if rest:
            await self._write(
                lambda connection: self.gate.give_back(connection, rest, self.owner, at=self.now())
            )


def ended(letter: Claimed, outcome: Outcome, at: datetime) -> Ended:
    """What is written of a letter after one try; the table of reactions in docs/promise.md."""
    code, reply, verdict = outcome.code, outcome.reply, outcome.verdict
    if verdict is Verdict.ACCEPTED:
        return Ended(letter.id, Standing.ACCEPTED, at, code, reply)
    if verdict is Verdict.FAILED:
        said = f"{reply}（前一次可能已经送达）" if letter.doubtful else reply
        return Ended(letter.id, Standing.FAILED, at, code, said, doubtful=letter.doubtful)
    doubtful = verdict is Verdict.AMBIGUOUS or letter.doubtful
    since = letter.deferred_since
    if verdict is Verdict.HELD or outcome.server_wide:
        return Ended(letter.id, Standing.QUEUED, at, code, reply, at, doubtful, False, since)
    since = since or at
    if at - since > GIVE_UP:
        said = f"已连续 {GIVE_UP.days} 天没有寄成，不再重试：{reply}"
        return Ended(letter.id, Standing.FAILED, at, code, said, doubtful=doubtful)
    again = at + RETRIES[min(letter.attempts, len(RETRIES)) - 1]
    return Ended(letter.id, Standing.QUEUED, at, code, reply, again, doubtful, True, since)
