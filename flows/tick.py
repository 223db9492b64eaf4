"""The tick: what is due now is written into letters, and letters are handed to the mail server.

It may run twice, late, or on two machines: keys and guarded moves in the database decide.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from duban.agenda import Agenda
from duban.desk import Desk
from duban.known import NOTHING
from duban.letter import Letter
from duban.morning import Morning, Reason, write
from flows import digests, ticktable
from flows.delivery import Delivered
from flows.engine import flow, task
from flows.freezing import freeze
from flows.gate import Closed, Gate
from flows.knowing import known
from flows.premises import Site, current, in_hours, today
from flows.receipts import write_receipts
from flows.rollup import roll_up
from flows.send import hand_over
from state import assignments, bounces, outbox, pulses, withdraw
from state.bundles import Frozen

log = structlog.get_logger()
TOLD_WITHIN = timedelta(30)
"""The office is told of letters that failed, but not of those from longer ago."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one office's morning came to, or its receipts."""

    office: str
    letters: tuple[Letter, ...] = ()
    unsent: tuple[tuple[str, str], ...] = ()
    """What was due and was not written, with the reason in Chinese."""
    faults: tuple[str, ...] = ()

    @property
    def said(self) -> bool:
        return bool(self.letters or self.faults)


@dataclass(frozen=True, slots=True)
class Ticked:
    at: datetime
    withdrawn: int
    written: tuple[Written, ...]
    delivered: Delivered
    rolled: tuple[str, ...] = ()
    """Items of cities that were reported because their districts are done."""

    @property
    def figures(self) -> dict[str, Any]:
        """For the log."""
        return {
            "letters": sum(len(one.letters) for one in self.written),
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
    chosen = [id for id in site.desks().part(part) if offices is None or id in offices]
    rolled = [key for office in chosen for key in roll_up(office, moment)]
    withdrawn = look_again(moment)
    written = [write_morning(office, moment, release=release) for office in chosen]
    written += [one for office in chosen if (one := _receipts(office, moment)).said]
    delivered = await hand_over(moment) if hands_over else Delivered()
    if len(chosen) == len(site.desks().part(part)):
        beat(site, part)
    return Ticked(moment, withdrawn, tuple(written), delivered, tuple(rolled))


@task(name="look again", retries=2, retry_delay_seconds=5)
def look_again(at: datetime) -> int:
    """Withdraw letters that are no longer true; returns how many."""
    site = current()
    with suppress(Closed):
        Gate(site).recover(at)
    desks = {id: desk for id, (desk, _) in site.desks().items()}
    days = {id: today(desk.office, at) for id, desk in desks.items()}
    with site.database.writing() as connection:
        return len(withdraw.withdraw_outdated(connection, desks, at=at, today=days))


@task(name="write morning", retries=2, retry_delay_seconds=5)
def write_morning(office: str, at: datetime, *, release: bool = False) -> Written:
    """Write the letters that one office owes today, if its hour has come."""
    site = current()
    desk, agenda = site.desk(office)
    if not in_hours(desk, at):
        return Written(office)
    morning = compose(site, desk, agenda, at, release=release)
    frozen, faults = freeze(site, desk, morning, at)
    lost = _post(site, desk, morning, frozen, at)
    _tell_silence(office, morning)
    letters = tuple(one.letter for one in frozen if one.letter not in lost)
    unsent = tuple(
        (one.about, one.reason.label) for one in morning.unsent if _worth_saying(one.reason)
    )
    return Written(office, letters, unsent, faults)


def _tell_silence(office: str, morning: Morning) -> None:
    """In the log: which digests were due and had nothing to say, and so were not sent."""
    for one in morning.unsent:
        if one.reason is Reason.NOTHING:
            log.info("nothing to say", office=office, digest=one.about)


def _receipts(office: str, at: datetime) -> Written:
    letters, faults = write_receipts(office, at)
    return Written(office, letters, (), faults)


def beat(site: Site, part: str = "") -> None:
    """Tell the watchdog that a whole tick, or that of a part, came to its end. The time is the real one,
    whatever `at` the tick was given: a rehearsed day in the future must not keep the watchdog quiet until
    then."""
    with site.database.writing() as connection:
        pulses.beat(connection, pulses.named(part), site.now())


def compose(
    site: Site, desk: Desk, agenda: Agenda, at: datetime, *, release: bool = False
) -> Morning:
    """The morning as it follows from the database at `at`; writes nothing."""
    day, office = today(desk.office, at), desk.office.id
    with site.database.reading() as connection:
        due = assignments.due(connection, office, day)
        mailed = outbox.mailed(connection, office, day, desk.shared)
        found = digests.find(connection, desk, site.times, at)
        returned = bounces.untold(connection, office, day - TOLD_WITHIN, desk.clerks)
        about = known(connection, desk, day, due) if desk.workdays.working(day) else NOTHING
    return write(
        desk, agenda, day, due, found, mailed, returned=returned, released=release, known=about
    )


def _post(
    site: Site, desk: Desk, morning: Morning, frozen: list[Frozen], at: datetime
) -> list[Letter]:
    if not (frozen or morning.spent or morning.digests):
        return []
    with site.database.writing() as connection:
        return outbox.post(
            connection, desk.office.id, today(desk.office, at), morning, frozen, at=at
        )


def _worth_saying(reason: Reason) -> bool:
    return reason not in (Reason.DAY_OFF, Reason.MAILED_TODAY, Reason.NOTHING)
