"""Looking back: how departments kept their dates."""

from datetime import date, tzinfo

from sqlalchemy import Connection, func, literal, select

from duban.completion import Act, State
from duban.punctual import Kept
from duban.step import Answer
from state.tables import assignment, event

_REPORT = literal(Act.REPORT.value, literal_execute=True)
"""Written out: only so can the small index of reports be used."""


def kept(
    connection: Connection,
    office: str,
    first: date,
    last: date,
    zone: tzinfo,
    department: str | None = None,
) -> list[Kept]:
    """Reports due from `first` to `last`, except of withdrawn and exempted items; of one department or all.

    `zone`: the office's, in which the day of a report is told.
    """
    c = assignment.c
    day = func.coalesce(c.extended, c.due)
    reported = (
        select(func.min(event.c.at))
        .where(event.c.assignment_id == c.id, event.c.act == _REPORT)
        .correlate(assignment)
        .scalar_subquery()
    )
    query = select(c.department, day.label("day"), reported.label("at")).where(
        c.office == office,
        c.answer == Answer.REPORT.value,
        day.between(first, last),
        c.state.not_in((State.WITHDRAWN.value, State.EXEMPTED.value)),
    )
    if department is not None:
        query = query.where(c.department == department)
    return [
        Kept(office, row.department, row.day, row.at.astimezone(zone).date() if row.at else None)
        for row in connection.execute(query)
    ]
