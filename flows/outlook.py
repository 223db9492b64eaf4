"""The outlook: which letters will go out, computed by the functions that write them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from duban.agenda import Agenda
from duban.assignment import Assignment
from duban.desk import Desk
from duban.letter import Letter
from duban.preview import letters, mornings
from flows.site import Site, local
from state import assignments, outbox


def outlook(site: Site, desk: Desk, agenda: Agenda, first: date, last: date) -> list[Letter]:
    """Letters of one office from `first` to `last` if nobody answers, from where things stand now.

    What falls due before `first` is played through first, so that `first` sees what it would see.
    """
    office = desk.office.id
    with site.database.reading() as connection:
        items = assignments.all_of(connection, office)
        told = outbox.told(connection, office)
        start = min(outbox.resume(connection, office) or _earliest(items, first), first)
        mailed = outbox.mailed(connection, office, start)
    every = letters(mornings(desk, agenda, items, start, last, told, mailed))
    return [letter for letter in every if letter.day >= first]


def _earliest(items: list[Assignment], first: date) -> date:
    return min((item.next_on for item in items if item.next_on), default=first)
