"""Whether people's addresses work: what became of their last letter, and when they last answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, literal_column, select

from duban.completion import Act
from state.standing import Standing
from state.tables import assignment, delivery, event, letter
from state.words import words


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
    values = {"office": office, "addresses": sorted(addresses), "since": since}
    heard = {row.recipient: row.at for row in connection.execute(_HEARD, values)}
    return {
        row.recipient: Reach(
            Standing(row.state), row.reply or "", row.day, row.letters, heard.get(row.recipient)
        )
        for row in connection.execute(_LAST, values)
    }


_MINE = (
    letter.c.office == bindparam("office"),
    letter.c.recipient.in_(bindparam("addresses", expanding=True)),
    letter.c.day >= bindparam("since"),
)
_NEWEST = (
    select(func.max(letter.c.id).label("id"), func.count().label("letters"))
    .where(*_MINE)
    .group_by(letter.c.recipient)
    .subquery()
)
_LAST = (
    select(letter.c.recipient, letter.c.day, _NEWEST.c.letters, delivery.c.state, delivery.c.reply)
    .join(_NEWEST, _NEWEST.c.id == letter.c.id)
    .join(delivery, delivery.c.letter_id == letter.c.id)
)
_HEARD = (
    select(letter.c.recipient, func.max(event.c.at).label("at"))
    .join(event, event.c.letter_id == letter.c.id)
    .where(*_MINE, event.c.via.like(literal_column("'link %'")))
    .group_by(letter.c.recipient)
)


def answered(
    connection: Connection, office: str, departments: Collection[str], since: datetime
) -> frozenset[str]:
    """Those of the departments of which anything was signed for or reported since, by whatever way."""
    values = {"office": office, "departments": sorted(departments), "since": since}
    return frozenset(connection.scalars(_ANSWERED, values))


_ANSWERED = (
    select(assignment.c.department)
    .distinct()
    .join(event, event.c.assignment_id == assignment.c.id)
    .where(
        assignment.c.office == bindparam("office"),
        assignment.c.department.in_(bindparam("departments", expanding=True)),
        event.c.act.in_(words((Act.ACKNOWLEDGE, Act.REPORT))),
        event.c.at >= bindparam("since"),
    )
)
