"""Delivery: claim, send, record; see docs/promise.md. No claim, no send."""

import os
import socket
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from adapters import clock
from adapters.post import Outcome, Parcel, Post, Timeouts, Verdict
from flows.postoffice import server_of
from flows.premises import Site, in_hours
from state import queue
from state.queue import Claimed
from state.standing import Standing

LONGEST = timedelta(seconds=Timeouts().longest(1 << 16))
"""The longest that one letter can take, all SMTP time-outs together."""
LEASE = LONGEST * 2
log = structlog.get_logger()

GIVE_UP = timedelta(days=5)
"""RFC 5321, 4.5.4.1."""
BATCH = 50
RETRY_MINUTES = (5, 10, 20, 40, 60)


@dataclass(slots=True)
class Delivered:
    """How many letters ended how, and what the server said of those that did not go."""

    counts: Counter[str] = field(default_factory=Counter)
    replies: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        return self.counts[Verdict.ACCEPTED.value]

    @property
    def unsent(self) -> int:
        return self.counts.total() - self.accepted


class LeaseLost(Exception):
    """Another sender took the letter over in the meantime."""


async def deliver(site: Site, at: datetime) -> Delivered:
    """Hand over every letter that may be tried from `at` on, until none is left or the server stops.

    Only those of offices that are at work then; the others wait for their next working morning.
    """
    done = Delivered()
    with site.database.reading() as connection:
        if not queue.waiting(connection, at=at, offices=_at_work(site, at)):
            return done
    sender = _Sender(site, clock.running_from(at))
    async with server_of(site) as server, Post(server) as post:
        while batch := sender.claim():
            if not await _hand_over(sender, post, batch, done):
                break
    return done


async def _hand_over(sender: "_Sender", post: Post, batch: list[Claimed], done: Delivered) -> bool:
    """Send one batch; False when the server wants to be left alone."""
    for number, letter in enumerate(batch):
        if sender.lease_short():
            sender.give_back(batch[number:])
            return True
        outcome = await sender.send(post, letter)
        sender.record(letter, outcome)
        _count(done, letter, outcome)
        if outcome.server_wide or outcome.verdict is Verdict.HELD:
            sender.back_off(batch[number + 1 :])
            return False
    return True


def _at_work(site: Site, at: datetime) -> list[str]:
    return [id for id, (desk, _) in site.desks().items() if in_hours(desk, at)]


class _Sender:
    """One sender: its name on the leases, its clock, and what it writes down."""

    def __init__(self, site: Site, now: Callable[[], datetime]) -> None:
        self.site, self.now = site, now
        self.owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.lease_until = now()

    def claim(self) -> list[Claimed]:
        at = self.now()
        self.lease_until = at + LEASE
        offices = _at_work(self.site, at)
        with self.site.database.writing() as connection:
            return queue.claim(
                connection, owner=self.owner, at=at, lease=LEASE, limit=BATCH, offices=offices
            )

    def lease_short(self) -> bool:
        """Whether the lease might end before one more letter is through."""
        return self.lease_until - self.now() < LONGEST

    async def send(self, post: Post, letter: Claimed) -> Outcome:
        async def began() -> None:
            with self.site.database.writing() as connection:
                if not queue.body_began(connection, letter.id, self.owner):
                    raise LeaseLost(letter.recipient)

        return await post.send(Parcel(letter.sender, letter.recipient, letter.mime), began=began)

    def record(self, letter: Claimed, outcome: Outcome) -> None:
        at = self.now()
        standing, try_at = _decide(letter, outcome, at)
        doubtful = outcome.verdict is Verdict.AMBIGUOUS or letter.doubtful
        with self.site.database.writing() as connection:
            held = queue.record(
                connection,
                letter.id,
                self.owner,
                standing,
                at=at,
                code=outcome.code,
                reply=outcome.reply,
                try_at=try_at,
                doubtful=doubtful and try_at is not None,
            )
        if not held:
            log.warning("lease lost before the outcome was written", letter=letter.id)

    def give_back(self, rest: list[Claimed]) -> None:
        """Letters that were claimed and not tried go back, with no attempt counted."""
        with self.site.database.writing() as connection:
            queue.give_back(connection, [letter.id for letter in rest], self.owner)

    def back_off(self, rest: list[Claimed]) -> None:
        """The server gets a rest."""
        with self.site.database.writing() as connection:
            queue.give_back(connection, [letter.id for letter in rest], self.owner)
            queue.back_off(connection, self.now() + timedelta(minutes=RETRY_MINUTES[0]))


def _decide(letter: Claimed, outcome: Outcome, at: datetime) -> tuple[Standing, datetime | None]:
    if outcome.verdict is Verdict.ACCEPTED:
        return Standing.ACCEPTED, None
    if outcome.verdict is Verdict.FAILED or at - letter.written_at > GIVE_UP:
        return Standing.FAILED, None
    minutes = RETRY_MINUTES[min(letter.attempts, len(RETRY_MINUTES)) - 1]
    return Standing.QUEUED, at + timedelta(minutes=minutes)


def _count(done: Delivered, letter: Claimed, outcome: Outcome) -> None:
    done.counts[outcome.verdict.value] += 1
    if outcome.verdict is not Verdict.ACCEPTED:
        done.replies.append(f"{letter.recipient}：{outcome.reply}")
