"""The queue of the outbox: claim, send (elsewhere), record. No claim, no send."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Select, bindparam, case, func, or_, select, update

from state.bulk import write_once
from state.given import among, as_rows
from state.queuesql import OTHERWISE, statements
from state.standing import Phase, Standing
from state.tables import Instant, delivery
from state.words import word

FAR = timedelta(days=2)
"""No lease and no deferral is so long: what ends later was written by a clock that was ahead."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that one sender holds until its lease ends."""

    id: int
    office: str
    sender: str
    recipient: str
    message_id: str
    mime: bytes
    attempts: int
    """This one counted."""
    deferred_since: datetime | None
    """When a server first put this recipient off, over all its letters since."""
    doubtful: bool
    """An earlier attempt may have arrived."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a claimed letter."""

    id: int
    standing: Standing
    at: datetime
    code: int | None
    reply: str
    try_at: datetime | None = None
    """When to try it again; None unless it is queued."""
    doubtful: bool = False
    """It may have arrived all the same."""
    counted: bool = True
    """False: the server's or our own trouble, not this letter's, so that no attempt is counted."""
    deferred_since: datetime | None = None


def recover(connection: Connection, *, at: datetime, dead: Collection[str] = ()) -> int:
    """Queue again what senders left: those that lost their lease, and the `dead` ones. Returns how many.

    A letter whose body was begun stays doubtful: it is sent again byte for byte. Of one that was not,
    no attempt is counted. What a clock that was far ahead put off is tried now.
    """
    connection.execute(update(delivery).where(*_put_off(at)).values(try_at=at))
    lost = or_(
        delivery.c.lease_until < at,
        delivery.c.lease_until > at + FAR,
        delivery.c.owner.in_(dead),
    )
    tried = case((delivery.c.phase.is_(None), 0), else_=1)
    freed = connection.execute(
        update(delivery)
        .where(delivery.c.state == Standing.SENDING.value, lost)
        .values(
            state=Standing.QUEUED.value,
            owner=None,
            lease_until=None,
            try_at=at,
            attempts=delivery.c.attempts - 1 + tried,
        )
    )
    return freed.rowcount


def put_off(connection: Connection, *, at: datetime) -> bool:
    """Whether a letter waits for a moment so far off that a clock must have been wrong."""
    query = select(delivery.c.letter_id).where(*_put_off(at)).limit(1)
    return connection.scalar(query) is not None


def _put_off(at: datetime) -> list[Any]:
    return [delivery.c.state == Standing.QUEUED.value, delivery.c.try_at > at + FAR]


def owners(connection: Connection) -> set[str]:
    """Senders that hold letters."""
    query = select(delivery.c.owner).where(delivery.c.state == Standing.SENDING.value).distinct()
    return set(connection.scalars(query))


def claim(
    connection: Connection,
    *,
    owner: str,
    at: datetime,
    lease: timedelta,
    limit: int,
    offices: Collection[str] | None = None,
) -> list[Claimed]:
    """Take up to `limit` queued letters that may be tried at `at`, the longest waiting first.

    `offices`: only theirs; None: of all. Two senders never get the same letter; on PostgreSQL none
    waits for another (SKIP LOCKED).
    """
    ids = connection.scalars(_claim(connection, offices), {"now": at, "limit": limit}).all()
    if not ids:
        return []
    rows = as_rows({"id": id} for id in ids)
    taken = statements(connection)["take"]
    connection.execute(taken, {"rows": rows, "owner_": owner, "until": at + lease})
    return [
        Claimed(*row, doubtful=phase == Phase.BODY.value)  # type: ignore[misc]
        for *row, phase in connection.execute(statements(connection)["read"], {"rows": rows})
    ]


def bodies_began(
    connection: Connection, ids: Sequence[int], owner: str, *, lease_until: datetime
) -> set[int]:
    """Record that these bodies are about to be written; returns those that `owner` still holds.

    A body that is begun once more is counted as a possible duplicate.
    """
    rows = as_rows({"id": id} for id in ids)
    values = {"rows": rows, "owner_": owner, "until": lease_until}
    began = write_once(connection, statements(connection)["begin"], values)
    return set(began.scalars())


def record(connection: Connection, ends: Sequence[Ended], owner: str) -> list[int]:
    """Write what became of claimed letters; returns those that `owner` holds no longer (log them).

    What is written once more, because nobody knew whether the first time had worked, comes back too.
    """
    accepted = [_sent(one) for one in ends if one.standing is Standing.ACCEPTED]
    others = [_unsent(one) for one in ends if one.standing is not Standing.ACCEPTED]
    refused: set[int] = set()
    if accepted:
        at = ends[-1].at
        values = {"rows": as_rows(accepted), "owner_": owner, "at": at}
        written = write_once(connection, statements(connection)["accept"], values).rowcount
        if written != len(accepted):
            refused = _not_accepted(connection, [one["id"] for one in accepted], at)
    if others:
        query = select(delivery.c.letter_id).where(
            delivery.c.letter_id.in_([one["id_"] for one in others]), delivery.c.owner == owner
        )
        ours = set(connection.scalars(query))
        refused |= {one["id_"] for one in others} - ours
        if rows := [{**one, "owner_": owner} for one in others if one["id_"] in ours]:
            connection.execute(OTHERWISE, rows)
    return sorted(refused)


def _not_accepted(connection: Connection, ids: Sequence[int], at: datetime) -> set[int]:
    """Those that were not written as accepted at that very moment."""
    query = select(delivery.c.letter_id).where(
        delivery.c.letter_id.in_(ids), delivery.c.accepted_at == at
    )
    return set(ids) - set(connection.scalars(query))


def _sent(end: Ended) -> dict[str, Any]:
    return {"id": end.id, "code": end.code, "reply": end.reply}


def _unsent(end: Ended) -> dict[str, Any]:
    return {
        "id_": end.id,
        "standing": end.standing.value,
        "phase_": Phase.BODY.value if end.doubtful else None,
        "attempts_": 0 if end.counted else 1,
        "try_at_": end.try_at or end.at,
        "since": end.deferred_since,
        "code_": end.code,
        "reply_": end.reply,
    }


def give_back(connection: Connection, ids: Sequence[int], owner: str) -> int:
    """Letters that were claimed and never tried are queued again, no attempt counted; returns how many."""
    given = connection.execute(
        update(delivery)
        .where(delivery.c.letter_id.in_(ids), delivery.c.owner == owner)
        .values(
            state=Standing.QUEUED.value,
            owner=None,
            lease_until=None,
            attempts=delivery.c.attempts - 1,
        )
    )
    return given.rowcount


def waiting(
    connection: Connection, *, at: datetime, offices: Collection[str] | None = None
) -> bool:
    """Whether a letter could be tried at `at`; `offices`: only theirs, None: of all."""
    query = _ready(connection, offices).limit(1)
    return connection.scalar(query, {"now": at}) is not None


_READY = select(delivery.c.letter_id).where(
    delivery.c.state == word(Standing.QUEUED), delivery.c.try_at <= bindparam("now", type_=Instant)
)


def _ready(connection: Connection, offices: Collection[str] | None) -> Select[Any]:
    return (
        _READY if offices is None else _READY.where(among(connection, delivery.c.office, offices))
    )


def _first(ready: Select[Any]) -> Select[Any]:
    ordered = ready.order_by(delivery.c.try_at, delivery.c.letter_id)
    return ordered.limit(bindparam("limit", type_=Integer)).with_for_update(skip_locked=True)


_CLAIM = _first(_READY)


def _claim(connection: Connection, offices: Collection[str] | None) -> Select[Any]:
    return _CLAIM if offices is None else _first(_ready(connection, offices))


def counts(connection: Connection) -> dict[str, int]:
    """Letters by standing."""
    rows = connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
    return {row[0]: row[1] for row in rows}
