"""Lamps counted for the board: of one office by activity or department, and of several offices.

SQLite groups without sorting where an index has the order, and then in a third less time; so lamps are
no columns of the groups but are counted in one number: PLACES of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    cast,
    func,
    select,
)

from duban.completion import State
from duban.desk import OFFICE
from duban.lamp import Lamp
from duban.tally import Tally, together
from state.items import LAMP, Light
from state.scope import Scope, narrowed
from state.tables import assignment
from state.words import figure, word

PLACES = (Lamp.RED, Lamp.YELLOW, Lamp.GREEN)
"""Each has BITS of the number, the first the lowest; the rest of the items is grey."""
BITS = 20
"""A group may hold a million items."""


@dataclass(frozen=True, slots=True)
class Part:
    """One year of an activity. `own`: what the office itself has to find out about it; `others`: all else."""

    year: int
    activity: str
    name: str
    others: Tally
    own: Tally


def parts(connection: Connection, scope: Scope, light: Light) -> list[Part]:
    """Of all years of the office."""
    rows = connection.execute(_parts(scope.few), {**scope.values, **light.values}).all()
    return [
        Part(
            row.year,
            row.activity,
            row.name,
            _tally(row.items - row.own_items, row.lamps - row.own_lamps),
            _tally(row.own_items, row.own_lamps),
        )
        for row in rows
    ]


def by_year(every: Iterable[Part]) -> dict[int, Tally]:
    """The newest first."""
    found: dict[int, list[Tally]] = {}
    for part in every:
        found.setdefault(part.year, []).extend((part.others, part.own))
    return {year: together(found[year]) for year in sorted(found, reverse=True)}


def by_activity(every: Iterable[Part], year: int | None) -> dict[str, tuple[str, Tally]]:
    """By id, with its name; without what the office itself has to find out."""
    found: dict[str, list[Part]] = {}
    for part in every:
        if part.others.total and year in (None, part.year):
            found.setdefault(part.activity, []).append(part)
    return {
        id: (min(one.name for one in some), together(one.others for one in some))
        for id, some in found.items()
    }


def by_department(
    connection: Connection, scope: Scope, light: Light, year: int | None
) -> dict[str, Tally]:
    """By id."""
    values = {**scope.values, **light.values, "year": year}
    rows = connection.execute(_by_department(year is not None, scope.few), values).all()
    return {row.department: _tally(row.items, row.lamps) for row in rows}


def by_state(connection: Connection, scope: Scope, light: Light) -> dict[State, Tally]:
    """Without what is withdrawn."""
    rows = connection.execute(_by_state(scope.few), {**scope.values, **light.values}).all()
    return {State(row.state): _tally(row.items, row.lamps) for row in rows}


def by_office(
    connection: Connection, lights: Mapping[str, Light], year: int | None
) -> dict[str, Tally]:
    """By id, of the offices that `lights` names: a question for each different light among them."""
    found: dict[str, Tally] = {office: Tally() for office in lights}
    for light in set(lights.values()):
        offices = [office for office, one in lights.items() if one == light]
        found |= _of_offices(connection, offices, light, year)
    return found


def _of_offices(
    connection: Connection, offices: Collection[str], light: Light, year: int | None
) -> dict[str, Tally]:
    values = {**light.values, "offices": sorted(offices), "year": year}
    rows = connection.execute(_by_office(year is not None), values).all()
    return {row.office: _tally(row.items, row.lamps) for row in rows}


def _tally(items: int, lamps: int) -> Tally:
    """From the number of items and the one in which their lamps were counted."""
    found = {lamp: lamps >> place * BITS & (1 << BITS) - 1 for place, lamp in enumerate(PLACES)}
    found[Lamp.GREY] = items - sum(found.values())
    return Tally({lamp: number for lamp, number in found.items() if number})


# --- the statements, written once ---


_ONE = case(
    *((word(lamp), figure(1 << place * BITS)) for place, lamp in enumerate(PLACES)),
    value=LAMP,
    else_=figure(0),
)
"""What an item adds to the number."""
_ITEMS = func.count().label("items")


def _lamps(one: ColumnElement[Any] = _ONE) -> ColumnElement[int]:
    return cast(func.sum(one), BigInteger)


@lru_cache
def _parts(few: bool) -> Select[Any]:
    c = assignment.c
    own = c.department == OFFICE
    query = (
        select(
            c.year,
            c.activity,
            func.min(c.name).label("name"),
            _ITEMS,
            _lamps().label("lamps"),
            func.count(case((own, figure(1)))).label("own_items"),
            _lamps(case((own, _ONE), else_=figure(0))).label("own_lamps"),
        )
        .where(_SHOWN)
        .group_by(c.year, c.activity)
    )
    return narrowed(query, assignment, few)


@lru_cache
def _by_department(dated: bool, few: bool) -> Select[Any]:
    c = assignment.c
    query = select(c.department, _ITEMS, _lamps().label("lamps")).where(_SHOWN)
    return narrowed(_in_year(query, dated).group_by(c.department), assignment, few)


@lru_cache
def _by_state(few: bool) -> Select[Any]:
    query = select(assignment.c.state, _ITEMS, _lamps().label("lamps")).where(_SHOWN)
    return narrowed(query.group_by(assignment.c.state), assignment, few)


@lru_cache
def _by_office(dated: bool) -> Select[Any]:
    c = assignment.c
    query = select(c.office, _ITEMS, _lamps().label("lamps")).where(
        _SHOWN, c.office.in_(bindparam("offices", expanding=True))
    )
    return _in_year(query, dated).group_by(c.office)


def _in_year(query: Select[Any], dated: bool) -> Select[Any]:
    return query.where(assignment.c.year == bindparam("year")) if dated else query


_SHOWN = assignment.c.state != word(State.WITHDRAWN)
