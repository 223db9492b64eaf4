"""Whether people's addresses work: what became of their last letter, and when they last answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from state.standing import Standing
from state.tables import delivery, event, letter


@dataclass(frozen=True, slots=True)
class Reach:
    """Of one address. `letters`: since the day that was asked for; `heard`: the last act by a link."""

    state: Standing
    reply: str
    day: date
    letters: int
    heard: datetime | None


def reach(
    connection: Connection, office: str, addresses: Collection[str], since: date
) -> dict[str, Reach]:
    """By address; none for those that got no letter since."""
    mine = (
        letter.c.office == office,
        letter.c.recipient.in_(sorted(addresses)),
        letter.c.day >= since,
    )
    newest = (
        select(func.max(letter.c.id).label("id"), func.count().label("letters"))
        .where(*mine)
        .group_by(letter.c.recipient)
        .subquery()
    )
    last = (
        select(
            letter.c.recipient, letter.c.day, newest.c.letters, delivery.c.state, delivery.c.reply
        )
        .join(newest, newest.c.id == letter.c.id)
        .join(delivery, delivery.c.letter_id == letter.c.id)
    )
    said = (
        select(letter.c.recipient, func.max(event.c.at).label("at"))
        .join(event, event.c.letter_id == letter.c.id)
        .where(*mine, event.c.via.like("link %"))
        .group_by(letter.c.recipient)
    )
    heard = {row.recipient: row.at for row in connection.execute(said)}
    return {
        row.recipient: Reach(
            Standing(row.state), row.reply or "", row.day, row.letters, heard.get(row.recipient)
        )
        for row in connection.execute(last)
    }
