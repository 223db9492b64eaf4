"""Assignments as rows: what is due, what is overdue, and guarded moves."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Update, insert, select, update

from duban import lamp
from duban.activity import Certainty
from duban.assignment import Assignment, Duties, Duty
from duban.completion import CHASED, Act, State, move
from duban.desk import Desk
from duban.diff import Diff
from duban.stages import scheduled
from duban.step import Answer
from duban.trouble import Trouble
from state.tables import assignment, event


class Conflict(Trouble):
    """Somebody else moved the row in the meantime; the transaction is to be rolled back."""


class Unknown(Trouble):
    """No assignment has that key; the message says so in Chinese."""


def due(connection: Connection, office: str, day: date) -> list[Assignment]:
    """Those whose next stage falls on `day` or before."""
    return _fetch(
        connection,
        select(assignment).where(assignment.c.office == office, assignment.c.next_on <= day),
    )


def offices(connection: Connection) -> list[str]:
    """Ids of the offices that ever had assignments."""
    return list(connection.scalars(select(assignment.c.office).distinct()))


def all_of(connection: Connection, office: str) -> list[Assignment]:
    return _fetch(connection, select(assignment).where(assignment.c.office == office))


def overdue(connection: Connection, office: str, day: date) -> list[Assignment]:
    """Those that owe a report whose day has passed, by the rule in duban.lamp."""
    states = [state.value for state in CHASED]
    query = select(assignment).where(
        assignment.c.office == office, assignment.c.state.in_(states), assignment.c.due < day
    )
    return [item for item in _fetch(connection, query) if lamp.overdue(item, day)]


def find(connection: Connection, key: str, *, hold: bool = False) -> Assignment:
    """`hold`: nobody else changes it until this transaction ends. Raises Unknown."""
    query = select(assignment).where(assignment.c.key == key)
    found = _fetch(connection, query.with_for_update() if hold else query)
    if not found:
        raise Unknown(f"没有编号为“{key}”的督办事项；用 duban status 可以查看所有编号")
    return found[0]


def find_row(connection: Connection, row: int) -> Assignment:
    return _fetch(connection, select(assignment).where(assignment.c.id == row))[0]


def act(
    connection: Connection,
    desk: Desk,
    key: str,
    doing: Act,
    *,
    at: datetime,
    today: date,
    actor: str,
    reason: str = "",
) -> Assignment:
    """Do one act on one assignment and write its event; returns the assignment after it.

    Raises Unknown, IllegalMove (not allowed from its state), or Conflict (moved by another just now).
    """
    before = find(connection, key, hold=True)
    after = replace(before, state=move(before.state, doing))
    if before.state is not State.PLANNED:
        after = replace(after, stage_on=max(before.stage_on or today, today))
    after = scheduled(desk, after)
    change(connection, before, after)
    note(connection, before, after, at=at, act=doing.value, actor=actor, reason=reason)
    return after


def apply(connection: Connection, diff: Diff, *, at: datetime, actor: str) -> None:
    """Make the diff true and write an event for each change."""
    if diff.new:
        connection.execute(insert(assignment), [_values(change.after) for change in diff.new])
        rows = _rows(connection, {change.after.asked.office for change in diff.new})
        _note_many(connection, [(rows[c.key], c.after) for c in diff.new], at, actor)
    for kind in ("moved", "changed", "withdrawn", "restored"):
        for one in getattr(diff, kind):
            change(connection, one.before, one.after)
            reason = _difference(one.before, one.after)
            note(connection, one.before, one.after, at=at, act=kind, actor=actor, reason=reason)


def change(connection: Connection, before: Assignment, after: Assignment) -> None:
    """Guarded: the row must still stand as `before`. Raises Conflict."""
    if connection.execute(_guarded(before).values(**_values(after))).rowcount != 1:
        raise Conflict(f"{before.key} 刚刚被别人改动，请重试")


def note(
    connection: Connection,
    before: Assignment,
    after: Assignment,
    *,
    at: datetime,
    act: str,
    actor: str,
    reason: str = "",
    letter: int | None = None,
) -> None:
    """Write one line of the account: who, when, from where, why."""
    connection.execute(
        insert(event).values(
            at=at,
            office=before.asked.office,
            assignment_id=before.row,
            letter_id=letter,
            act=act,
            actor=actor,
            from_state=before.state.value,
            to_state=after.state.value,
            reason=reason,
        )
    )


def _difference(before: Assignment, after: Assignment) -> str:
    if before.asked.due != after.asked.due:
        return f"{before.asked.due or '待公布'} -> {after.asked.due or '待公布'}"
    return ""


def _guarded(before: Assignment) -> Update:
    return update(assignment).where(
        assignment.c.id == before.row,
        assignment.c.version == before.version,
        assignment.c.state == before.state.value,
        assignment.c.stage_on.is_not_distinct_from(before.stage_on),
        assignment.c.next_on.is_not_distinct_from(before.next_on),
    )


def _rows(connection: Connection, offices: Iterable[str]) -> dict[str, int]:
    rows = connection.execute(
        select(assignment.c.key, assignment.c.id).where(assignment.c.office.in_(list(offices)))
    )
    return {row.key: row.id for row in rows}


def _note_many(
    connection: Connection, made: Sequence[tuple[int, Assignment]], at: datetime, actor: str
) -> None:
    connection.execute(
        insert(event),
        [
            {
                "at": at,
                "office": item.asked.office,
                "assignment_id": row,
                "act": "new",
                "actor": actor,
                "to_state": item.state.value,
                "reason": f"{item.asked.due or '待公布'}",
            }
            for row, item in made
        ],
    )


def _values(item: Assignment) -> dict[str, Any]:
    values = asdict(item)
    asked = values.pop("asked")
    values.pop("row")
    return {**asked, **values}


def _fetch(connection: Connection, query: Select[Any]) -> list[Assignment]:
    return [_assignment(row) for row in connection.execute(query.order_by(assignment.c.id))]


def _assignment(row: Row[Any]) -> Assignment:
    asked = Duties(
        row.key,
        row.office,
        row.activity,
        row.year,
        row.step,
        row.department,
        Duty(row.duty),
        Answer(row.answer),
        row.ladder,
        Certainty(row.certainty),
        row.notice_on,
        row.due,
        row.due_at,
        row.expected,
        row.name,
        row.step_name,
    )
    return Assignment(
        asked,
        State(row.state),
        row.version,
        row.extended,
        row.told,
        State(row.held) if row.held else None,
        row.stage,
        row.stage_on,
        row.next_stage,
        row.next_on,
        row.id,
    )
