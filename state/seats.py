"""Seats: the machines and folders that may send from this database. See docs/promise.md, rule 9.

Each seat keeps a token and a turn in a file beside the database. The turn counts the times that it
began to send. A database that was copied elsewhere finds no such file; one that was restored from a
backup is behind its file. Either would send again what was sent already, so a person must confirm.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from state.tables import seat


@dataclass(frozen=True, slots=True)
class Seat:
    """What is written in the file."""

    token: str
    turn: int


class Doubt(StrEnum):
    """Why this database must not send from this place."""

    STRANGER = "stranger"
    """It has sent from elsewhere, and never from here."""
    NO_FILE = "no file"
    """It has sent from here, but the place does not know of it."""
    OTHER = "other"
    """The place knows another database, or another copy of this one sent from it."""
    RESTORED = "restored"
    """The place has gone on since this copy was made."""

    @property
    def label(self) -> str:
        return {
            "stranger": "这个数据库是从别的机器或目录复制来的",
            "no file": "本机存放的身份文件不见了",
            "other": "本机的身份文件属于另一个数据库",
            "restored": "这个数据库是从备份恢复的，之后寄出的信它不知道",
        }[self.value]


def doubt(connection: Connection, place: str, kept: Seat | None) -> Doubt | None:
    """Why nothing may be sent from `place`, whose file says `kept`; None: it may."""
    row = connection.execute(_SEAT, {"place": place}).one_or_none()
    if row is None:
        anyone = connection.scalar(_ANYONE)
        if not anyone and kept is None:
            return None
        return Doubt.STRANGER if kept is None else Doubt.OTHER
    if kept is None:
        return Doubt.NO_FILE
    if kept.token != row.token:
        return Doubt.OTHER
    return Doubt.RESTORED if kept.turn > row.turn else None


_SEAT = select(seat).where(seat.c.place == bindparam("place"))
_ANYONE = select(func.count()).select_from(seat)


def take_turn(connection: Connection, place: str, *, at: datetime, by: str = "duban") -> Seat:
    """Begin to send from `place`; returns what its file has to say from now on.

    The first one from a new database is confirmed without asking. Write the file after the commit: a
    file that is one turn behind is no doubt.
    """
    turn = (
        update(seat)
        .where(seat.c.place == place)
        .values(turn=seat.c.turn + 1)
        .returning(seat.c.token, seat.c.turn)
    )
    row = connection.execute(turn).one_or_none()
    if row is None:
        _sit(connection, place, Seat(uuid4().hex, 0), at, by)
        row = connection.execute(turn).one()
    return Seat(row.token, row.turn)


def confirm(connection: Connection, place: str, *, at: datetime, by: str) -> Seat:
    """A person says that this database is the right one to send from `place`."""
    connection.execute(delete(seat).where(seat.c.place == place))
    _sit(connection, place, Seat(uuid4().hex, 0), at, by)
    return take_turn(connection, place, at=at, by=by)


def _sit(connection: Connection, place: str, new: Seat, at: datetime, by: str) -> None:
    try:
        with connection.begin_nested():
            connection.execute(
                insert(seat).values(
                    place=place,
                    token=new.token,
                    turn=new.turn,
                    confirmed_at=at,
                    confirmed_by=by,
                )
            )
    except IntegrityError:
        """Another process of this place did it."""
