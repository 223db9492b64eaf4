"""Mail servers: how much each was given lately, whether it rests, and whether a person has to release it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from state.tables import handed, mail_server

SLOT = 5
"""Seconds."""
RESTS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
KEPT = timedelta(days=2)
FAR = timedelta(days=2)
"""No rest is so long: one that ends later was written by a clock that was ahead."""


@dataclass(frozen=True, slots=True)
class Server:
    """How one mail server stands with us."""

    name: str
    rest_until: datetime | None = None
    rests: int = 0
    """In a row, without a letter accepted in between."""
    stopped_at: datetime | None = None
    released_at: datetime | None = None
    reason: str = ""

    def open(self, at: datetime) -> bool:
        """Whether it may be tried."""
        return self.stopped_at is None and not self.resting(at)

    def resting(self, at: datetime) -> bool:
        return self.rest_until is not None and at < self.rest_until <= at + FAR


def find(connection: Connection, name: str) -> Server:
    """An unknown one is open."""
    row = connection.execute(_FIND, {"name": name}).one_or_none()
    return Server(**row._mapping) if row else Server(name)


def known(connection: Connection) -> list[Server]:
    """Every server that was ever used."""
    return [Server(**row._mapping) for row in connection.execute(_KNOWN)]


_KNOWN = select(mail_server).order_by(mail_server.c.name)
_FIND = select(mail_server).where(mail_server.c.name == bindparam("name"))


def rest(
    connection: Connection, name: str, *, at: datetime, reason: str, least: timedelta | None = None
) -> datetime:
    """Leave the server alone, longer each time in a row, `least` at least; returns until when."""
    now = hold(connection, name)
    earlier = now.rest_until if now.resting(at) else None
    rests = now.rests if earlier else now.rests + 1
    pause = RESTS[min(rests, len(RESTS)) - 1]
    until = max(at + max(pause, least or pause), earlier or at)
    _change(connection, name, rest_until=until, rests=rests, reason=reason)
    return until


def well(connection: Connection, name: str) -> None:
    """It accepted a letter."""
    connection.execute(
        update(mail_server)
        .where(mail_server.c.name == name, mail_server.c.rests > 0)
        .values(rests=0, rest_until=None, reason="")
    )


def stop(connection: Connection, name: str, *, at: datetime, reason: str) -> None:
    """Nothing is handed to it until a person releases it."""
    if hold(connection, name).stopped_at is None:
        _change(connection, name, stopped_at=at, reason=reason)


def release(connection: Connection, *, at: datetime) -> list[Server]:
    """A person says that mail may go again, everywhere; returns what was stopped or resting."""
    held = [one for one in known(connection) if not one.open(at)]
    for one in held:
        _change(
            connection,
            one.name,
            rest_until=None,
            rests=0,
            stopped_at=None,
            released_at=at,
            reason="",
        )
    return held


def hold(connection: Connection, name: str) -> Server:
    """How it stands; nobody else writes that until the end of the transaction."""
    query = select(mail_server).where(mail_server.c.name == name).with_for_update()
    if connection.execute(query).one_or_none() is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(mail_server).values(name=name, rests=0, reason=""))
        except IntegrityError:
            """Another sender made it."""
    return Server(**connection.execute(query).one()._mapping)


def _change(connection: Connection, name: str, **values: object) -> None:
    connection.execute(update(mail_server).where(mail_server.c.name == name).values(values))


# --- how much it was given ---


def allowance(
    connection: Connection, name: str, limits: Mapping[timedelta, int], *, at: datetime
) -> int | None:
    """How many letters it may be given now; None: any number.

    `limits`: span -> letters in any span of that length, whenever it begins. Senders that ask at the
    same time are asked one after the other.
    """
    if not limits:
        return None
    hold(connection, name)
    return max(
        0, min(most - given(connection, name, at - span, at) for span, most in limits.items())
    )


def given(connection: Connection, name: str, since: datetime, at: datetime) -> int:
    """Letters that it was given from then until `at`; what a clock that was ahead counted is left out."""
    values = {"server": name, "first": _slot(since), "last": _slot(at)}
    return int(connection.scalar(_GIVEN, values) or 0)


_GIVEN = select(func.sum(handed.c.letters)).where(
    handed.c.server == bindparam("server"),
    handed.c.slot.between(bindparam("first"), bindparam("last")),
)


def count(connection: Connection, name: str, letters: int, *, at: datetime) -> None:
    """`letters` more were taken for it; negative: they were not tried after all."""
    slot = _slot(at)
    said = {"of_server": name, "of_slot": slot, "more": letters}
    if connection.execute(_MORE, said).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(handed).values(server=name, slot=slot, letters=letters))
    except IntegrityError:
        connection.execute(_MORE, said)
        return
    old = handed.c.slot < _slot(at - KEPT)
    connection.execute(delete(handed).where(handed.c.server == name, old))


_MORE = (
    update(handed)
    .where(handed.c.server == bindparam("of_server"), handed.c.slot == bindparam("of_slot"))
    .values(letters=handed.c.letters + bindparam("more"))
)


def _slot(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp()) // SLOT
