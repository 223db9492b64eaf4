"""What the database counts is what the rules say of each item."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import cycle

from sqlalchemy import insert

from duban.assignment import Assignment
from duban.completion import State
from duban.desk import OFFICE, Desk
from duban.lamp import Lamp, horizon, lamp
from duban.tally import Tally
from state import board, yearly
from state.assignments import all_of
from state.database import Database
from state.items import Light
from state.scope import Scope
from state.tables import assignment
from tests.books import book, opened

DAY = date(2026, 3, 16)
CESHI = Scope("ceshi")
NAMES = [column.name for column in assignment.c]


def test_activities_and_years_are_counted_by_the_rule_of_lamps(database: Database) -> None:
    desk, found = filled(database)

    with database.reading() as connection:
        parts = board.parts(connection, CESHI, light(desk))

    assert {id: tally for id, (_, tally) in board.by_activity(parts, None).items()} == {
        id: counted(desk, [one for one in found if one.asked.activity == id])
        for id in {one.asked.activity for one in found if one.asked.department != OFFICE}
    }
    assert board.by_year(parts) == {
        year: counted(desk, [one for one in found if one.asked.year == year])
        for year in {one.asked.year for one in found}
    }


def test_departments_are_counted_by_the_rule_of_lamps(database: Database) -> None:
    desk, found = filled(database)

    with database.reading() as connection:
        every = board.by_department(connection, CESHI, light(desk), None)
        offices = board.by_office(connection, {"ceshi": light(desk)}, None)

    assert every == {
        id: counted(desk, [one for one in found if one.asked.department == id])
        for id in {one.asked.department for one in found}
    }
    assert offices == {"ceshi": counted(desk, found)}


def test_a_year_in_months_is_counted_by_the_rule_of_lamps(database: Database) -> None:
    desk, found = filled(database)
    of_year = [one for one in found if one.asked.year == 2026 and one.asked.department != OFFICE]

    with database.reading() as connection:
        progress = yearly.progress(connection, CESHI, light(desk), 2026)

    march = (one.months.get((2026, 3)) for one in progress.values())
    due = [
        one for one in of_year if one.target and (one.target.year, one.target.month) == (2026, 3)
    ]
    assert sum(one.total for one in march if one) == len(due) > 0
    assert sum(one.items for one in progress.values()) == len(of_year)
    assert sum(one.done for one in progress.values()) == sum(
        one.state in (State.COMPLETED, State.EXEMPTED) for one in of_year
    )


def test_each_item_of_an_activity_stands_as_the_rules_say(database: Database) -> None:
    desk, found = filled(database)
    rows = {one.row: one for one in found}

    with database.reading() as connection:
        points = yearly.of_activity(connection, CESHI, light(desk), "shui", 2026)

    shown = [one for one in points if one.state is not State.WITHDRAWN]
    assert shown
    assert {one.row: (one.lamp, one.target) for one in shown} == {
        one.row: (of(desk, rows[one.row]), rows[one.row].target) for one in shown
    }


def filled(database: Database) -> tuple[Desk, list[Assignment]]:
    """Items in every state, some of them extended; returned without what is withdrawn."""
    desk, _, items = opened(book())
    states, moved = cycle(State), cycle((None, None, date(2026, 3, 18), date(2026, 3, 2)))
    made = [replace(one, state=next(states), extended=next(moved)) for one in items]
    with database.writing() as connection:
        connection.execute(insert(assignment), [values(one) for one in made])
        stored = all_of(connection, "ceshi")
    return desk, [one for one in stored if one.state is not State.WITHDRAWN]


def values(item: Assignment) -> dict[str, object]:
    own = {name: getattr(item, name) for name in NAMES if hasattr(item, name)}
    asked = {name: getattr(item.asked, name) for name in item.asked.__slots__}
    return {**own, **asked}


def light(desk: Desk) -> Light:
    return Light(DAY, horizon(DAY, desk.workdays, desk.office.yellow))


def of(desk: Desk, item: Assignment) -> Lamp:
    return lamp(item, DAY, desk.workdays, desk.office.yellow)


def counted(desk: Desk, items: Iterable[Assignment]) -> Tally:
    return Tally(dict(Counter(of(desk, item) for item in items)))
