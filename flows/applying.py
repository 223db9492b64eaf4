"""Applying a calendar: from the files to the diff, and from the approved diff to the database."""

from dataclasses import dataclass
from datetime import datetime

from duban.agenda import Agenda, agenda
from duban.assignment import Assignment
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
    current = _current(site)
    for desk in desks(book):
        wanted = agenda(desk)
        known = current.get(desk.office.id, [])
        planned.append(Planned(desk, wanted, compare(desk, wanted, known, today(desk.office, at))))
    return planned


def _current(site: Site) -> dict[str, list[Assignment]]:
    """Assignments by office; none where the database was not made yet."""
    if site.database.empty():
        return {}
    with site.database.reading() as connection:
        return {
            office: assignments.all_of(connection, office)
            for office in assignments.offices(connection)
        }


def apply(site: Site, book: Book, planned: list[Planned], at: datetime, actor: str) -> list[str]:
    """Make the plan true in one transaction; returns the scopes of the book that are new.

    Raises state.assignments.Conflict when somebody moved an assignment since the plan was made.
    """
    with site.database.writing() as connection:
        changed = applied.save(connection, book, at, actor)
        for one in planned:
            assignments.apply(connection, one.diff, at=at, actor=actor)
    return changed
