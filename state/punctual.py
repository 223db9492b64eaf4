"""How departments kept their dates, month by month, counted by the database: the rule of state/history.py."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    String,
    Subquery,
    bindparam,
    case,
    func,
    literal,
    select,
)

from duban.completion import Act, State
from duban.punctual import Month, months_until
from duban.step import Answer
from state.given import as_rows, given
from state.tables import assignment, event

_REPORT = literal(Act.REPORT.value, literal_execute=True)
"""Written out: only so can the small index of reports be used."""


def by_month(
    connection: Connection, offices: Collection[str], today: date, zone: tzinfo
) -> dict[str, list[Month]]:
    """By office: the last twelve months, the present one up to yesterday.

    `zone`: the offices', in which the day of a report is told.
    """
    months = months_until(today)
    asked = {
        "offices": sorted(offices),
        "first": months[0],
        "today": today,
        "rows": _days(months[0], today, zone),
    }
    found = connection.execute(_statement(connection), asked) if months[0] < today else ()
    counted = {(row.office, row.month): (row.due, row.kept) for row in found}
    return {
        office: [Month(first, *counted.get((office, f"{first}"), (0, 0))) for first in months]
        for office in offices
    }


@lru_cache(maxsize=64)
def _days(first: date, today: date, zone: tzinfo) -> str:
    """For `given`: each day before `today`, its month, and the instant at which a report came too late."""
    return as_rows(_day(first + timedelta(number), zone) for number in range((today - first).days))


def _day(day: date, zone: tzinfo) -> dict[str, str]:
    late = datetime.combine(day + timedelta(1), time(), zone).astimezone(UTC)
    return {
        "day": day.isoformat(),
        "month": day.replace(day=1).isoformat(),
        "late": f"{late:%Y-%m-%d %H:%M:%S.%f}",
    }


_statements: dict[str, Any] = {}


def _statement(connection: Connection) -> Any:
    """Written once for each kind of database: that takes as long as answering it."""
    dialect = connection.dialect.name
    if dialect not in _statements:
        _statements[dialect] = _written(connection)
    return _statements[dialect]


def _written(connection: Connection) -> Any:
    """Rows of (office, month, due, kept)."""
    owed = _owed()
    told = given(connection, day=Date(), month=String(), late=event.c.at.type)
    days = select(told.c.day, told.c.month, told.c.late).cte("days").prefix_with("MATERIALIZED")
    in_time = case((owed.c.reported < days.c.late, 1), else_=0)
    return (
        select(owed.c.office, days.c.month, func.count().label("due"))
        .add_columns(func.sum(in_time).label("kept"))
        .join(days, days.c.day == owed.c.day)
        .group_by(owed.c.office, days.c.month)
    )


def _owed() -> Subquery:
    """Every report that was owed, with its day and when it first came."""
    c = assignment.c
    day = func.coalesce(c.extended, c.due)
    reported = (
        select(func.min(event.c.at))
        .where(event.c.assignment_id == c.id, event.c.act == _REPORT)
        .correlate(assignment)
        .scalar_subquery()
    )
    return (
        select(c.office, day.label("day"), reported.label("reported"))
        .where(
            c.office.in_(bindparam("offices", expanding=True)),
            c.answer == Answer.REPORT.value,
            c.state.not_in((State.WITHDRAWN.value, State.EXEMPTED.value)),
            day >= bindparam("first", type_=Date()),
            day < bindparam("today", type_=Date()),
        )
        .subquery("owed")
    )
