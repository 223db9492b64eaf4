"""What supporting departments still owe for what another one leads."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Integer, Select, or_, select

from duban.assignment import Assignment, Duty
from duban.completion import CHASED, State
from duban.step import Answer
from state.assignments import from_row
from state.given import as_rows, given, once_a_database
from state.tables import assignment

_OWING = [state.value for state in CHASED if state is not State.PLANNED]


def owed(connection: Connection, leads: Iterable[Assignment]) -> dict[str, tuple[Assignment, ...]]:
    """By the key of the leading item: what others were told of and have not handed in, of the same step
    of the same occasion, or of a step that is due no later."""
    rows = [{"row": item.row} for item in leads]
    if not rows:
        return {}
    found: dict[str, tuple[Assignment, ...]] = {}
    for row in connection.execute(_query(connection), {"rows": as_rows(rows)}):
        found[row.lead_key] = (*found.get(row.lead_key, ()), from_row(row))
    return found


@once_a_database
def _query(connection: Connection) -> Select[Any]:
    wanted = given(connection, row=Integer())
    lead, c = assignment.alias("lead"), assignment.c
    return (
        select(assignment, lead.c.key.label("lead_key"))
        .join_from(wanted, lead, lead.c.id == wanted.c.row)
        .join(
            assignment,
            (c.office == lead.c.office)
            & (c.year == lead.c.year)
            & (c.activity == lead.c.activity)
            & (c.duty == Duty.SUPPORT.value)
            & (c.answer == Answer.REPORT.value)
            & c.state.in_(_OWING)
            & or_(c.step == lead.c.step, c.due <= lead.c.due),
        )
        .order_by(assignment.c.id)
    )
