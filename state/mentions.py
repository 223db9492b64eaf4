"""Letters that spoke of an item, or of any item of an activity."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, func, select

from state.items import PAGE, Line, line
from state.scope import Scope, narrowed
from state.standing import Standing
from state.tables import assignment, delivery, event, letter, letter_item


@dataclass(frozen=True, slots=True)
class Mention:
    """One letter. `items`: how many of those asked for it spoke of."""

    letter: int
    day: date
    kind: str
    recipient: str
    name: str
    subject: str
    standing: Standing
    items: int


def of_item(connection: Connection, scope: Scope, row: int, most: int = PAGE) -> list[Mention]:
    """The newest first."""
    values = {**scope.values, "row": row, "most": most}
    return [_mention(found) for found in connection.execute(_of_item(scope.few), values)]


@lru_cache
def _of_item(few: bool) -> Select[Any]:
    return _spoke_of(narrowed(_ROWS.where(assignment.c.id == bindparam("row")), assignment, few))


def of_activity(
    connection: Connection, scope: Scope, activity: str, year: int, most: int = PAGE
) -> list[Mention]:
    values = {**scope.values, "activity": activity, "year": year, "most": most}
    rows = connection.execute(_of_activity(scope.few), values)
    return [_mention(row) for row in rows.all()]


@lru_cache
def _of_activity(few: bool) -> Select[Any]:
    return _spoke_of(_items_of_activity(few))


def history_of_activity(
    connection: Connection, scope: Scope, activity: str, year: int, most: int = PAGE
) -> list[tuple[Line, str, str]]:
    """What was done about its items, the newest first: the line, its step's name, its department's id."""
    values = {**scope.values, "activity": activity, "year": year, "most": most}
    rows = connection.execute(_history_of_activity(scope.few), values)
    return [(line(row), row.step_name, row.department) for row in rows.all()]


@lru_cache
def _history_of_activity(few: bool) -> Select[Any]:
    return (
        select(event, assignment.c.step_name, assignment.c.department)
        .join(assignment, assignment.c.id == event.c.assignment_id)
        .where(event.c.assignment_id.in_(_items_of_activity(few)))
        .order_by(event.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


_ROWS = select(assignment.c.id)


def _items_of_activity(few: bool) -> Select[Any]:
    c = assignment.c
    query = _ROWS.where(c.activity == bindparam("activity"), c.year == bindparam("year"))
    return narrowed(query, assignment, few)


def _spoke_of(rows: Select[Any]) -> Select[Any]:
    """Letters that spoke of these items, the newest first."""
    found = (
        select(letter_item.c.letter_id, func.count().label("items"))
        .where(letter_item.c.assignment_id.in_(rows))
        .group_by(letter_item.c.letter_id)
        .order_by(letter_item.c.letter_id.desc())
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    c = letter.c
    return (
        select(c.id, c.day, c.kind, c.recipient, c.recipient_name, c.subject, delivery.c.state)
        .add_columns(found.c["items"].label("number"))
        .join(found, found.c.letter_id == c.id)
        .join(delivery, delivery.c.letter_id == c.id)
        .order_by(c.id.desc())
    )


def _mention(row: Any) -> Mention:
    return Mention(
        row.id,
        row.day,
        row.kind,
        row.recipient,
        row.recipient_name,
        row.subject,
        Standing(row.state),
        row.number,
    )
