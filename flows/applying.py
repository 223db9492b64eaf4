"""Applying a calendar: from the files to the diff, and from the approved diff to the database."""

from dataclasses import dataclass
from datetime import datetime

from duban.agenda import Agenda, agenda
from duban.book import Book
from duban.desk import Desk, desks
from duban.diff import Diff, compare
from flows.premises import Site, today
from state import applied, assignments


@dataclass(frozen=True, slots=True)
class Planned:
    """What applying would do to one office."""

    desk: Desk
    agenda: Agenda
    diff: Diff


def plan(site: Site, book: Book, at: datetime) -> list[Planned]:
    """The diff of every office between the book and what the database holds."""
    planned = []
    with site.database.reading() as connection:
        for desk in desks(book):
            wanted = agenda(desk)
            current = assignments.all_of(connection, desk.office.id)
            diff = compare(desk, wanted, current, today(desk.office, at))
            planned.append(Planned(desk, wanted, diff))
    return planned


def apply(site: Site, book: Book, planned: list[Planned], at: datetime, actor: str) -> list[str]:
    """Make the plan true in one transaction; returns the scopes of the book that are new.

    Raises state.assignments.Conflict when somebody moved an assignment since the plan was made.
    """
    with site.database.writing() as connection:
        changed = applied.save(connection, book, at, actor)
        for one in planned:
            assignments.apply(connection, one.diff, at=at, actor=actor)
    return changed
