"""Letters of one office as pages ask for them: filtered, newest first, a page at a time; and one whole."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select

from duban.completion import State
from duban.letter import Kind, called
from state.assignments import Unknown
from state.items import PAGE, Line, line
from state.personal import plain
from state.scope import Scope
from state.standing import Standing
from state.tables import assignment, delivery, event, letter, letter_body, letter_item, link_revoked

_REVOKED = exists().where(link_revoked.c.letter_id == letter.c.id).label("revoked")
LATELY = timedelta(14)
"""A letter belongs to its day, so none that waits is older."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters; a field left out asks for nothing."""

    standing: Standing | None = None
    words: str = ""
    """In the recipient's name or address, the departments, or the subject."""
    first: date | None = None
    last: date | None = None
    doubtful: bool = False
    """Only those that perhaps arrived twice."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter, and how handing it over went."""

    id: int
    day: date
    called: str
    """Its kind in words."""
    recipient: str
    recipient_name: str
    departments: str
    subject: str
    message_id: str
    written_at: datetime
    standing: Standing
    attempts: int
    doubts: int
    """How often it was sent again although it may have arrived."""
    try_at: datetime
    deferred_since: datetime | None
    reply: str
    accepted_at: datetime | None
    revoked: bool
    """Whether its link opens nothing any more."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What a letter said of one item, and how that one stands now."""

    row: int
    name: str
    step_name: str
    department: str
    kind: Kind
    due: date
    state: State


def some(
    connection: Connection,
    scope: Scope,
    wanted: Wanted,
    before: int | None = None,
    most: int = PAGE,
) -> list[Sent]:
    """Those with smaller numbers than `before`, the newest first."""
    query = _letters(scope).where(*_conditions(wanted))
    if before is not None:
        query = query.where(letter.c.id < before)
    rows = connection.execute(query.order_by(letter.c.id.desc()).limit(most))
    return [_sent(row) for row in rows]


def find(connection: Connection, scope: Scope, number: int) -> Sent:
    """Raises Unknown, also for one of another office."""
    row = connection.execute(_letters(scope).where(letter.c.id == number)).one_or_none()
    if row is None:
        raise Unknown("没有这封信")
    return _sent(row)


def mime(connection: Connection, scope: Scope, number: int) -> bytes:
    """Its bytes as they went out. Raises Unknown."""
    query = (
        select(letter_body.c.mime)
        .join(letter, letter.c.id == letter_body.c.letter_id)
        .where(letter.c.id == number, letter.c.office == scope.office)
    )
    found: bytes | None = connection.scalar(query)
    if found is None:
        raise Unknown("没有这封信")
    return bytes(found)


def mentions(
    connection: Connection, scope: Scope, number: int, most: int = PAGE
) -> tuple[list[Mention], int]:
    """What it said, in its order, and of how many items altogether."""
    mine = (letter_item.c.letter_id == number, assignment.c.office == scope.office)
    a = assignment.c
    query = (
        select(a.id, a.name, a.step_name, a.department, letter_item.c.kind, letter_item.c.due)
        .add_columns(a.state, func.count().over().label("every"))
        .join(letter_item, letter_item.c.assignment_id == a.id)
        .where(*mine)
        .order_by(letter_item.c.id)
        .limit(most)
    )
    rows = connection.execute(query).all()
    found = [
        Mention(
            row.id,
            row.name,
            row.step_name,
            row.department,
            Kind(row.kind),
            row.due,
            State(row.state),
        )
        for row in rows
    ]
    return found, rows[0].every if rows else 0


def account(connection: Connection, scope: Scope, number: int, most: int = PAGE) -> list[Line]:
    """What became of the letter itself, and what was done through its link; the newest first."""
    query = (
        select(event)
        .where(
            event.c.letter_id == number,
            event.c.office == scope.office,
            or_(event.c.assignment_id.is_(None), event.c.via != ""),
        )
        .order_by(event.c.id.desc())
        .limit(most)
    )
    return [line(row) for row in connection.execute(query)]


def waiting(connection: Connection, scope: Scope, today: date) -> int:
    """Letters that are written and not handed over yet."""
    query = (
        select(func.count())
        .select_from(letter)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .where(
            letter.c.office == scope.office,
            letter.c.day >= today - LATELY,
            delivery.c.state.in_([Standing.QUEUED.value, Standing.SENDING.value]),
        )
    )
    return connection.scalar(query) or 0


def _letters(scope: Scope) -> Select[Any]:
    d = delivery.c
    return (
        select(letter, d.state, d.attempts, d.possible_duplicates, d.try_at, d.deferred_since)
        .add_columns(d.reply, d.accepted_at, _REVOKED)
        .join(delivery, d.letter_id == letter.c.id)
        .where(letter.c.office == scope.office)
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = letter.c
    conditions: list[ColumnElement[bool]] = []
    if wanted.standing:
        conditions.append(delivery.c.state == wanted.standing.value)
    if wanted.words:
        like = f"%{plain(wanted.words)}%"
        columns = (c.recipient, c.recipient_name, c.departments, c.subject)
        conditions.append(or_(*(column.like(like, escape="\\") for column in columns)))
    if wanted.first:
        conditions.append(c.day >= wanted.first)
    if wanted.last:
        conditions.append(c.day <= wanted.last)
    if wanted.doubtful:
        conditions.append(delivery.c.possible_duplicates > 0)
    return conditions


def _sent(row: Any) -> Sent:
    return Sent(
        row.id,
        row.day,
        called(row.kind),
        row.recipient,
        row.recipient_name,
        row.departments,
        row.subject,
        row.message_id,
        row.written_at,
        Standing(row.state),
        row.attempts,
        row.possible_duplicates,
        row.try_at,
        row.deferred_since,
        row.reply or "",
        row.accepted_at,
        row.revoked,
    )
