"""Applying a calendar: from the files to the diff, and from the approved diff to the database."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from duban.agenda import Agenda, agenda
from duban.assignment import Assignment
from duban.book import COMMON, Book
from duban.desk import Desk, desks
from duban.diff import Diff, compare
from duban.known import NOTHING, Known
from duban.letter import Letter
from duban.morning import write
from flows.premises import Site, today
from state import applied, assignments, heard, notes, outbox, sources, turns, withdraw
from state.assignments import Conflict
from state.withdraw import Queued

Read = Callable[[Iterable[Assignment]], Known]


@dataclass(frozen=True, slots=True)
class Planned:
    """What applying would do to one office."""

    desk: Desk
    agenda: Agenda
    diff: Diff
    morning: date
    """The first working day from now."""
    letters: tuple[Letter, ...]
    """The mail that results from the changes on that morning, and to whom it is not due or who had mail
    already, on the next one."""
    outdated: tuple[Queued, ...]
    """Letters in the outbox that will be withdrawn."""
    stamp: str
    """Of the calendar that was in force."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database holds of one office."""

    items: tuple[Assignment, ...] = ()
    mailed: frozenset[str] = frozenset()
    queued: tuple[Queued, ...] = ()
    stamp: str = applied.NOTHING


def plan(
    site: Site, book: Book, at: datetime, only: Collection[str] | None = None
) -> list[Planned]:
    """The diff of every office between the book and what the database holds; nothing is written.

    `only`: these offices, where the others are known to stay as they are; those whose agenda follows from
    theirs are looked at, too.
    """
    only = None if only is None else book.kin(only)
    chosen = [desk for desk in desks(book) if only is None or desk.office.id in only]
    fresh = site.database.empty()
    return [look(site, desk, at, fresh=fresh) for desk in chosen]


def look(site: Site, desk: Desk, at: datetime, *, fresh: bool = False) -> Planned:
    """What applying would do to one office. `fresh`: the database is known to hold nothing."""
    office, day = desk.office.id, today(desk.office, at)
    if fresh:
        return _planned(desk, _Known(), day)
    with site.database.reading() as connection:
        known = _Known(
            tuple(assignments.all_of(connection, office)),
            frozenset(outbox.mailed(connection, office, day, desk.shared)),
            tuple(withdraw.queued(connection, office)),
            applied.stamp(connection),
        )
        return _planned(desk, known, day, partial(heard.of_changes, connection))


def _planned(desk: Desk, known: _Known, day: date, read: Read = lambda _: NOTHING) -> Planned:
    """`read`: what departments have read of items."""
    wanted = agenda(desk)
    diff = compare(desk, wanted, known.items)
    morning = desk.workdays.after(day)
    had = known.mailed if morning == day else ()
    letters = _letters(
        desk, wanted, diff, morning, had, read(one.after for one in diff.changes if one.before)
    )
    touched = {change.key for change in diff.changes if change.before}
    outdated = tuple(letter for letter in known.queued if touched & letter.about)
    return Planned(desk, wanted, diff, morning, letters, outdated, known.stamp)


def _letters(
    desk: Desk,
    wanted: Agenda,
    diff: Diff,
    morning: date,
    mailed: Collection[str],
    known: Known,
) -> tuple[Letter, ...]:
    found: list[Letter] = []
    told: set[str] = set()
    for day, had in ((morning, mailed), (desk.workdays.after(morning + timedelta(1)), ())):
        due = [one.after for one in diff.changes if _due(one.after, day) and one.key not in told]
        found += write(desk, wanted, day, due, (), had, known=known).letters
        told |= {item.assignment for letter in found for item in letter.items}
    return tuple(found)


def _due(item: Assignment, day: date) -> bool:
    return item.next_on is not None and item.next_on <= day


def apply(
    site: Site,
    book: Book,
    planned: list[Planned],
    at: datetime,
    actor: str,
    files: Mapping[str, str] | None = None,
    via: str = "",
    first: Callable[[Any], None] | None = None,
    changed: Iterable[tuple[str, bytes | None]] | None = None,
) -> list[str]:
    """Make the plan true in one transaction; returns the scopes of the book that are new.

    `files`: those that the book came from, kept so that it can be brought back. `via`: from where, for
    the account of a person at the console. `changed`: instead of `files`, those that are others than of the
    calendar in force (None: gone). `first`: what else belongs into the transaction; it is given
    the connection. Letters in the outbox that are not true any more are withdrawn in it. Raises
    state.assignments.Conflict when somebody moved an assignment, or applied another calendar, since the
    plan was made.
    """
    by_office = {one.desk.office.id: one.desk for one in planned}
    with site.database.writing() as connection:
        turns.take(connection, [COMMON, *by_office])
        if any(one.stamp != applied.stamp(connection) for one in planned):
            raise Conflict("日历刚刚被别人应用过，请重新比较后再应用")
        if first is not None:
            first(connection)
        scopes = applied.save(connection, book, at, actor)
        for one in planned:
            assignments.apply(connection, one.diff, at=at, actor=actor, via=via)
        if any(one.outdated for one in planned):
            withdraw.withdraw_outdated(connection, by_office, at=at, today={})
        if files is not None:
            sources.save(connection, files)
        if changed is not None:
            sources.save_changed(connection, changed)
        for scope in scopes if via else ():
            office = "" if scope == COMMON else scope
            notes.note_act(connection, office, "apply", actor, via, "", at)
    return scopes
