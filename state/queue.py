"""The queue of the outbox: claim, send (elsewhere), record. No claim, no send."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from state.standing import Phase, Standing
from state.tables import letter, letter_body


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that this sender holds until its lease ends."""

    id: int
    office: str
    sender: str
    recipient: str
    mime: bytes
    attempts: int
    written_at: datetime
    doubtful: bool
    """An earlier attempt may have arrived."""


def claim(
    connection: Connection,
    *,
    owner: str,
    at: datetime,
    lease: timedelta,
    limit: int,
    offices: Collection[str] | None = None,
) -> list[Claimed]:
    """Take up to `limit` letters that may be tried at `at`; those with a lost lease come back too.

    `offices`: only theirs; None: of all.
    A lease lost after the body began makes the letter doubtful: it is sent again byte for byte and
    counted as a possible duplicate.
    """
    query = (
        select(letter.c.id, letter.c.phase, letter.c.state)
        .where(*_ready(at, offices))
        .order_by(letter.c.try_at, letter.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(query).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    connection.execute(
        update(letter)
        .where(letter.c.id.in_(ids))
        .values(
            state=Standing.SENDING.value,
            owner=owner,
            lease_until=at + lease,
            attempts=letter.c.attempts + 1,
        )
    )
    doubtful = [row.id for row in rows if row.phase == Phase.BODY.value]
    if doubtful:
        connection.execute(
            update(letter)
            .where(letter.c.id.in_(doubtful))
            .values(possible_duplicates=letter.c.possible_duplicates + 1)
        )
    held = connection.execute(
        select(letter, letter_body.c.sender, letter_body.c.mime)
        .join(letter_body)
        .where(letter.c.id.in_(ids))
        .order_by(letter.c.id)
    )
    return [_claimed(row) for row in held]


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        row.id,
        row.office,
        row.sender,
        row.recipient,
        bytes(row.mime),
        row.attempts,
        row.written_at,
        row.phase == Phase.BODY.value,
    )


def body_began(connection: Connection, id: int, owner: str) -> bool:
    """Record that the message body is about to be written; False when the lease is another's now."""
    result = connection.execute(
        update(letter)
        .where(letter.c.id == id, letter.c.owner == owner)
        .values(phase=Phase.BODY.value)
    )
    return result.rowcount == 1


def record(
    connection: Connection,
    id: int,
    owner: str,
    standing: Standing,
    *,
    at: datetime,
    code: int | None,
    reply: str,
    try_at: datetime | None = None,
    doubtful: bool = False,
) -> bool:
    """Write what became of a claimed letter; False when the lease is another's now (log it)."""
    values: dict[str, Any] = {
        "state": standing.value,
        "code": code,
        "reply": reply,
        "owner": None,
        "lease_until": None,
        "phase": Phase.BODY.value if doubtful else None,
    }
    if standing is Standing.ACCEPTED:
        values["accepted_at"] = at
    if try_at is not None:
        values["try_at"] = try_at
    result = connection.execute(
        update(letter).where(letter.c.id == id, letter.c.owner == owner).values(values)
    )
    return result.rowcount == 1


def waiting(connection: Connection, *, at: datetime, offices: Collection[str] | None = None) -> int:
    """Letters that could be tried at `at`; `offices`: only theirs, None: of all."""
    query = select(func.count()).select_from(letter).where(*_ready(at, offices))
    return connection.scalar(query) or 0


def _ready(at: datetime, offices: Collection[str] | None) -> list[ColumnElement[bool]]:
    """Queued ones whose time has come, and those whose sender lost its lease."""
    due = and_(letter.c.state == Standing.QUEUED.value, letter.c.try_at <= at)
    theirs = [] if offices is None else [letter.c.office.in_(offices)]
    return [or_(due, lease_lost(at)), *theirs]


def lease_lost(at: datetime) -> ColumnElement[bool]:
    """Claimed by a sender that did not come back in time."""
    return and_(letter.c.state == Standing.SENDING.value, letter.c.lease_until < at)


def counts(connection: Connection) -> dict[str, int]:
    """Letters by standing."""
    rows = connection.execute(select(letter.c.state, func.count()).group_by(letter.c.state))
    return {row[0]: row[1] for row in rows}


def give_back(connection: Connection, ids: list[int], owner: str) -> None:
    """Letters that were claimed and never tried are queued again, no attempt counted."""
    connection.execute(
        update(letter)
        .where(letter.c.id.in_(ids), letter.c.owner == owner)
        .values(
            state=Standing.QUEUED.value,
            owner=None,
            lease_until=None,
            attempts=letter.c.attempts - 1,
        )
    )


def back_off(connection: Connection, until: datetime) -> None:
    """Leave the server alone: no queued letter is tried before `until`."""
    connection.execute(
        update(letter)
        .where(letter.c.state == Standing.QUEUED.value, letter.c.try_at < until)
        .values(try_at=until)
    )
