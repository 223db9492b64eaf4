"""Assignments as pages ask for them: always within a scope, never more than a page of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select

from duban.assignment import Assignment
from duban.completion import CHASED, State
from duban.lamp import Lamp
from duban.step import Answer
from state.assignments import Unknown, fetch
from state.scope import Scope, within
from state.tables import assignment, event

PAGE = 50
"""Rows of one page."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items; a field left out asks for nothing."""

    lamp: Lamp | None = None
    state: State | None = None
    department: str = ""
    activity: str = ""
    year: int | None = None
    words: str = ""
    """In the names of activity and step."""


@dataclass(frozen=True, slots=True)
class Light:
    """By which dates lamps are told: duban.lamp in the database's words."""

    day: date
    horizon: date
    """The last due date that is yellow: duban.lamp.horizon."""


def find(connection: Connection, scope: Scope, row: int) -> Assignment:
    """By its number. Raises Unknown, also for one outside the scope."""
    query = within(select(assignment).where(assignment.c.id == row), assignment, scope)
    found = fetch(connection, query)
    if not found:
        raise Unknown("没有这一项督办事项，或者它不归您办理")
    return found[0]


def some(
    connection: Connection,
    scope: Scope,
    wanted: Filter,
    light: Light,
    *,
    start: int = 0,
    most: int = PAGE,
) -> list[Assignment]:
    """A page of them: by due date, those without one last."""
    target = func.coalesce(assignment.c.extended, assignment.c.due)
    query = _filtered(select(assignment), scope, wanted, light)
    query = query.order_by(None).order_by(target.is_(None), target, assignment.c.id)
    return fetch(connection, query.offset(start).limit(most), ordered=True)


def count(connection: Connection, scope: Scope, wanted: Filter, light: Light) -> int:
    query = _filtered(select(func.count()).select_from(assignment), scope, wanted, light)
    return connection.scalar(query) or 0


def lamps(
    connection: Connection,
    scope: Scope,
    light: Light,
    *by: ColumnElement[Any],
    year: int | None = None,
) -> list[Any]:
    """Rows of (columns of `by`, lamp's value, number of items); withdrawn ones are left out."""
    shown = lamp_of(light).label("lamp")
    query = select(*by, shown, func.count().label("items")).where(
        assignment.c.state != State.WITHDRAWN.value
    )
    if year:
        query = query.where(assignment.c.year == year)
    return list(connection.execute(within(query.group_by(*by, shown), assignment, scope)))


@lru_cache(maxsize=64)
def lamp_of(light: Light) -> ColumnElement[str]:
    """duban.lamp.lamp, told by comparing dates. Kept: to write it takes longer than to ask it."""
    c = assignment.c
    target = func.coalesce(c.extended, c.due)
    chased = c.state.in_([state.value for state in CHASED])
    quiet = or_(
        target.is_(None),
        c.state.in_([State.WITHDRAWN.value, State.EXEMPTED.value]),
        c.answer == Answer.KNOW.value,
    )
    red = and_(c.state != State.PLANNED.value, c.answer == Answer.REPORT.value, target < light.day)
    return case(
        (quiet, literal(Lamp.GREY.value)),
        (~chased, literal(Lamp.GREEN.value)),
        (red, literal(Lamp.RED.value)),
        (c.state == State.PLANNED.value, literal(Lamp.GREY.value)),
        (target <= light.horizon, literal(Lamp.YELLOW.value)),
        else_=literal(Lamp.GREEN.value),
    )


def _filtered(query: Select[Any], scope: Scope, wanted: Filter, light: Light) -> Select[Any]:
    c = assignment.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.lamp:
        conditions.append(lamp_of(light) == wanted.lamp.value)
    if wanted.state:
        conditions.append(c.state == wanted.state.value)
    else:
        conditions.append(c.state != State.WITHDRAWN.value)
    if wanted.department:
        conditions.append(c.department == wanted.department)
    if wanted.activity:
        conditions.append(c.activity == wanted.activity)
    if wanted.year:
        conditions.append(c.year == wanted.year)
    if wanted.words:
        like = f"%{_plain(wanted.words)}%"
        conditions.append(or_(c.name.like(like, escape="\\"), c.step_name.like(like, escape="\\")))
    return within(query.where(*conditions), assignment, scope)


def _plain(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# --- what became of one item ---


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account."""

    id: int
    at: datetime
    act: str
    actor: str
    from_state: State | None
    to_state: State | None
    reason: str
    via: str
    letter: int | None


def history(connection: Connection, scope: Scope, row: int, most: int = 200) -> Sequence[Line]:
    """The newest first. Raises Unknown for an item outside the scope."""
    find(connection, scope, row)
    query = (
        select(event).where(event.c.assignment_id == row).order_by(event.c.id.desc()).limit(most)
    )
    return [line(one) for one in connection.execute(query)]


def line(row: Any) -> Line:
    """A row of `event`."""
    return Line(
        row.id,
        row.at,
        row.act,
        row.actor,
        State(row.from_state) if row.from_state else None,
        State(row.to_state) if row.to_state else None,
        row.reason,
        row.via,
        row.letter_id,
    )
