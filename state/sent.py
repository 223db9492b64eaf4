"""Letters as they were written, for people who look back."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from state.standing import Standing
from state.tables import assignment, delivery, letter, letter_item


@dataclass(frozen=True, slots=True)
class Sent:
    id: int
    day: date
    office: str
    kind: str
    recipient: str
    departments: str
    subject: str
    message_id: str
    state: str
    reply: str
    possible_duplicates: int
    """How often it was sent again though it may have arrived."""
    items: tuple[dict[str, Any], ...]
    """{activity, step, stage, due, certainty, assignment}"""


def letters(connection: Connection, office: str | None, first: date, last: date) -> list[Sent]:
    """Letters of those days that were not withdrawn, in the order of writing."""
    query = (
        select(letter, delivery.c.state, delivery.c.reply, delivery.c.possible_duplicates)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .where(letter.c.day.between(first, last), delivery.c.state != Standing.WITHDRAWN.value)
    )
    if office is not None:
        query = query.where(letter.c.office == office)
    rows = connection.execute(query.order_by(letter.c.id)).all()
    items = _items(connection, office, first, last)
    return [
        Sent(
            row.id,
            row.day,
            row.office,
            row.kind,
            row.recipient,
            row.departments,
            row.subject,
            row.message_id,
            row.state,
            row.reply or "",
            row.possible_duplicates,
            tuple(items.get(row.id, ())),
        )
        for row in rows
    ]


def _items(
    connection: Connection, office: str | None, first: date, last: date
) -> dict[int, list[dict[str, Any]]]:
    query = (
        select(
            letter_item,
            assignment.c.key,
            assignment.c.activity,
            assignment.c.step,
            assignment.c.certainty,
        )
        .join(letter, letter.c.id == letter_item.c.letter_id)
        .join(assignment, assignment.c.id == letter_item.c.assignment_id)
        .where(letter.c.day.between(first, last))
        .order_by(letter_item.c.id)
    )
    if office is not None:
        query = query.where(letter.c.office == office)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.letter_id, []).append(
            {
                "activity": row.activity,
                "step": row.step,
                "stage": row.stage,
                "due": row.due.isoformat(),
                "certainty": row.certainty,
                "assignment": row.key,
            }
        )
    return found
