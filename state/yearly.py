"""A year of an office in numbers: by activity, how much of it is done, and what falls due in which month."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, select

from duban.assignment import Duty
from duban.completion import State
from duban.desk import OFFICE
from duban.lamp import Lamp
from duban.tally import Tally
from state.items import LAMP, TARGET, Light
from state.scope import Scope, narrowed
from state.tables import assignment
from state.words import figure, word, words


@dataclass(slots=True)
class Progress:
    """Of one activity. Exempted items count as done."""

    name: str
    items: int = 0
    done: int = 0
    lamps: Tally = field(default_factory=Tally)
    months: dict[tuple[int, int], Tally] = field(default_factory=dict)
    """By year and month of the due date; items without one are in none."""

    def add(self, day: date | None, lamp: Lamp, number: int, done: int) -> None:
        """So many items that are due on that day."""
        self.items += number
        self.done += done
        self.lamps.add(lamp, number)
        if day:
            month = self.months.setdefault((day.year, day.month), Tally())
            month.add(lamp, number)


def progress(connection: Connection, scope: Scope, light: Light, year: int) -> dict[str, Progress]:
    """By the activity's id; without what the office itself has to find out."""
    values = {**scope.values, **light.values, "year": year}
    found: dict[str, Progress] = {}
    for row in connection.execute(_progress(scope.few), values).all():
        known = found.setdefault(row.activity, Progress(row.name))
        known.name = max(known.name, row.name)
        known.add(row.target, Lamp(row.lamp), row.number, row.done)
    return found


@lru_cache
def _progress(few: bool) -> Select[Any]:
    """By days, not by months: to tell a date's month takes SQLite longer than all the rest."""
    c = assignment.c
    over = c.state.in_(words((State.COMPLETED, State.EXEMPTED)))
    target, lamp = TARGET.label("target"), LAMP.label("lamp")
    query = (
        select(
            c.activity,
            func.max(c.name).label("name"),
            target,
            lamp,
            func.count().label("number"),
            func.count(case((over, figure(1)))).label("done"),
        )
        .where(
            c.year == bindparam("year"),
            c.state != word(State.WITHDRAWN),
            c.department != OFFICE,
        )
        .group_by(c.activity, target, lamp)
    )
    return narrowed(query, assignment, few)


def years(connection: Connection, scope: Scope) -> list[int]:
    """Those in which the office has anything, in order."""
    return sorted(connection.scalars(_years(scope.few), scope.values))


@lru_cache
def _years(few: bool) -> Select[Any]:
    return narrowed(select(assignment.c.year).distinct(), assignment, few)


@dataclass(frozen=True, slots=True)
class Point:
    """One item of an activity: what a step asks of a department, and how that stands."""

    row: int
    name: str
    """Of the activity."""
    department: str
    duty: Duty
    step: str
    step_name: str
    target: date | None
    state: State
    lamp: Lamp


def of_activity(
    connection: Connection, scope: Scope, light: Light, activity: str, year: int
) -> list[Point]:
    """Every item of one year of it, also what is withdrawn."""
    values = {**scope.values, **light.values, "activity": activity, "year": year}
    return [
        Point(
            row.id,
            row.name,
            row.department,
            _DUTIES[row.duty],
            row.step,
            row.step_name,
            row.target,
            _STATES[row.state],
            _LAMPS[row.lamp],
        )
        for row in connection.execute(_of_activity(scope.few), values).all()
    ]


_DUTIES = {one.value: one for one in Duty}
_STATES = {one.value: one for one in State}
_LAMPS = {one.value: one for one in Lamp}


@lru_cache
def _of_activity(few: bool) -> Select[Any]:
    c = assignment.c
    query = (
        select(c.id, c.name, c.department, c.duty, c.step, c.step_name, c.state)
        .add_columns(TARGET.label("target"), LAMP.label("lamp"))
        .where(c.activity == bindparam("activity"), c.year == bindparam("year"))
        .order_by(c.id)
    )
    return narrowed(query, assignment, few)
