"""What waits for the secretariat: reports to review, dates to find out, mail that did not arrive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Date, Integer, Select, bindparam, func, select

from duban.assignment import Assignment
from duban.completion import CHASED, Act, State
from duban.step import Answer
from duban.tally import Tally, together
from state import board
from state.assignments import fetch
from state.items import PAGE, Light
from state.requests import open_number
from state.scope import Scope, narrowed
from state.standing import Standing
from state.tables import assignment, delivery, event, letter
from state.words import word, words

_START, _MOST = bindparam("start", type_=Integer), bindparam("most", type_=Integer)


def standing(connection: Connection, scope: Scope, light: Light) -> Tally:
    """How the lamps of all items stand."""
    return together(board.by_state(connection, scope, light).values())


@dataclass(frozen=True, slots=True)
class Report:
    """An item that a department handed in; when, by whom, and how its words begin."""

    item: Assignment
    at: datetime | None
    actor: str
    said: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each."""

    reports: int
    requests: int
    dates: int
    failed: int
    """Letters since some day that did not arrive."""


def waiting(connection: Connection, scope: Scope, day: date, since: date) -> Waiting:
    values = {**scope.values, "day": day, "since": since}
    return Waiting(*connection.execute(_waiting(scope.few), values).one())


@lru_cache
def _waiting(few: bool) -> Select[Any]:
    each = (_number_of_reports(few), open_number(few), _number_of_dates(few), _FAILURES)
    return select(*(one.scalar_subquery() for one in each))


@lru_cache
def _number_of_reports(few: bool) -> Select[Any]:
    query = select(func.count()).where(assignment.c.state == word(State.REPORTED))
    return narrowed(query.select_from(assignment), assignment, few)


def chased(connection: Connection, scope: Scope, day: date) -> list[tuple[str, str]]:
    """The departments that are due with a report, with the ladders by which they are chased."""
    query = _chased(scope.few)
    return [(row[0], row[1]) for row in connection.execute(query, {**scope.values, "day": day})]


@lru_cache
def _chased(few: bool) -> Select[Any]:
    c, day = assignment.c, bindparam("day", type_=Date)
    query = select(c.department, c.ladder).where(
        c.state.in_(words(one for one in CHASED if one is not State.PLANNED)),
        c.answer == word(Answer.REPORT),
        c.due <= day,
        func.coalesce(c.extended, c.due) <= day,
    )
    return narrowed(query, assignment, few).distinct()


def reports(
    connection: Connection, scope: Scope, *, start: int = 0, most: int = PAGE
) -> list[Report]:
    """Those to review, whoever waits longest first."""
    values = {**scope.values, "start": start, "most": most}
    items = fetch(connection, _reports(scope.few), values, ordered=True)
    said = _last_reports(connection, [item.row for item in items])
    return [
        Report(item, found.at, found.actor, found.reason)
        if (found := said.get(item.row))
        else Report(item, None, "", "")
        for item in items
    ]


@lru_cache
def _reports(few: bool) -> Select[Any]:
    handed_in = (
        select(func.max(event.c.id))
        .where(event.c.assignment_id == assignment.c.id, event.c.act == word(Act.REPORT))
        .scalar_subquery()
    )
    query = select(assignment).where(assignment.c.state == word(State.REPORTED))
    query = query.order_by(handed_in.is_not(None), handed_in, assignment.c.id)
    return narrowed(query, assignment, few).offset(_START).limit(_MOST)


def _last_reports(connection: Connection, rows: Collection[int]) -> dict[int, Any]:
    found = connection.execute(_LAST_REPORTS, {"rows": list(rows)})
    return {row.assignment_id: row for row in found}


_LAST_REPORTS = select(event.c.assignment_id, event.c.at, event.c.actor, event.c.reason).where(
    event.c.id.in_(
        select(func.max(event.c.id))
        .where(
            event.c.assignment_id.in_(bindparam("rows", expanding=True)),
            event.c.act == word(Act.REPORT),
        )
        .group_by(event.c.assignment_id)
    )
)


def dates(
    connection: Connection, scope: Scope, day: date, *, start: int = 0, most: int = PAGE
) -> list[Assignment]:
    """What the office itself has to find out by `day`, the longest asked first."""
    values = {**scope.values, "day": day, "start": start, "most": most}
    return fetch(connection, _dates(scope.few), values, ordered=True)


def count_dates(connection: Connection, scope: Scope, day: date) -> int:
    return connection.scalar(_number_of_dates(scope.few), {**scope.values, "day": day}) or 0


@lru_cache
def _dates(few: bool) -> Select[Any]:
    query = _asked_by(select(assignment), few).order_by(assignment.c.due, assignment.c.id)
    return query.offset(_START).limit(_MOST)


@lru_cache
def _number_of_dates(few: bool) -> Select[Any]:
    return _asked_by(select(func.count()).select_from(assignment), few)


def _asked_by(query: Select[Any], few: bool) -> Select[Any]:
    query = query.where(
        assignment.c.answer == word(Answer.CONFIRM),
        assignment.c.state.in_(words(CHASED)),
        assignment.c.due <= bindparam("day"),
    )
    return narrowed(query, assignment, few)


def of_rows(connection: Connection, scope: Scope, rows: Collection[int]) -> dict[int, Assignment]:
    """By number; those outside the scope are left out."""
    values = {**scope.values, "rows": list(rows)}
    found = fetch(connection, _of_rows(scope.few), values, ordered=True)
    return {item.row: item for item in found}


@lru_cache
def _of_rows(few: bool) -> Select[Any]:
    query = select(assignment).where(assignment.c.id.in_(bindparam("rows", expanding=True)))
    return narrowed(query.order_by(assignment.c.id), assignment, few)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that a server refused, or that came back."""

    id: int
    day: date
    recipient: str
    name: str
    subject: str
    reply: str


def undelivered(
    connection: Connection, scope: Scope, since: date, most: int = PAGE
) -> list[Undelivered]:
    """Letters of the office from that day on, the newest first."""
    rows = connection.execute(_UNDELIVERED, {"office": scope.office, "since": since, "most": most})
    return [
        Undelivered(
            row.id, row.day, row.recipient, row.recipient_name, row.subject, row.reply or ""
        )
        for row in rows
    ]


_FAILED = (
    letter.c.office == bindparam("office"),
    letter.c.day >= bindparam("since"),
    delivery.c.state == word(Standing.FAILED),
)
_FAILURES = (
    select(func.count())
    .select_from(letter)
    .join(delivery, delivery.c.letter_id == letter.c.id)
    .where(*_FAILED)
)
_UNDELIVERED = (
    select(
        letter.c.id,
        letter.c.day,
        letter.c.recipient,
        letter.c.recipient_name,
        letter.c.subject,
        delivery.c.reply,
    )
    .join(delivery, delivery.c.letter_id == letter.c.id)
    .where(*_FAILED)
    .order_by(letter.c.id.desc())
    .limit(_MOST)
)


def sent_on(connection: Connection, scope: Scope, day: date) -> dict[Standing, int]:
    """Letters of that day, by where they stand."""
    rows = connection.execute(_SENT_ON, {"office": scope.office, "day": day})
    return {Standing(row.state): row.letters for row in rows}


_SENT_ON = (
    select(delivery.c.state, func.count().label("letters"))
    .join(letter, letter.c.id == delivery.c.letter_id)
    .where(letter.c.office == bindparam("office"), letter.c.day == bindparam("day"))
    .group_by(delivery.c.state)
)
