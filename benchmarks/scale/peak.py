"""The morning with most letters: a first one, with little of each department's to catch up on."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from duban.digest import Which, owed_by_time
from flows.premises import Site
from state.tables import assignment, digest

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = time(9, 30)
ENOUGH = 0.9
"""Of the departments: as many as have something to be told."""


@dataclass(frozen=True, slots=True)
class Peak:
    at: datetime
    items: int
    """Assignments of all offices."""
    due: int
    """Those that are due by then."""
    departments: int
    """With something due."""

    @property
    def each(self) -> int:
        """Items of a letter, about."""
        return max(1, round(self.due / max(1, self.departments)))


def find(site: Site) -> Peak:
    """The first working day by which nearly every department has something due, if nobody looked before."""
    c = assignment.c
    first = (
        select(c.office, c.department, func.min(c.next_on).label("day"))
        .where(c.next_on.is_not(None))
        .group_by(c.office, c.department)
        .subquery()
    )
    with site.database.reading() as connection:
        days = select(first.c.day, func.count().label("many")).group_by(first.c.day)
        rows = connection.execute(days.order_by(first.c.day)).all()
        day = _by_then([(row.day, row.many) for row in rows])
        day = site.desks().workdays.after(day)
        items = connection.scalar(select(func.count()).select_from(assignment)) or 0
        due = connection.scalar(select(func.count()).where(c.next_on <= day)) or 0
    told = sum(row.many for row in rows if row.day <= day)
    return Peak(datetime.combine(day, HOUR, ZONE), items, due, told)


def settle(site: Site, at: datetime) -> None:
    """What earlier mornings said: digests of managers and leaders that have been owed since the beginning.
    The work list of the day is left to say."""
    day = at.date()
    rows = [
        {"office": id, "period": due.period, "day": day, "letters": 0, "which": due.which.value}
        for id, office in site.desks().offices.items()
        for due in owed_by_time(office, site.times, at)
        if due.which is not Which.WORK
    ]
    with site.database.writing() as connection:
        connection.execute(insert(digest), [{**row, "said": ""} for row in rows])


def _by_then(days: list[tuple[date, int]]) -> date:
    whole, so_far = sum(many for _, many in days), 0
    for day, many in days:
        so_far += many
        if so_far >= ENOUGH * whole:
            return day
    raise LookupError("nothing is ever due")
