"""The tray of some departments: what lies on their desks, the overdue first, and what they are done with."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from duban.assignment import Assignment
from duban.completion import CLOSED, State
from duban.lamp import Lamp
from duban.step import Answer
from state.assignments import fetch
from state.items import PAGE, Light, Line, lamp_of, line
from state.scope import Scope, within
from state.tables import BY_PEOPLE, assignment, event

_TARGET = func.coalesce(assignment.c.extended, assignment.c.due)


def lying(
    connection: Connection, scope: Scope, light: Light, *, start: int = 0, most: int = PAGE
) -> list[Assignment]:
    """Open items: overdue ones, then the others by date, then those that wait for the secretariat, then
    those of which nobody was told yet."""
    rank = case(
        (assignment.c.state == State.REPORTED.value, 2),
        (assignment.c.state == State.PLANNED.value, 3),
        (lamp_of(light) == Lamp.RED.value, 0),
        else_=1,
    )
    query = _open(select(assignment), scope, light)
    query = query.order_by(rank, _TARGET.is_(None), _TARGET, assignment.c.id)
    return fetch(connection, query.offset(start).limit(most), ordered=True)


def count(connection: Connection, scope: Scope, light: Light) -> int:
    query = _open(select(func.count()).select_from(assignment), scope, light)
    return connection.scalar(query) or 0


def done(connection: Connection, scope: Scope, light: Light, most: int = PAGE) -> list[Assignment]:
    """Of the year of `light`: completed, exempted, or only to be known and over; the latest first."""
    query = (
        select(assignment)
        .where(
            assignment.c.year == light.day.year,
            assignment.c.state != State.WITHDRAWN.value,
            or_(assignment.c.state.in_([state.value for state in CLOSED]), _over(light)),
        )
        .order_by(_TARGET.is_(None), _TARGET.desc(), assignment.c.id)
        .limit(most)
    )
    return fetch(connection, within(query, assignment, scope), ordered=True)


def _open(query: Select[Any], scope: Scope, light: Light) -> Select[Any]:
    closed = assignment.c.state.in_([state.value for state in CLOSED])
    return within(query.where(~closed, ~_over(light)), assignment, scope)


def _over(light: Light) -> ColumnElement[bool]:
    """Whether it had only to be known, and its day is past."""
    past = func.coalesce(light.day > _TARGET, False)
    return and_(assignment.c.answer == Answer.KNOW.value, past)


def touches(connection: Connection, rows: Collection[int]) -> dict[int, int]:
    """The number of the event by which somebody last did something about each, or that moved it."""
    query = (
        select(event.c.assignment_id, func.max(event.c.id).label("last"))
        .where(event.c.assignment_id.in_(rows), _TOUCHED)
        .group_by(event.c.assignment_id)
    )
    return {row.assignment_id: row.last for row in connection.execute(query)}


def last_touch(connection: Connection, row: int) -> Line | None:
    """That event itself."""
    query = select(event).where(event.c.assignment_id == row, _TOUCHED)
    for found in connection.execute(query.order_by(event.c.id.desc()).limit(1)):
        return line(found)
    return None


_TOUCHED = or_(event.c.from_state.is_distinct_from(event.c.to_state), BY_PEOPLE)
