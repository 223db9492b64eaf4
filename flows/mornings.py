"""The mornings of several offices: what is due is written into letters. While one is posted, the next one is
composed already; the database decides what counts.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
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
from flows.freezing import freeze, only_new_garbage
from flows.knowing import known
from flows.premises import Site, current, in_hours, today
from state import assignments, bounces, outbox

T = TypeVar("T")
log = structlog.get_logger()
FEW, TOGETHER = 50, 300
"""Letters from which on mornings are posted: few at first, so that the thread has something to do soon."""


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


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A morning that is to be posted."""

    sheaf: outbox.Sheaf
    faults: tuple[str, ...]

    def written(self, lost: Collection[str]) -> Written:
        """`lost`: keys of letters that another tick had written already."""
        letters = (one.letter for one in self.sheaf.letters if one.letter.key not in lost)
        unsent = (
            (one.about, one.reason.label)
            for one in self.sheaf.morning.unsent
            if _worth_saying(one.reason)
        )
        return Written(self.sheaf.office, tuple(letters), tuple(unsent), self.faults)


class _Mornings:
    """Mornings are posted together, which is cheaper for the database, and by a thread of its own, for that
    is mostly waiting."""

    def __init__(self, site: Site, at: datetime, release: bool) -> None:
        self.site, self.at, self.release = site, at, release
        self.desks, self.words = site.desks(), site.letters
        self.done: dict[str, Written] = {}
        self._enough = FEW
        self._drawn: dict[str, _Drawn] = {}
        self._posting: tuple[dict[str, _Drawn], Future[list[Written]]] | None = None

    def write(self, offices: Iterable[str]) -> list[Written]:
        with only_new_garbage(), ThreadPoolExecutor(1, thread_name_prefix="post") as self._thread:
            for id in offices:
                one = guarded(id, partial(self._draw, id), failed)
                if isinstance(one, Written):
                    self.done[id] = one
                else:
                    self._drawn[id] = one
                if sum(len(one.sheaf.letters) for one in self._drawn.values()) >= self._enough:
                    self._enough = min(2 * self._enough, TOGETHER)
                    self._hand_on()
            self._hand_on()
            self._wait()
        return [self.done[id] for id in offices]

    def _draw(self, office: str) -> Written | _Drawn:
        """Those with common readers are posted first: who has their letter today gets none from this one."""
        desk, agenda = self.desks[office]
        if not in_hours(desk, self.at):
            return Written(office)
        if self._drawn.keys() & desk.shared.keys():
            self._hand_on()
        if self._posting and self._posting[0].keys() & desk.shared.keys():
            self._wait()
        morning = compose(self.site, desk, agenda, self.at, release=self.release)
        letters, faults = freeze(self.site, self.words, desk, morning, self.at)
        _tell_silence(office, morning)
        sheaf = outbox.Sheaf(office, today(desk.office, self.at), morning, letters)
        return _Drawn(sheaf, faults)

    def _hand_on(self) -> None:
        self._wait()
        drawn, self._drawn = self._drawn, {}
        self._posting = drawn, self._thread.submit(_post, self.site, list(drawn.values()), self.at)

    def _wait(self) -> None:
        if self._posting:
            (_, posting), self._posting = self._posting, None
            self.done |= {one.office: one for one in posting.result()}


def _post(site: Site, drawn: Sequence[_Drawn], at: datetime) -> list[Written]:
    """Where the program fails, one by one."""
    if len(drawn) > 1:
        try:
            lost = _put(site, drawn, at)
            return [one.written(lost) for one in drawn]
        except Trouble:
            raise
        except Exception:
            """Whose fault it is shows below, and is logged there."""
    return [guarded(one.sheaf.office, partial(_post_one, site, one, at), failed) for one in drawn]


def _post_one(site: Site, one: _Drawn, at: datetime) -> Written:
    return one.written(_put(site, [one], at))


def _put(site: Site, drawn: Iterable[_Drawn], at: datetime) -> set[str]:
    sheaves = [one.sheaf for one in drawn]
    said = [one for one in sheaves if one.letters or one.morning.spent or one.morning.digests]
    if not said:
        return set()
    with site.database.writing() as connection:
        return outbox.post(connection, said, at=at)


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
