"""The cascade as rows: what a district's items come to, and the report that they make to the city."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, case, func, select

from duban.assignment import Assignment
from duban.cascade import ADOPT, Done, rolled_up
from duban.completion import CHASED, Act, State
from duban.demanded import Group, Progress
from duban.desk import OFFICE, Desk
from duban.step import Answer
from state import answers, assignments, turns
from state.scope import Scope, within
from state.tables import answer, assignment, event


def waiting(connection: Connection, city: str, departments: Collection[str]) -> set[str]:
    """Keys of the city's items that these departments still owe."""
    c = assignment.c
    query = select(c.key).where(
        c.office == city,
        c.department.in_(departments),
        c.state.in_([state.value for state in CHASED]),
        c.answer == Answer.REPORT.value,
    )
    return set(connection.scalars(query))


def asked_of(connection: Connection, scope: Scope, year: int) -> list[Assignment]:
    """What a city asks the departments of the scope to report in a year, by date."""
    c = assignment.c
    query = within(select(assignment), assignment, scope)
    query = query.where(c.year == year, c.answer == Answer.REPORT.value)
    return assignments.fetch(connection, query.order_by(c.due, c.id), ordered=True)


def returned_above(connection: Connection, adopted: Mapping[str, Sequence[str]], key: str) -> bool:
    """Whether the office above returned what this item was done for."""
    above = [asked for asked, own in adopted.items() if key in own]
    found = assignments.find_all(connection, above).values() if above else ()
    return any(item.state is State.RETURNED for item in found)


def progress(
    connection: Connection, offices: Collection[str], day: date, year: int | None = None
) -> dict[tuple[str, Group], Progress]:
    """By office and group, of what these offices' departments, or they themselves, have to report."""
    c = assignment.c
    open_ones = c.state.in_([state.value for state in State if state.open])
    owed = [state.value for state in CHASED if state is not State.PLANNED]
    late = c.state.in_(owed) & (func.coalesce(c.extended, c.due) < day)
    query = (
        select(c.office, c.activity, c.year, c.step)
        .add_columns(
            func.count().label("every"),
            func.count(case((open_ones, 1))).label("open"),
            func.count(case((c.state == State.COMPLETED.value, 1))).label("completed"),
            func.count(case((late, 1))).label("late"),
        )
        .where(c.office.in_(offices), c.answer == Answer.REPORT.value)
        .where(c.state != State.WITHDRAWN.value)
        .group_by(c.office, c.activity, c.year, c.step)
    )
    if year is not None:
        query = query.where(c.year == year)
    return {
        (row.office, (row.activity, row.year, row.step)): Progress(
            row.every, row.open, row.completed, row.late
        )
        for row in connection.execute(query)
    }


def undivided(connection: Connection, office: str) -> list[str]:
    """Keys of the open items that the office itself was given for want of a department."""
    c = assignment.c
    query = select(c.key).where(
        c.office == office,
        c.department == OFFICE,
        c.activity.like(f"%{ADOPT}"),
        c.state.in_([state.value for state in State if state.open]),
    )
    return list(connection.scalars(query))


def take_turns(connection: Connection, *offices: str) -> None:
    """Both at once, so that nobody who wants the same waits for one of them while he has the other."""
    turns.take(connection, offices)


def ready(connection: Connection, key: str, own: Collection[str]) -> list[Assignment]:
    """The district's items that the city's one is done by; empty where there is nothing to report (yet).

    What the city returned is reported again only when something was completed after that.
    """
    above = assignments.find_all(connection, [key]).get(key)
    items = sorted(assignments.find_all(connection, own).values(), key=lambda item: item.key)
    if above is None or not above.state.chased or not rolled_up(items):
        return []
    returned = _last(connection, [above.row], Act.RETURN)
    completed = _last(connection, [item.row for item in items], Act.COMPLETE)
    return items if completed > returned else []


def _last(connection: Connection, rows: Sequence[int], act: Act) -> int:
    query = select(func.max(event.c.id)).where(
        event.c.assignment_id.in_(rows), event.c.act == act.value
    )
    return connection.scalar(query) or 0


def done(connection: Connection, items: Sequence[Assignment]) -> list[Done]:
    """What became of each: when it was closed, and what its department said last."""
    rows = [item.row for item in items]
    c = event.c
    closed = dict(
        connection.execute(
            select(c.assignment_id, func.max(c.at))
            .where(c.assignment_id.in_(rows), c.act.in_([Act.COMPLETE.value, Act.EXEMPT.value]))
            .group_by(c.assignment_id)
        )
        .tuples()
        .all()
    )
    said = dict(
        connection.execute(
            select(answer.c.assignment_id, answer.c.text)
            .where(answer.c.assignment_id.in_(rows))
            .order_by(answer.c.id)
        )
        .tuples()
        .all()
    )
    return [Done(item, closed.get(item.row), said.get(item.row, "")) for item in items]


def report(
    connection: Connection, above: Desk, key: str, text: str, *, at: datetime, today: date
) -> None:
    """The city's item is handed in, as its department would. Raises IllegalMove, Conflict."""
    row = assignments.find(connection, key).row
    answers.hand_in(
        connection,
        above,
        Scope(above.office.id),
        row,
        text,
        quota=0,
        at=at,
        today=today,
        actor="duban",
        via="",
    )


def closed_above(connection: Connection, keys: Collection[str]) -> Mapping[str, State]:
    """Which of the city's items are closed, and how."""
    items = assignments.find_all(connection, keys)
    return {key: item.state for key, item in items.items() if not item.state.open}
