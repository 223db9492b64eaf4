"""The last look before sending: letters that are no longer true are withdrawn."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from duban.assignment import Assignment
from duban.completion import State
from duban.ladder import NOTICE
from duban.letter import Kind
from state.assignments import change, find_row, note
from state.standing import Standing
from state.tables import digest, letter, letter_item


def withdraw_outdated(connection: Connection, *, at: datetime, today: dict[str, date]) -> int:
    """The last look: letters that are no longer true are withdrawn, and what still holds in them
    becomes due again. Returns how many. `today`: each office's date.

    Outdated is a letter of an earlier day, or one with an item that was done, withdrawn or moved. A
    letter whose body was begun may have arrived and is left as it is.
    """
    query = select(letter).where(letter.c.state == Standing.QUEUED.value, letter.c.phase.is_(None))
    count = 0
    for row in connection.execute(query).all():
        if row.day < today.get(row.office, row.day) or _untrue(connection, row.id):
            _withdraw(connection, row, at)
            count += 1
    return count


def _untrue(connection: Connection, number: int) -> bool:
    return any(
        not _holds(item, find_row(connection, item.assignment_id))
        for item in _items(connection, number)
        if item.kind != Kind.DIGEST.value
    )


def _holds(item: Row[Any], now: Assignment) -> bool:
    """Whether the item still says what is so."""
    return now.state.chased and now.version == item.version and now.target == item.due


def _items(connection: Connection, number: int) -> Sequence[Row[Any]]:
    return connection.execute(select(letter_item).where(letter_item.c.letter_id == number)).all()


def _withdraw(connection: Connection, row: Row[Any], at: datetime) -> None:
    for item in _items(connection, row.id):
        if item.kind == Kind.DIGEST.value:
            connection.execute(
                delete(digest).where(digest.c.office == row.office, digest.c.day == row.day)
            )
            continue
        now = find_row(connection, item.assignment_id)
        if _holds(item, now) and now.stage == item.stage and now.stage_on == row.day:
            again = replace(
                now,
                state=State.PLANNED if item.stage == NOTICE else now.state,
                stage=item.stage_before,
                stage_on=item.stage_on_before,
                next_stage=item.stage,
                next_on=row.day,
            )
            change(connection, now, again)
            note(connection, now, again, at=at, act="unsend", actor="duban", letter=row.id)
    connection.execute(
        update(letter_item).where(letter_item.c.letter_id == row.id).values(sent_key=None)
    )
    connection.execute(
        update(letter)
        .where(letter.c.id == row.id)
        .values(state=Standing.WITHDRAWN.value, key=f"{row.key}/withdrawn-{row.id}")
    )
