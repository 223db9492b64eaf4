"""A year of an office in numbers: by activity, how much of it is done, and what falls due in which month."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Integer, case, cast, extract, func, select

from duban.assignment import Assignment
from duban.completion import State
from duban.desk import OFFICE
from duban.lamp import Lamp
from duban.tally import Tally
from state.assignments import fetch
from state.items import Light, lamp_of
from state.scope import Scope, within
from state.tables import assignment

_TARGET = func.coalesce(assignment.c.extended, assignment.c.due)


@dataclass(slots=True)
class Progress:
    """Of one activity. Exempted items count as done."""

    name: str
    items: int = 0
    done: int = 0
    lamps: Tally = field(default_factory=Tally)
    months: dict[tuple[int, int], Tally] = field(default_factory=dict)
    """By year and month of the due date; items without one are in none."""

    def add(self, row: Any) -> None:
        self.items += row.number
        self.done += row.done
        self.lamps.add(Lamp(row.lamp), row.number)
        if row.month:
            month = self.months.setdefault((row.in_year, row.month), Tally())
            month.add(Lamp(row.lamp), row.number)


def progress(connection: Connection, scope: Scope, light: Light, year: int) -> dict[str, Progress]:
    """By the activity's id; without what the office itself has to find out."""
    c = assignment.c
    over = c.state.in_([State.COMPLETED.value, State.EXEMPTED.value])
    in_year = cast(extract("year", _TARGET), Integer).label("in_year")
    month = cast(extract("month", _TARGET), Integer).label("month")
    lamp = lamp_of(light).label("lamp")
    query = (
        select(
            c.activity,
            func.max(c.name).label("name"),
            in_year,
            month,
            lamp,
            func.count().label("number"),
            func.sum(case((over, 1), else_=0)).label("done"),
        )
        .where(c.year == year, c.state != State.WITHDRAWN.value, c.department != OFFICE)
        .group_by(c.activity, in_year, month, lamp)
    )
    found: dict[str, Progress] = {}
    for row in connection.execute(within(query, assignment, scope)):
        found.setdefault(row.activity, Progress(row.name)).add(row)
    return found


def years(connection: Connection, scope: Scope) -> list[int]:
    """Those in which the office has anything, in order."""
    query = within(select(assignment.c.year).distinct(), assignment, scope)
    return sorted(connection.scalars(query))


def of_activity(connection: Connection, scope: Scope, activity: str, year: int) -> list[Assignment]:
    """Every item of one year of it, also what is withdrawn."""
    query = select(assignment).where(assignment.c.activity == activity, assignment.c.year == year)
    return fetch(connection, within(query, assignment, scope))
