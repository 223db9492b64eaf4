"""The mornings of several offices: what is due is written into letters. While one is posted, the next one is
composed already; the database decides what counts.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from duban.agenda import Agenda
from duban.desk import Desk
from duban.known import NOTHING
from duban.letter import Letter
from duban.morning import Morning, Reason, write
from duban.trouble import Trouble
from flows import digests
from flows.busy import TOLD_WITHIN
from flows.engine import task
from flows.freezing import freeze
from flows.knowing import known
from flows.premises import Site, current, in_hours, today
from state import assignments, bounces, outbox
from state.bundles import Frozen

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Written:
    """What one office's morning came to, or its receipts."""

    office: str
    letters: tuple[Letter, ...] = ()
    unsent: tuple[tuple[str, str], ...] = ()
    """What was due and was not written, with the reason in Chinese."""
    faults: tuple[str, ...] = ()
    more: int = 0
    """Letters that were written and are not named here, for there are very many."""

    @property
    def said(self) -> bool:
        return bool(self.letters or self.more or self.faults)

    @property
    def count(self) -> int:
        return len(self.letters) + self.more


@task(name="write morning", retries=2, retry_delay_seconds=5)
def write_mornings(offices: list[str], at: datetime, *, release: bool = False) -> list[Written]:
    """Write the letters that each office owes today, if its hour has come."""
    return _Mornings(current(), at, release).write(offices)


def write_morning(office: str, at: datetime) -> Written:
    """The same for one office."""
    return write_mornings([office], at)[0]


class _Mornings:
    """A thread of its own posts what was frozen, for that is mostly waiting for the database."""

    def __init__(self, site: Site, at: datetime, release: bool) -> None:
        self.site, self.at, self.release = site, at, release
        self.desks, self.words = site.desks(), site.letters
        self.done: list[Written] = []
        self._posting: tuple[str, Future[Written]] | None = None

    def write(self, offices: Iterable[str]) -> list[Written]:
        with ThreadPoolExecutor(1, thread_name_prefix="post") as thread:
            for id in offices:
                post = guarded(id, partial(self._freeze, id), _no_post)
                self._finish()
                self._posting = id, thread.submit(post)
            self._finish()
        return self.done

    def _finish(self) -> None:
        if self._posting:
            office, posting = self._posting
            self._posting = None
            self.done.append(guarded(office, posting.result, failed))

    def _freeze(self, office: str) -> Callable[[], Written]:
        """What is left to do: to post it. An office with common readers is waited for, since who has its
        letter today gets none from this one."""
        desk, agenda = self.desks[office]
        if not in_hours(desk, self.at):
            return partial(Written, office)
        if self._posting and self._posting[0] in desk.shared:
            self._finish()
        morning = compose(self.site, desk, agenda, self.at, release=self.release)
        frozen, faults = freeze(self.site, self.words, desk, morning, self.at)
        return partial(_post, self.site, desk, morning, frozen, faults, self.at)


def _no_post(office: str) -> Callable[[], Written]:
    return partial(failed, office)


def _post(
    site: Site,
    desk: Desk,
    morning: Morning,
    frozen: list[Frozen],
    faults: tuple[str, ...],
    at: datetime,
) -> Written:
    office, lost = desk.office.id, []
    if frozen or morning.spent or morning.digests:
        with site.database.writing() as connection:
            lost = outbox.post(connection, office, today(desk.office, at), morning, frozen, at=at)
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


def each(offices: Iterable[str], work: Callable[[str], T], instead: Callable[[str], T]) -> list[T]:
    return [guarded(id, partial(work, id), instead) for id in offices]


def guarded(office: str, work: Callable[[], T], instead: Callable[[str], T]) -> T:
    """`instead`: of an office where the program itself fails, which must not keep the others' letters
    waiting."""
    try:
        return work()
    except Trouble:
        raise
    except Exception:
        log.exception("office failed", office=office)
        return instead(office)


def failed(office: str) -> Written:
    return Written(office, faults=(f"{office}：程序出错，日志里有原因；下一次醒来再试",))


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


def _worth_saying(reason: Reason) -> bool:
    return reason not in (Reason.DAY_OFF, Reason.MAILED_TODAY, Reason.NOTHING)
