"""Assignments as rows: what is due, what is overdue, and guarded moves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Update, bindparam, insert, select, update

from duban import facts, lamp
from duban.activity import Certainty
from duban.assignment import Assignment, Duties, Duty
from duban.completion import CHASED, Act, State
from duban.desk import Desk
from duban.diff import Diff
from duban.request import Standing
from duban.stages import acted
from duban.step import Answer
from duban.trouble import Trouble
from state import additions, turns
from state.additions import ASKED, OWN
from state.bulk import MANY, write_many
from state.given import as_rows, given, once_a_database
from state.tables import assignment, event, request

Move = tuple[Assignment, Assignment]
"""Before and after."""


class Conflict(Trouble):
    """Somebody else moved the row in the meantime; the transaction is to be rolled back."""


class Unknown(Trouble):
    """No assignment has that key; the message says so in Chinese."""


def due(connection: Connection, office: str, day: date) -> list[Assignment]:
    """Those whose next stage falls on `day` or before."""
    return fetch(connection, _DUE, {"office": office, "day": day}, ordered=True)


_DUE = (
    select(assignment)
    .where(assignment.c.office == bindparam("office"), assignment.c.next_on <= bindparam("day"))
    .order_by(assignment.c.id)
)


def soon(connection: Connection, office: str, day: date, most: int) -> list[Assignment]:
    """The first ones whose next stage falls on `day` or before."""
    query = (
        select(assignment)
        .where(assignment.c.office == office, assignment.c.next_on <= day)
        .order_by(assignment.c.next_on, assignment.c.id)
        .limit(most)
    )
    return fetch(connection, query, ordered=True)


def offices(connection: Connection) -> list[str]:
    """Ids of the offices that ever had assignments."""
    return list(connection.scalars(select(assignment.c.office).distinct()))


def all_of(connection: Connection, office: str) -> list[Assignment]:
    return fetch(connection, select(assignment).where(assignment.c.office == office))


def overdue(connection: Connection, office: str, day: date) -> list[Assignment]:
    """Those that owe a report whose day has passed, by the rule in duban.lamp."""
    states = [state.value for state in CHASED]
    query = select(assignment).where(
        assignment.c.office == office, assignment.c.state.in_(states), assignment.c.due < day
    )
    return [item for item in fetch(connection, query) if lamp.overdue(item, day)]


def find(connection: Connection, key: str) -> Assignment:
    """Raises Unknown, naming the nearest keys."""
    found = fetch(connection, select(assignment).where(assignment.c.key == key))
    if not found:
        raise Unknown(f"没有编号为“{key}”的督办事项；用 duban status 可以查看所有编号")
    return found[0]


def find_all(connection: Connection, keys: Collection[str]) -> dict[str, Assignment]:
    """By key; unknown ones are left out."""
    found = fetch(connection, _OF_KEYS, {"keys": list(keys)}, ordered=True) if keys else ()
    return {item.key: item for item in found}


_OF_KEYS = select(assignment).where(assignment.c.key.in_(bindparam("keys", expanding=True)))


def find_row(connection: Connection, row: int) -> Assignment:
    return fetch(connection, select(assignment).where(assignment.c.id == row))[0]


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
    via: str = "",
    letter: int | None = None,
) -> Assignment:
    """Do one act on one assignment and write its event; returns the assignment after it.

    Raises Unknown, IllegalMove (not allowed from its state), or Conflict (moved by another just now).
    """
    turns.take(connection, [desk.office.id])
    before = find(connection, key)
    after = acted(desk, before, doing, today)
    change(connection, (before, after))
    note(
        connection,
        (before, after),
        at=at,
        act=doing.value,
        actor=actor,
        reason=reason,
        via=via,
        letter=letter,
    )
    return after


def apply(connection: Connection, diff: Diff, *, at: datetime, actor: str, via: str = "") -> None:
    """Make the diff true and write an event for each change."""
    new = additions.rows_of(change.after for change in diff.new)
    additions.add(connection, new, at=at, actor=actor, via=via)
    for kind in ("moved", "changed", "withdrawn", "restored"):
        moves = [(one.before, one.after) for one in getattr(diff, kind)]
        change(connection, *moves)
        said = [Note(*move, kind, _difference(*move), via=via) for move in moves]
        note_all(connection, said, at=at, actor=actor)


def change(connection: Connection, *moves: Move) -> None:
    """Guarded: every row must still stand as before. Raises Conflict; then some may be changed.

    What was asked of an item that is closed now needs no decision any more.
    """
    asked = [move for move in moves if move[0].asked != move[1].asked]
    own = [move for move in moves if move[0].asked == move[1].asked] if asked else moves
    _change(connection, (*ASKED, *OWN), _values, asked)
    _change(connection, OWN, _own, own)
    closed = [after.row for before, after in moves if before.state.open and not after.state.open]
    if closed:
        connection.execute(_DROP, {"rows": closed})


def _change(
    connection: Connection,
    names: tuple[str, ...],
    values: Callable[[Assignment], dict[str, Any]],
    moves: Sequence[Move],
) -> None:
    if not moves:
        return
    rows = [{**values(after), **_stood(before)} for before, after in moves]
    if _write(connection, names, rows) != len(rows):
        keys = "、".join(before.key for before, _ in moves[:3])
        more = f"等 {len(moves)} 项里，有的" if len(moves) > 3 else ""
        raise Conflict(f"{keys} {more}刚刚被别人改动，请重试")


def _write(connection: Connection, names: tuple[str, ...], rows: list[dict[str, Any]]) -> int:
    """How many were as they stood before. PostgreSQL takes many rows in one statement more quickly."""
    if connection.dialect.name != "postgresql" or len(rows) < MANY:
        return write_many(connection, _guarded(names), rows)
    return connection.execute(_together(connection, names), {"rows": as_rows(rows)}).rowcount


def note(
    connection: Connection,
    *moves: Move,
    at: datetime,
    act: str,
    actor: str,
    reason: str = "",
    via: str = "",
    letter: int | None = None,
) -> None:
    """Write a line of the account for each move: who, when, from where, why."""
    said = (Note(before, after, act, reason, letter, via) for before, after in moves)
    note_all(connection, list(said), at=at, actor=actor)


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the account."""

    before: Assignment
    after: Assignment
    act: str
    reason: str = ""
    letter: int | None = None
    via: str = ""


def note_all(connection: Connection, notes: Sequence[Note], *, at: datetime, actor: str) -> None:
    rows: list[dict[str, Any]] = [
        {
            "at": at,
            "office": one.before.asked.office,
            "assignment_id": one.before.row,
            "letter_id": one.letter,
            "act": one.act,
            "actor": actor,
            "from_state": one.before.state.value,
            "to_state": one.after.state.value,
            "reason": one.reason,
            "via": one.via,
        }
        for one in notes
    ]
    details = [facts.detail(one.before, one.after) for one in notes]
    if any(details):
        for row, detail in zip(rows, details, strict=True):
            row["detail"] = detail
    write_many(connection, _NOTE, rows)


_NOTE = insert(event)


def _difference(before: Assignment, after: Assignment) -> str:
    if before.asked.due != after.asked.due:
        return f"{before.asked.due or '待公布'} -> {after.asked.due or '待公布'}"
    return ""


_DROP = (
    update(request)
    .where(
        request.c.assignment_id.in_(bindparam("rows", expanding=True)),
        request.c.state == Standing.OPEN.value,
    )
    .values(state=Standing.DROPPED.value)
)
_GUARDED = ("version", "state", "stage_on", "next_on")


@lru_cache
def _guarded(names: tuple[str, ...]) -> Update:
    """Where the same is asked as before, what is asked is not written, nor its indexes."""
    c = assignment.c
    stood = (c[name].is_not_distinct_from(bindparam(f"{name}_")) for name in _GUARDED)
    query = update(assignment).where(c.id == bindparam("row_"), *stood)
    return query.values({name: bindparam(name) for name in names})


@once_a_database
def _together(connection: Connection, names: tuple[str, ...]) -> Update:
    """The same of many rows."""
    c = assignment.c
    types = {name: c[name].type for name in names} | {f"{name}_": c[name].type for name in _GUARDED}
    rows = given(connection, row_=c.id.type, **types)
    stood = (c[name].is_not_distinct_from(rows.c[f"{name}_"]) for name in _GUARDED)
    query = update(assignment).where(c.id == rows.c.row_, *stood)
    return query.values({name: rows.c[name] for name in names})


def _stood(before: Assignment) -> dict[str, Any]:
    return {
        "row_": before.row,
        "version_": before.version,
        "state_": before.state.value,
        "stage_on_": before.stage_on,
        "next_on_": before.next_on,
    }


def _values(item: Assignment) -> dict[str, Any]:
    return {**{name: getattr(item.asked, name) for name in ASKED}, **_own(item)}


def _own(item: Assignment) -> dict[str, Any]:
    return {name: getattr(item, name) for name in OWN}


def fetch(
    connection: Connection,
    query: Select[Any],
    values: Mapping[str, Any] | None = None,
    *,
    ordered: bool = False,
) -> list[Assignment]:
    """The rows of `assignment` that `query` selects, by number unless it has an order of its own.

    `values`: of its parameters."""
    query = query if ordered else query.order_by(assignment.c.id)
    return [from_row(row) for row in connection.execute(query, values).all()]


_DUTIES = {one.value: one for one in Duty}
_ANSWERS = {one.value: one for one in Answer}
_CERTAINTIES = {one.value: one for one in Certainty}
_STATES = {one.value: one for one in State}
"""Asked for in every row; calling the class takes ten times as long."""


def from_row(row: Row[Any]) -> Assignment:
    """A row that begins with the columns of `assignment`, in their order."""
    (
        id, key, office, activity, year, step, department, duty, answer, ladder, certainty,
        notice_on, due, due_at, expected, name, step_name, reviewers, state, version, extended, told,
        held, stage, stage_on, next_stage, next_on, rearmed, unheard, *_,
    ) = row  # fmt: skip
    asked = Duties(
        key,
        office,
        activity,
        year,
        step,
        department,
        _DUTIES[duty],
        _ANSWERS[answer],
        ladder,
        _CERTAINTIES[certainty],
        notice_on,
        due,
        due_at,
        expected,
        name,
        step_name,
        reviewers,
    )
    return Assignment(
        asked,
        _STATES[state],
        version,
        extended,
        told,
        _STATES[held] if held else None,
        stage,
        stage_on,
        next_stage,
        next_on,
        rearmed,
        unheard,
        id,
    )
