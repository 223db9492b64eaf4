"""Looking back: how departments kept their dates."""

from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy import Connection, func, select

from duban.completion import Act, State
from duban.step import Answer
from state.tables import assignment, event


@dataclass(frozen=True, slots=True)
class Kept:
    """One assignment that owed a report: when it was due and when it was first reported.

    `reported` is None when nothing came.
    """

    office: str
    department: str
    due: date
    reported: date | None

    @property
    def on_time(self) -> bool:
        return self.reported is not None and self.reported <= self.due


def kept(connection: Connection, office: str, first: date, last: date, zone: tzinfo) -> list[Kept]:
    """Assignments with a report due from `first` to `last`, except withdrawn and exempted ones.

    `zone`: the office's, in which the day of a report is told.
    """
    reported = (
        select(event.c.assignment_id, func.min(event.c.at).label("at"))
        .where(event.c.act == Act.REPORT.value)
        .group_by(event.c.assignment_id)
        .subquery()
    )
    query = (
        select(assignment.c.department, assignment.c.due, assignment.c.extended, reported.c.at)
        .outerjoin(reported, reported.c.assignment_id == assignment.c.id)
        .where(
            assignment.c.office == office,
            assignment.c.answer == Answer.REPORT.value,
            assignment.c.due.between(first, last),
            assignment.c.state.not_in((State.WITHDRAWN.value, State.EXEMPTED.value)),
        )
    )
    return [
        Kept(
            office,
            row.department,
            row.extended or row.due,
            row.at.astimezone(zone).date() if row.at else None,
        )
        for row in connection.execute(query)
    ]
