"""Letters of one office as pages ask for them: filtered, newest first, a page at a time; and one whole."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from duban.completion import State
from duban.letter import Kind, called
from state.assignments import Unknown
from state.items import PAGE, Line, line
from state.personal import plain
from state.scope import Scope
from state.standing import Standing
from state.tables import (
    BY_PEOPLE,
    assignment,
    delivery,
    event,
    letter,
    letter_body,
    letter_item,
    link_revoked,
)
from state.words import words

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
    said = _said(wanted, before)
    values = {**said, "office": scope.office, "most": most}
    return [_sent(row) for row in connection.execute(_page(frozenset(said)), values)]


def find(connection: Connection, scope: Scope, number: int) -> Sent:
    """Raises Unknown, also for one of another office."""
    values = {"office": scope.office, "number": number}
    row = connection.execute(_FIND, values).one_or_none()
    if row is None:
        raise Unknown("没有这封信")
    return _sent(row)


def mime(connection: Connection, scope: Scope, number: int) -> bytes:
    """Its bytes as they went out. Raises Unknown."""
    values = {"office": scope.office, "number": number}
    found: bytes | None = connection.scalar(_MIME, values)
    if found is None:
        raise Unknown("没有这封信")
    return bytes(found)


def mentions(
    connection: Connection, scope: Scope, number: int, most: int = PAGE
) -> tuple[list[Mention], int]:
    """What it said, in its order, and of how many items altogether."""
    values = {"office": scope.office, "number": number, "most": most}
    rows = connection.execute(_MENTIONS, values).all()
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
    values = {"office": scope.office, "number": number, "most": most}
    return [line(row) for row in connection.execute(_ACCOUNT, values)]


def waiting(connection: Connection, scope: Scope, today: date) -> int:
    """Letters that are written and not handed over yet."""
    return connection.scalar(_WAITING, {"office": scope.office, "since": today - LATELY}) or 0


_MOST = bindparam("most", type_=Integer)
_MINE = letter.c.office == bindparam("office")
_THIS = letter.c.id == bindparam("number")
_LETTERS = (
    select(letter, *(delivery.c[name] for name in ("state", "attempts", "possible_duplicates")))
    .add_columns(*(delivery.c[name] for name in ("try_at", "deferred_since", "reply")))
    .add_columns(delivery.c.accepted_at, _REVOKED)
    .join(delivery, delivery.c.letter_id == letter.c.id)
    .where(_MINE)
)
_FIND = _LETTERS.where(_THIS)
_MIME = (
    select(letter_body.c.mime)
    .join(letter, letter.c.id == letter_body.c.letter_id)
    .where(_THIS, _MINE)
)
_MENTIONS = (
    select(*(assignment.c[name] for name in ("id", "name", "step_name", "department", "state")))
    .add_columns(letter_item.c.kind, letter_item.c.due, func.count().over().label("every"))
    .join(letter_item, letter_item.c.assignment_id == assignment.c.id)
    .where(
        letter_item.c.letter_id == bindparam("number"),
        assignment.c.office == bindparam("office"),
    )
    .order_by(letter_item.c.id)
    .limit(_MOST)
)
_ACCOUNT = (
    select(event)
    .where(
        event.c.letter_id == bindparam("number"),
        event.c.office == bindparam("office"),
        or_(event.c.assignment_id.is_(None), BY_PEOPLE),
    )
    .order_by(event.c.id.desc())
    .limit(_MOST)
)
_WAITING = (
    select(func.count())
    .select_from(letter)
    .join(delivery, delivery.c.letter_id == letter.c.id)
    .where(
        _MINE,
        letter.c.day >= bindparam("since"),
        delivery.c.state.in_(words((Standing.QUEUED, Standing.SENDING))),
    )
)


@lru_cache(maxsize=128)
def _page(said: frozenset[str]) -> Select[Any]:
    """A page of those for which what is `said` holds; by the names that _said gives."""
    c = letter.c
    like: BindParameter[str] = bindparam("words")
    columns = (c.recipient, c.recipient_name, c.departments, c.subject)
    conditions = {
        "standing": delivery.c.state == bindparam("standing"),
        "words": or_(*(column.like(like, escape="\\") for column in columns)),
        "first": c.day >= bindparam("first"),
        "last": c.day <= bindparam("last"),
        "doubtful": delivery.c.possible_duplicates > literal_column("0"),
        "before": c.id < bindparam("before"),
    }
    query = _LETTERS.where(*(conditions[name] for name in sorted(said)))
    return query.order_by(c.id.desc()).limit(_MOST)


def _said(wanted: Wanted, before: int | None) -> dict[str, Any]:
    every = {
        "standing": wanted.standing and wanted.standing.value,
        "words": f"%{plain(wanted.words)}%" if wanted.words else "",
        "first": wanted.first,
        "last": wanted.last,
        "doubtful": wanted.doubtful,
    }
    said = {name: value for name, value in every.items() if value}
    return said if before is None else {**said, "before": before}


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
