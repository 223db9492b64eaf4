"""Cross checks: what no entry shows by itself, only the book as a whole."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from duban.book import Book, Branch
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
    shelves = [(branch, _shelves(book, branch, unread)) for branch in book.branches]
    days = list(workdays.workdays(book.common.workdays))
    faults = [*days, *_common(book, unread)]
    for branch, around in shelves:
        faults += _branch(branch, around, unread)
    faults += cascade.cascade(book, shelves, unread)
    if not days and not unread.touches("workdays"):
        faults += _order(book, shelves, order.Sound(faults, unread))
    return faults


def _common(book: Book, unread: Unread) -> Iterator[Fault]:
    common = book.common
    every = tuple(branch.office for branch in book.branches)
    ladders = _by_id(Register[Ladder]("ladders", unread), common.ladders)
    known = activities.register(common.activities, unread)
    registered = _by_id(Register[Office]("offices", unread), every)
    yield from activities.activities(common.activities, known, unread)
    yield from stages.stages(common.activities, known, unread)
    yield from announcements.announcements(common.announcements, known, registered)
    yield from shared.ladders(common.ladders)
    yield from shared.sets(common.sets)
    yield from scoring.scoring(common.scoring)
    yield from duties.event_ladder(book, ladders, EVENT_LADDER)
    yield from offices.offices(every, registered, ladders)


def _branch(branch: Branch, shelves: Shelves, unread: Unread) -> Iterator[Fault]:
    yield from offices.departments(branch, shelves.members)
    yield from offices.contacts(branch, shelves.members, unread)
    yield from years.years(branch, shelves, unread)
    yield from programmes.programmes(branch, shelves)
    yield from transfers.transfers(branch, shelves)
    yield from duties.liaisons(branch, shelves.members, unread)


def _order(
    book: Book, shelves: list[tuple[Branch, Shelves]], sound: order.Sound
) -> Iterator[Fault]:
    calendar = WorkCalendar(book.common.workdays)
    for branch, around in shelves:
        yield from order.order(Desk(book, branch, calendar), around, sound)


def _shelves(book: Book, branch: Branch, unread: Unread) -> Shelves:
    common = book.common
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
