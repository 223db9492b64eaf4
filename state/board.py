"""Lamps counted for the board: of one office by year, department or activity, and of several offices."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from duban.completion import State
from duban.desk import OFFICE
from duban.lamp import Lamp
from duban.tally import Tally
from state.items import Light, lamp_of, lamps
from state.scope import Scope
from state.tables import assignment


def by_year(connection: Connection, scope: Scope, light: Light) -> dict[int, Tally]:
    """The newest first."""
    found = _tallied(lamps(connection, scope, light, assignment.c.year))
    return dict(sorted(found.items(), reverse=True))


def by_department(
    connection: Connection, scope: Scope, light: Light, year: int | None
) -> dict[str, Tally]:
    """By id."""
    return _tallied(lamps(connection, scope, light, assignment.c.department, year=year))


def by_activity(
    connection: Connection, scope: Scope, light: Light, year: int | None
) -> dict[str, tuple[str, Tally]]:
    """By id, with its name; without what the office itself has to find out."""
    c = assignment.c
    by = (c.activity, c.name, (c.department == OFFICE).label("own"))
    found: dict[str, tuple[str, Tally]] = {}
    for id, name, own, lamp, number in lamps(connection, scope, light, *by, year=year):
        if not own:
            found.setdefault(id, (name, Tally()))[1].add(Lamp(lamp), number)
    return found


def by_office(
    connection: Connection, lights: Mapping[str, Light], year: int | None
) -> dict[str, Tally]:
    """By id, of the offices that `lights` names: a question for each different light among them."""
    found: dict[str, Tally] = {office: Tally() for office in lights}
    for light in set(lights.values()):
        offices = [office for office, one in lights.items() if one == light]
        found |= _tallied(_of_offices(connection, offices, light, year))
    return found


def _of_offices(
    connection: Connection, offices: list[str], light: Light, year: int | None
) -> list[Any]:
    c = assignment.c
    shown = lamp_of(light).label("lamp")
    query = (
        select(c.office, shown, func.count().label("items"))
        .where(c.office.in_(sorted(offices)), c.state != State.WITHDRAWN.value)
        .group_by(c.office, shown)
    )
    return list(connection.execute(query.where(c.year == year) if year else query))


def _tallied(rows: list[Any]) -> dict[Any, Tally]:
    """From rows of (key, lamp, number)."""
    found: dict[Any, Tally] = {}
    for key, lamp, number in rows:
        found.setdefault(key, Tally()).add(Lamp(lamp), number)
    return found
