"""The tray of some departments: what lies on their desks, the overdue first, and what they are done with."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from duban.assignment import Assignment
from duban.completion import CLOSED, State
from duban.lamp import Lamp
from duban.step import Answer
from state.assignments import fetch
from state.items import LAMP, PAGE, TARGET, Light, Line, line
from state.scope import Scope, narrowed
from state.tables import BY_PEOPLE, assignment, event
from state.words import figure, word, words


def lying(
    connection: Connection, scope: Scope, light: Light, *, start: int = 0, most: int = PAGE
) -> list[Assignment]:
    """Open items: overdue ones, then the others by date, then those that wait for the secretariat, then
    those of which nobody was told yet."""
    values = {**scope.values, **light.values, "start": start, "most": most}
    return fetch(connection, _lying(scope.few), values, ordered=True)


def count(connection: Connection, scope: Scope, light: Light) -> int:
    return connection.scalar(_count(scope.few), {**scope.values, **light.values}) or 0


def done(connection: Connection, scope: Scope, light: Light, most: int = PAGE) -> list[Assignment]:
    """Of the year of `light`: completed, exempted, or only to be known and over; the latest first."""
    values = {**scope.values, **light.values, "year": light.day.year, "most": most}
    return fetch(connection, _done(scope.few), values, ordered=True)


@lru_cache
def _lying(few: bool) -> Select[Any]:
    state = assignment.c.state
    rank = case(
        (state == word(State.REPORTED), 2),
        (state == word(State.PLANNED), 3),
        (word(Lamp.RED) == LAMP, 0),
        else_=1,
    )
    query = _open(select(assignment), few)
    query = query.order_by(rank, TARGET.is_(None), TARGET, assignment.c.id)
    return query.offset(bindparam("start", type_=Integer)).limit(_MOST)


@lru_cache
def _count(few: bool) -> Select[Any]:
    return _open(select(func.count()).select_from(assignment), few)


@lru_cache
def _done(few: bool) -> Select[Any]:
    query = (
        select(assignment)
        .where(
            assignment.c.year + figure(0) == bindparam("year"),  # its departments are fewer
            assignment.c.state != word(State.WITHDRAWN),
            or_(_CLOSED, _OVER),
        )
        .order_by(TARGET.is_(None), TARGET.desc(), assignment.c.id)
        .limit(_MOST)
    )
    return narrowed(query, assignment, few)


def _open(query: Select[Any], few: bool) -> Select[Any]:
    return narrowed(query.where(~_CLOSED, ~_OVER), assignment, few)


_MOST = bindparam("most", type_=Integer)
_CLOSED = assignment.c.state.in_(words(CLOSED))
_OVER = and_(
    assignment.c.answer == word(Answer.KNOW),
    func.coalesce(bindparam("day", type_=Date) > TARGET, False),
)
"""Whether it had only to be known, and its day is past."""


def touches(connection: Connection, rows: Collection[int]) -> dict[int, int]:
    """The number of the event by which somebody last did something about each, or that moved it."""
    found = connection.execute(_TOUCHES, {"rows": list(rows)})
    return {row.assignment_id: row.last for row in found}


def last_touch(connection: Connection, row: int) -> Line | None:
    """That event itself."""
    for found in connection.execute(_LAST_TOUCH, {"row": row}):
        return line(found)
    return None


_TOUCHED = or_(event.c.from_state.is_distinct_from(event.c.to_state), BY_PEOPLE)
_TOUCHES = (
    select(event.c.assignment_id, func.max(event.c.id).label("last"))
    .where(event.c.assignment_id.in_(bindparam("rows", expanding=True)), _TOUCHED)
    .group_by(event.c.assignment_id)
)
_LAST_TOUCH = (
    select(event)
    .where(event.c.assignment_id == bindparam("row"), _TOUCHED)
    .order_by(event.c.id.desc())
    .limit(1)
)
