"""What programmes ask for, as it stands: one row a report that is owed."""

from datetime import tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from duban.completion import Act, State
from duban.phases import ASIDE, Owed
from duban.step import Answer
from state.items import TARGET
from state.scope import Scope, narrowed
from state.tables import assignment, event
from state.words import word, words


def owed(connection: Connection, scope: Scope, activities: list[str], zone: tzinfo) -> list[Owed]:
    """`activities`: `programme.task`. `zone`: the office's, in which the day of a report is told."""
    if not activities:
        return []
    values = {**scope.values, "activities": activities}
    return [
        Owed(
            row.activity,
            row.department,
            row.target,
            State(row.state),
            row.reported.astimezone(zone).date() if row.reported else None,
        )
        for row in connection.execute(_owed(scope.few), values)
    ]


@lru_cache
def _owed(few: bool) -> Select[Any]:
    c = assignment.c
    reported = (
        select(func.min(event.c.at))
        .where(event.c.assignment_id == c.id, event.c.act == word(Act.REPORT))
        .correlate(assignment)
        .scalar_subquery()
    )
    query = select(
        c.activity, c.department, TARGET.label("target"), c.state, reported.label("reported")
    ).where(
        c.activity.in_(bindparam("activities", expanding=True)),
        c.answer == word(Answer.REPORT),
        c.state.not_in(words(ASIDE)),
        TARGET.is_not(None),
    )
    return narrowed(query, assignment, few)
