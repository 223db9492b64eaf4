"""Receipts as rows: which acts the registered contacts were not told of yet, and that they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError

from duban.completion import Act
from duban.desk import OFFICE
from duban.letter import Letter
from duban.request import Kind
from state import outbox, turns
from state.bundles import Frozen
from state.tables import BY_PEOPLE, assignment, event, receipt
from state.words import word

MOST = 500
"""Acts that are looked at together."""
DONE = (Act.ACKNOWLEDGE.value, Act.REPORT.value, *(kind.value for kind in Kind))
"""By whoever had the link: the registered contact is to know of it."""
DECIDED = (Act.RETURN.value, Act.EXEMPT.value, "refuse")
"""By the secretariat, where no other letter says so."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done about an assignment and of which nobody was told."""

    event: int
    at: datetime
    act: str
    actor: str
    reason: str
    decided: bool
    """By the secretariat."""
    key: str
    department: str
    name: str
    step_name: str


def untold(connection: Connection, office: str, since: datetime) -> list[Deed]:
    """The oldest first, MOST at most."""
    rows = connection.execute(_UNTOLD, {"office": office, "since": since})
    return [_deed(row) for row in rows]


def _untold() -> Select[Any]:
    c, a = event.c, assignment.c
    return (
        select(c.id, c.at, c.act, c.actor, c.reason, c.via)
        .add_columns(a.key, a.department, a.name, a.step_name)
        .join(assignment, a.id == c.assignment_id)
        .where(
            BY_PEOPLE,
            c.office == bindparam("office"),
            c.at >= bindparam("since"),
            or_(
                and_(c.via.like(literal_column("'link %'")), c.act.in_(map(word, DONE))),
                and_(c.via.like(literal_column("'console %'")), c.act.in_(map(word, DECIDED))),
            ),
            a.department != literal_column(f"'{OFFICE}'"),
            ~exists().where(receipt.c.event_id == c.id),
        )
        .order_by(c.at, c.id)
        .limit(MOST)
    )


_UNTOLD = _untold()


def post(
    connection: Connection, office: str, letters: Sequence[Frozen], *, at: datetime
) -> list[Letter]:
    """Each letter with what it tells, or not at all: another tick may have told it already.

    Returns those that were written.
    """
    turns.take(connection, [office])
    return [one.letter for one in letters if _post(connection, one, at)]


def _post(connection: Connection, one: Frozen, at: datetime) -> bool:
    events = [told.event for section in one.letter.sections for told in section.receipts]
    try:
        with connection.begin_nested():
            number = outbox.put(connection, [one], at=at)[0]
            rows = [{"event_id": event, "told_in": number} for event in events]
            connection.execute(insert(receipt), rows)
            _note(connection, one.letter.office, number, events, at)
    except IntegrityError:
        return False
    return True


def _note(
    connection: Connection, office: str, number: int, events: Sequence[int], at: datetime
) -> None:
    about = select(event.c.assignment_id).where(event.c.id.in_(events)).distinct()
    lines = [
        {
            "at": at,
            "office": office,
            "assignment_id": row,
            "letter_id": number,
            "act": "receipt",
            "actor": "duban",
        }
        for row in connection.scalars(about)
    ]
    connection.execute(insert(event), lines)


def _deed(row: Row[Any]) -> Deed:
    return Deed(
        row.id,
        row.at,
        row.act,
        row.actor,
        row.reason,
        row.via.startswith("console "),
        row.key,
        row.department,
        row.name,
        row.step_name,
    )
