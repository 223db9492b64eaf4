"""Cross checks: what no entry shows by itself, only the book as a whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from duban.book import Book, Branch, Common
from duban.checks import (
    activities,
    announcements,
    cascade,
    duties,
    offices,
    order,
    programmes,
    scoring,
    shared,
    stages,
    transfers,
    workdays,
    years,
)
from duban.checks.cascade import Find
from duban.checks.duties import Shelves
from duban.checks.register import Register
from duban.desk import EVENT_LADDER, Desk
from duban.fault import Fault
from duban.ladder import Ladder
from duban.office import Office
from duban.step import StepSet
from duban.unread import Unread
from duban.workdays import WorkCalendar


def check(book: Book, unread: Unread | None = None) -> list[Fault]:
    """Every fault between the entries of the book; empty when there is none.

    `unread` tells what else was written but could not be read: naming it is no second fault.
    """
    unread = unread or Unread()
    branches = {branch.office.id: branch for branch in reversed(book.branches)}
    ground = survey(book.common, tuple(branch.office for branch in book.branches), unread)
    faults = [*ground.faults]
    for branch in book.branches:
        faults += check_branch(ground, branch, branches.get, unread)
    return faults


@dataclass(frozen=True, slots=True)
class Ground:
    """What all offices share, looked at once."""

    common: Common
    faults: tuple[Fault, ...]
    calendar: WorkCalendar | None
    """None where the working days contradict one another, or could not be read: then no days are computed."""


def survey(common: Common, every: tuple[Office, ...], unread: Unread) -> Ground:
    """The faults of what all offices share, and between the offices themselves."""
    ladders = _by_id(Register[Ladder]("ladders", unread), common.ladders)
    known = activities.register(common.activities, unread)
    registered = _by_id(Register[Office]("offices", unread), every)
    days = list(workdays.workdays(common.workdays))
    faults = (
        *days,
        *activities.activities(common.activities, known, unread),
        *stages.stages(common.activities, known, unread),
        *announcements.announcements(common.announcements, known, registered),
        *shared.ladders(common.ladders),
        *shared.sets(common.sets),
        *scoring.scoring(common.scoring),
        *duties.event_ladder(common, ladders, EVENT_LADDER),
        *offices.offices(every, registered, ladders),
    )
    sound = not days and not unread.touches("workdays")
    return Ground(common, faults, WorkCalendar(common.workdays) if sound else None)


def check_branch(ground: Ground, branch: Branch, find: Find, unread: Unread) -> list[Fault]:
    """The faults of one office. `find`: the offices above and below."""
    around = _shelves(ground.common, branch, unread)
    faults = [*_branch(branch, around, unread), *cascade.cascade(branch, around, find, unread)]
    if ground.calendar:
        desk = Desk(Book(common=ground.common, branches=(branch,)), branch, ground.calendar)
        faults += order.order(desk, around, order.Sound([*ground.faults, *faults], unread))
    return faults


def _branch(branch: Branch, shelves: Shelves, unread: Unread) -> Iterator[Fault]:
    yield from offices.departments(branch, shelves.members)
    yield from offices.contacts(branch, shelves.members, unread)
    yield from years.years(branch, shelves, unread)
    yield from programmes.programmes(branch, shelves)
    yield from transfers.transfers(branch, shelves)
    yield from duties.liaisons(branch, shelves.members, unread)


def _shelves(common: Common, branch: Branch, unread: Unread) -> Shelves:
    return Shelves(
        members=offices.members(branch, unread),
        activities=activities.register(common.activities, unread),
        ladders=_by_id(Register[Ladder]("ladders", unread), common.ladders),
        sets=_by_id(Register[StepSet]("sets", unread), common.sets),
    )


N = TypeVar("N", Office, Ladder, StepSet)


def _by_id(shelf: Register[N], entries: Iterable[N]) -> Register[N]:
    for entry in entries:
        shelf.add(entry.id, entry)
    return shelf
