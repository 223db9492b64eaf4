"""Delivery: claim, send, record; see docs/promise.md. No claim, no send."""

import asyncio
import os
import socket
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.post import Outcome, Parcel, Post, Verdict
from flows.postoffice import server_of
from flows.premises import Site
from state import queue
from state.queue import Claimed
from state.standing import Standing

LEASE = timedelta(minutes=30)
"""Longer than all SMTP time-outs of one letter together (the last one alone is 10 minutes)."""
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


async def deliver(site: Site, at: datetime) -> Delivered:
    """Hand over every letter that may be tried at `at`, until the queue is empty or the server stops."""
    done = Delivered()
    owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    with site.database.reading() as connection:
        if not queue.waiting(connection, at=at):
            return done
    async with server_of(site) as server, Post(server) as post:
        while batch := _claim(site, owner, at):
            for number, letter in enumerate(batch):
                outcome = await _send(site, post, letter, owner)
                _record(site, letter, owner, outcome, at)
                _count(done, letter, outcome)
                if outcome.server_wide or outcome.verdict is Verdict.HELD:
                    _back_off(site, batch[number + 1 :], owner, at)
                    return done
    return done


def _claim(site: Site, owner: str, at: datetime) -> list[Claimed]:
    with site.database.writing() as connection:
        return queue.claim(connection, owner=owner, at=at, lease=LEASE, limit=BATCH)


async def _send(site: Site, post: Post, letter: Claimed, owner: str) -> Outcome:
    async def began() -> None:
        with site.database.writing() as connection:
            if not queue.body_began(connection, letter.id, owner):
                raise asyncio.CancelledError("the lease is another sender's now")

    return await post.send(Parcel(letter.sender, letter.recipient, letter.mime), began=began)


def _record(site: Site, letter: Claimed, owner: str, outcome: Outcome, at: datetime) -> None:
    standing, try_at = _decide(letter, outcome, at)
    with site.database.writing() as connection:
        queue.record(
            connection,
            letter.id,
            owner,
            standing,
            at=at,
            code=outcome.code,
            reply=outcome.reply,
            try_at=try_at,
            doubtful=outcome.verdict is Verdict.AMBIGUOUS
            or (letter.doubtful and try_at is not None),
        )


def _decide(letter: Claimed, outcome: Outcome, at: datetime) -> tuple[Standing, datetime | None]:
    if outcome.verdict is Verdict.ACCEPTED:
        return Standing.ACCEPTED, None
    if outcome.verdict is Verdict.FAILED or at - letter.written_at > GIVE_UP:
        return Standing.FAILED, None
    minutes = RETRY_MINUTES[min(letter.attempts, len(RETRY_MINUTES)) - 1]
    return Standing.QUEUED, at + timedelta(minutes=minutes)


def _back_off(site: Site, rest: list[Claimed], owner: str, at: datetime) -> None:
    """Letters that were claimed and not tried go back, no attempt counted; the server gets a rest."""
    with site.database.writing() as connection:
        queue.give_back(connection, [letter.id for letter in rest], owner)
        queue.back_off(connection, at + timedelta(minutes=RETRY_MINUTES[0]))


def _count(done: Delivered, letter: Claimed, outcome: Outcome) -> None:
    done.counts[outcome.verdict.value] += 1
    if outcome.verdict is not Verdict.ACCEPTED:
        done.replies.append(f"{letter.recipient}：{outcome.reply}")
