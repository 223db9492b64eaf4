"""Letters that belong to no morning: one alone, with a key of its own; nothing else hangs on it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from state.standing import Standing
from state.tables import delivery, letter, letter_body


@dataclass(frozen=True, slots=True)
class Apart:
    """A letter as it will go out, byte for byte."""

    key: str
    office: str
    day: date
    kind: str
    recipient: str
    recipient_name: str
    subject: str
    message_id: str
    sender: str
    mime: bytes


def known(connection: Connection, key: str) -> bool:
    """Whether a letter with that key was written."""
    return connection.scalar(select(letter.c.id).where(letter.c.key == key)) is not None


def post(connection: Connection, one: Apart, *, at: datetime) -> bool:
    """Put it into the outbox; False when another process has done so."""
    try:
        with connection.begin_nested():
            _write(connection, one, at)
    except IntegrityError:
        return False
    return True


def _write(connection: Connection, one: Apart, at: datetime) -> None:
    written = connection.execute(
        insert(letter).values(
            key=one.key,
            office=one.office,
            day=one.day,
            kind=one.kind,
            recipient=one.recipient,
            recipient_name=one.recipient_name,
            departments="",
            subject=one.subject,
            message_id=one.message_id,
            written_at=at,
        )
    )
    (number,) = written.inserted_primary_key or (None,)
    connection.execute(
        insert(letter_body).values(letter_id=number, sender=one.sender, mime=one.mime)
    )
    connection.execute(
        insert(delivery).values(
            letter_id=number, office=one.office, state=Standing.QUEUED.value, try_at=at
        )
    )
