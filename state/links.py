"""Links in letters: which letter one leads to, what it opens, and which open nothing any more."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, insert, select
from sqlalchemy.exc import IntegrityError

from duban.desk import OFFICE
from duban.letter import LEADERS
from state.assignments import Conflict, Unknown
from state.scope import Scope
from state.tables import assignment, event, letter, letter_item, link_revoked, receipt, receipt_lead
from state.words import words


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who comes by a letter's link: whoever has the letter, which may have been passed on."""

    letter: int
    office: str
    departments: frozenset[str]
    """Those whose work the letter speaks of; what a digest says of others is none of it."""
    recipient: str
    recipient_name: str
    kind: str
    """Of the letter: a value of duban.letter.Kind."""
    day: date
    """Of the letter."""
    revoked: bool = False

    @property
    def scope(self) -> Scope:
        return Scope(self.office, self.departments)


def find(connection: Connection, number: UUID) -> Bearer | None:
    """By the left side of its Message-ID."""
    row = connection.execute(_FIND, _span(f"<{number}@")).first()
    if row is None:
        return None
    return Bearer(
        row.id,
        row.office,
        _departments(connection, row.id),
        row.recipient,
        row.recipient_name,
        row.kind,
        row.day,
        row.revoked,
    )


def _span(text: str) -> dict[str, str]:
    """What begins with an ASCII text lies from `first` on and before `after`: words for which an index
    is used."""
    return {"first": text, "after": f"{text[:-1]}{chr(ord(text[-1]) + 1)}"}


_FIND = (
    select(letter, exists().where(link_revoked.c.letter_id == letter.c.id).label("revoked"))
    .where(letter.c.message_id >= bindparam("first"), letter.c.message_id < bindparam("after"))
    .limit(1)
)


def _departments(connection: Connection, number: int) -> frozenset[str]:
    return frozenset(connection.scalars(_DEPARTMENTS, {"number": number})) - {OFFICE}


_DEPARTMENTS = (
    select(assignment.c.department)
    .join(letter_item, letter_item.c.assignment_id == assignment.c.id)
    .where(
        letter_item.c.letter_id == bindparam("number"),
        letter_item.c.kind.not_in(words(LEADERS)),
    )
    .union(
        select(assignment.c.department)
        .join(event, event.c.assignment_id == assignment.c.id)
        .join(receipt, receipt.c.event_id == event.c.id)
        .where(receipt.c.told_in == bindparam("number")),
        select(receipt_lead.c.department).where(receipt_lead.c.told_in == bindparam("number")),
    )
)


def revoke(
    connection: Connection, office: str, number: int, *, at: datetime, actor: str, via: str
) -> None:
    """The link of that letter opens nothing any more. Raises Unknown, Conflict (it is so already)."""
    found = connection.scalar(
        select(letter.c.id).where(letter.c.id == number, letter.c.office == office)
    )
    if found is None:
        raise Unknown("没有这封信")
    try:
        with connection.begin_nested():
            _revoke(connection, office, [number], at, actor, via)
    except IntegrityError:
        raise Conflict("这封信的链接已经停用，不必再停用一次") from None


def revoke_all(
    connection: Connection, office: str, recipient: str, *, at: datetime, actor: str, via: str
) -> int:
    """Of every letter of that office to that address; returns how many opened something until now."""
    query = select(letter.c.id).where(
        letter.c.recipient == recipient,
        letter.c.office == office,
        ~exists().where(link_revoked.c.letter_id == letter.c.id),
    )
    numbers = list(connection.scalars(query))
    if numbers:
        _revoke(connection, office, numbers, at, actor, via)
    return len(numbers)


def _revoke(
    connection: Connection, office: str, numbers: list[int], at: datetime, actor: str, via: str
) -> None:
    connection.execute(
        insert(link_revoked), [{"letter_id": one, "at": at, "by": actor[:120]} for one in numbers]
    )
    connection.execute(
        insert(event),
        [
            {
                "at": at,
                "office": office,
                "letter_id": one,
                "act": "revoke",
                "actor": actor,
                "reason": "",
                "via": via,
            }
            for one in numbers
        ],
    )
