"""The last look before sending: letters that are no longer true are withdrawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, or_, select, update

from duban.assignment import Assignment
from duban.completion import State
from duban.desk import Desk
from duban.ladder import CANCEL, CHANGE, NOTICE
from duban.letter import Kind
from duban.stages import scheduled
from state.assignments import change, find_row, note
from state.queue import lease_lost
from state.standing import Standing
from state.tables import assignment, digest, letter, letter_item


@dataclass(frozen=True, slots=True)
class Queued:
    """A letter that was not begun to be handed over, and the assignments that it speaks of."""

    recipient: str
    subject: str
    about: frozenset[str]


def queued(connection: Connection, office: str, at: datetime) -> list[Queued]:
    rows = connection.execute(
        select(letter.c.id, letter.c.recipient, letter.c.subject, assignment.c.key)
        .join(letter_item, letter_item.c.letter_id == letter.c.id)
        .join(assignment, assignment.c.id == letter_item.c.assignment_id)
        .where(letter.c.office == office, *_waiting(at))
        .order_by(letter.c.id)
    )
    found: dict[int, tuple[str, str, set[str]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.recipient, row.subject, set()))[2].add(row.key)
    return [Queued(who, subject, frozenset(keys)) for who, subject, keys in found.values()]


def _waiting(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Surely not handed over, and in nobody's hands: a sender that died before the body counts."""
    free = or_(letter.c.state == Standing.QUEUED.value, lease_lost(at))
    return free, letter.c.phase.is_(None)


def withdraw_outdated(
    connection: Connection, desks: Mapping[str, Desk], *, at: datetime, today: Mapping[str, date]
) -> int:
    """Withdraw letters that are no longer true; what they said counts as never said. Returns how many.

    `desks` and `today` are by office. Outdated is a letter of an earlier day, or one with an item that
    was done, withdrawn or moved. A letter whose body was begun may have arrived and is left as it is.
    """
    query = select(letter).where(*_waiting(at), letter.c.office.in_(desks))
    count = 0
    for row in connection.execute(query).all():
        if row.day < today.get(row.office, row.day) or _untrue(connection, row.id):
            _withdraw(connection, desks[row.office], row, at)
            count += 1
    return count


def _untrue(connection: Connection, number: int) -> bool:
    return any(
        not _holds(item, find_row(connection, item.assignment_id))
        for item in _items(connection, number)
    )


def _holds(item: Row[Any], now: Assignment) -> bool:
    """Whether the item still says what is so."""
    if now.version != item.version:
        return False
    if item.stage == CANCEL:
        return now.state is State.WITHDRAWN
    if item.stage == CHANGE:
        return now.state.open and now.told == now.target
    return now.state.chased and now.target == item.due


def _items(connection: Connection, number: int) -> Sequence[Row[Any]]:
    return connection.execute(select(letter_item).where(letter_item.c.letter_id == number)).all()


def _withdraw(connection: Connection, desk: Desk, row: Row[Any], at: datetime) -> None:
    for item in _items(connection, row.id):
        if item.kind == Kind.DIGEST.value:
            connection.execute(
                delete(digest).where(digest.c.office == row.office, digest.c.day == row.day)
            )
            continue
        now = find_row(connection, item.assignment_id)
        again = scheduled(desk, _unsaid(item, now))
        change(connection, now, again)
        note(connection, now, again, at=at, act="unsend", actor="duban", letter=row.id)
    connection.execute(
        update(letter_item).where(letter_item.c.letter_id == row.id).values(sent_key=None)
    )
    connection.execute(
        update(letter)
        .where(letter.c.id == row.id)
        .values(
            state=Standing.WITHDRAWN.value,
            key=f"{row.key}/withdrawn-{row.id}",
            owner=None,
            lease_until=None,
        )
    )


def _unsaid(item: Row[Any], now: Assignment) -> Assignment:
    """The assignment as if the letter had not been written; what people did since then stays."""
    if item.stage == CANCEL and now.state is State.PLANNED and now.held:
        now = replace(now, state=now.held, held=None, stage_on=item.stage_on_before)
    notice = item.stage == NOTICE
    planned = notice and now.state is State.NOTIFIED
    held = State.PLANNED if notice and now.held is State.NOTIFIED else now.held
    same = now.version == item.version
    return replace(
        now,
        state=State.PLANNED if planned else now.state,
        held=held,
        told=item.told_before,
        stage=item.stage_before,
        stage_on=item.stage_on_before if same or planned else now.stage_on,
    )
