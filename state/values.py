"""Values of targets: the last report of each item that was asked for one."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from duban.assignment import Duty
from duban.completion import State
from duban.progress import Reported
from state.scope import Scope, narrowed
from state.tables import answer, assignment
from state.words import word, words

STANDING = (State.REPORTED, State.COMPLETED)
"""What was returned, exempted or withdrawn says nothing."""


def of_targets(
    connection: Connection, scope: Scope, activities: list[str]
) -> dict[str, list[Reported]]:
    """By `programme.task`."""
    found: dict[str, list[Reported]] = {}
    if activities:
        values = {**scope.values, "activities": activities}
        for row in connection.execute(_last(scope.few), values):
            found.setdefault(row.activity, []).append(_reported(row))
    return found


def _reported(row: Any) -> Reported:
    return Reported(
        row.year,
        row.department,
        Decimal(row.value) if row.value is not None else None,
        row.unit,
        row.at,
        row.assignment_id,
        row.state == State.COMPLETED.value,
    )


@lru_cache
def _last(few: bool) -> Select[Any]:
    c = assignment.c
    newest = (
        select(func.max(answer.c.id))
        .where(answer.c.assignment_id == c.id)
        .correlate(assignment)
        .scalar_subquery()
    )
    query = (
        select(answer, c.activity, c.year, c.department, c.state)
        .join(assignment, c.id == answer.c.assignment_id)
        .where(
            c.activity.in_(bindparam("activities", expanding=True)),
            c.duty == word(Duty.LEAD),
            c.state.in_(words(STANDING)),
            answer.c.id == newest,
            answer.c.unit != "",
        )
    )
    return narrowed(query, assignment, few)
