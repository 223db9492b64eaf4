"""The account of an office item by item, for those who judge it: streamed, one item at a time in memory."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, case, select

from duban.assignment import Duty
from duban.completion import State
from duban.course import Line
from duban.facts import Facts, read, said_in
from duban.step import Answer
from duban.verdict import Item
from state.scope import Scope, within
from state.tables import assignment, event

BATCH = 2000
"""Rows that are fetched at a time."""


def courses(
    connection: Connection, scope: Scope, years: Collection[int], upto: int, zone: tzinfo
) -> Iterator[tuple[Item, list[Line]]]:
    """The items of these years, each with its lines up to that event, the oldest first.

    `+ 0`: by the events' numbers a database would walk through those of all offices.
    """
    query = within(_LINES, assignment, scope).where(
        assignment.c.year.in_(sorted(years)), event.c.id + 0 <= upto
    )
    rows = connection.execute(query.execution_options(yield_per=BATCH))
    day = _days(zone)
    for number, some in groupby(rows, key=itemgetter(0)):
        yield _course(number, list(some), day)


_UNDETAILED = ("new", "moved", "restored", "grant")
"""Acts that told a date in their reasons before there were details."""
_REASON = case(
    ((event.c.detail.is_(None)) & event.c.act.in_(_UNDETAILED), event.c.reason), else_=None
)
_LINES = (
    select(
        assignment.c.id,
        assignment.c.activity,
        assignment.c.department,
        event.c.at,
        event.c.act,
        event.c.to_state,
        event.c.letter_id,
        event.c.detail,
        _REASON.label("said"),
        assignment.c.due,
        assignment.c.notice_on,
        assignment.c.duty,
        assignment.c.answer,
    )
    .join(event, event.c.assignment_id == assignment.c.id)
    .order_by(assignment.c.id, event.c.id)
)


def _days(zone: tzinfo) -> Any:
    """From instants to days of the office; many lines share one instant."""

    @lru_cache(maxsize=4096)
    def day(at: datetime) -> date:
        return at.astimezone(zone).date()

    return day


def _course(number: int, rows: list[Any], day: Any) -> tuple[Item, list[Line]]:
    """Rows are taken apart in one go: to ask each for a column by its name would take twice as long."""
    known: Facts | None = None
    lines = []
    for row in rows:
        _, _, _, at, act, state, letter, detail, *_ = row
        now = _facts(row, known) if detail or act in _UNDETAILED else None
        known = now or known
        lines.append(Line(day(at), act, _STATES[state], letter, now))
    return Item(number, rows[0].activity, rows[0].department), lines


_STATES: dict[str | None, State | None] = {state.value: state for state in State}
_STATES |= {None: None, "": None}


def _facts(row: Any, before: Facts | None) -> Facts | None:
    """Of a line that tells any."""
    if row.detail:
        return _read(row.detail)
    present = Facts(row.due, None, row.notice_on, Duty(row.duty), Answer(row.answer))
    said = said_in(row.act, row.said or "", before or present)
    return said or (present if before is None else None)


_read = lru_cache(maxsize=4096)(read)
