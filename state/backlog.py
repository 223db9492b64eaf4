"""What is not done yet in the outbox, and what went wrong lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from state.standing import Standing
from state.tables import delivery, event, letter
from state.words import word


@dataclass(frozen=True, slots=True)
class Backlog:
    """Numbers of letters; the last two only of those written since a given instant."""

    queued: int
    oldest: datetime | None
    """When the oldest queued letter was written."""
    failed: int
    doubtful: int
    """Perhaps sent twice."""


def backlog(connection: Connection, *, since: datetime) -> Backlog:
    written = select(func.count(), func.min(letter.c.written_at)).join(
        delivery, delivery.c.letter_id == letter.c.id
    )
    lately = letter.c.written_at >= since
    queued, oldest = connection.execute(
        written.where(delivery.c.state == Standing.QUEUED.value)
    ).one()
    failed, _ = connection.execute(
        written.where(delivery.c.state == Standing.FAILED.value, lately)
    ).one()
    doubtful, _ = connection.execute(
        written.where(delivery.c.possible_duplicates > 0, lately)
    ).one()
    return Backlog(queued, oldest, failed, doubtful)


@dataclass(frozen=True, slots=True)
class Holder:
    """A sender with letters in its hands."""

    owner: str
    letters: int
    lease_until: datetime
    """The last of their leases to end."""


def holders(connection: Connection) -> list[Holder]:
    return [Holder(*row) for row in connection.execute(_HOLDERS)]


_HOLDERS = (
    select(delivery.c.owner, func.count(), func.max(delivery.c.lease_until))
    .where(delivery.c.state == word(Standing.SENDING))
    .group_by(delivery.c.owner)
)


def newest(connection: Connection) -> datetime | None:
    """When the last letter or event was written; None when there is neither."""
    last_letter = select(letter.c.written_at).order_by(letter.c.id.desc()).limit(1)
    last_event = select(event.c.at).order_by(event.c.id.desc()).limit(1)
    found = (connection.scalar(query) for query in (last_letter, last_event))
    return max((at for at in found if at), default=None)
