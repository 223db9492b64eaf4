"""The tick: what is due now is written into letters, and letters are handed to the mail server.

It may run twice, late, or on two machines: keys and guarded moves in the database decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flows import busy, ticktable
from flows.delivery import Delivered
from flows.engine import flow, task
from flows.gate import Closed, Gate
from flows.mornings import Written, each, failed, write_mornings
from flows.premises import Site, current
from flows.receipts import write_receipts
from flows.rollup import roll_up
from flows.send import hand_over
from state import pulses, withdraw

BLOCK = 100
"""Offices of one step: enough that what a step costs is little beside them."""
MOST = 2000
"""Letters that a tick names."""


@dataclass(frozen=True, slots=True)
class Ticked:
    at: datetime
    withdrawn: int
    written: tuple[Written, ...] = field(repr=False)
    """Not shown: when the event loop ends, it writes out what its task returned."""
    delivered: Delivered
    rolled: tuple[str, ...] = ()
    """Items of cities that were reported because their districts are done."""

    @property
    def figures(self) -> dict[str, Any]:
        """For the log."""
        return {
            "letters": sum(one.count for one in self.written),
            "faults": [fault for one in self.written for fault in one.faults],
            "closed": self.delivered.closed,
            **self.delivered.counts,
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For a table."""
        return ticktable.rows(self)


@flow(name="tick")
async def tick(
    at: datetime | None = None,
    offices: list[str] | None = None,
    *,
    release: bool = False,
    part: str = "",
    hands_over: bool = True,
) -> Ticked:
    """One tick at `at` (an aware instant; default: now) for `offices` (default: all).

    `release`: a person has looked at a morning that the volume brake holds back. `part`: only the offices
    of that part of all, such as `2/8`; letters are handed over whosever they are, unless `hands_over` is
    off and that is left to senders of their own. Raises NoPart.
    """
    site = current()
    moment = at or site.now()
    mine = site.desks().part(part)
    chosen = [id for id in mine if offices is None or id in offices]
    rolled = [key for some in _blocks(busy.roll_ups(chosen)) for key in roll_ups(some, moment)]
    withdrawn = look_again(moment, part)
    written = _Written(chosen)
    for some in _blocks(busy.mornings(chosen, moment)):
        written.take(write_mornings(some, moment, release=release))
    for some in _blocks(busy.receipts(chosen, moment)):
        written.add(write_some_receipts(some, moment))
    delivered = await hand_over(moment) if hands_over else Delivered()
    if len(chosen) == len(mine):
        beat(site, part)
    return Ticked(moment, withdrawn, written.every, delivered, tuple(rolled))


def _blocks(offices: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(offices), BLOCK):
        yield list(offices[start : start + BLOCK])


class _Written:
    """What the offices' mornings came to. Of very many letters only the first ones are named, so that a
    tick takes no more memory than those."""

    def __init__(self, offices: Sequence[str]) -> None:
        self._mornings = {id: Written(id) for id in offices}
        self._receipts: list[Written] = []
        self._room = MOST

    @property
    def every(self) -> tuple[Written, ...]:
        return (*self._mornings.values(), *self._receipts)

    def take(self, mornings: Iterable[Written]) -> None:
        self._mornings |= {one.office: self._short(one) for one in mornings}

    def add(self, receipts: Iterable[Written]) -> None:
        self._receipts += [self._short(one) for one in receipts if one.said]

    def _short(self, one: Written) -> Written:
        named = one.letters[: self._room]
        self._room -= len(named)
        return replace(one, letters=named, more=len(one.letters) - len(named))


@task(name="roll up", retries=2, retry_delay_seconds=5)
def roll_ups(offices: list[str], at: datetime) -> list[str]:
    """Keys of the items of cities that were reported for these districts."""
    done = each(offices, lambda id: roll_up(id, at), lambda _: [])
    return [key for keys in done for key in keys]


@task(name="look again", retries=2, retry_delay_seconds=5)
def look_again(at: datetime, part: str = "") -> int:
    """Withdraw letters of the part's offices that are no longer true; returns how many."""
    site = current()
    with suppress(Closed):
        Gate(site).recover(at)
    every = site.desks()
    offices = busy.outdated(every.part(part), at)
    if not offices:
        return 0
    desks = {id: every[id][0] for id in offices}
    days = every.roster.today(offices, at)
    with site.database.writing() as connection:
        return len(withdraw.withdraw_outdated(connection, desks, at=at, today=days))


@task(name="write receipts", retries=2, retry_delay_seconds=5)
def write_some_receipts(offices: list[str], at: datetime) -> list[Written]:
    return each(offices, lambda id: _receipts(id, at), failed)


def _receipts(office: str, at: datetime) -> Written:
    letters, faults = write_receipts(office, at)
    return Written(office, letters, (), faults)


def beat(site: Site, part: str = "") -> None:
    """Tell the watchdog that a whole tick, or that of a part, came to its end. The time is the real one,
    whatever `at` the tick was given: a rehearsed day in the future must not keep the watchdog quiet until
    then."""
    with site.database.writing() as connection:
        pulses.beat(connection, pulses.named(part), site.now())
