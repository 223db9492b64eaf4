"""What departments have read of their items: by letters that were handed over and did not come back."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, Integer, or_, select

from duban.assignment import Assignment
from duban.known import NOTHING, Known
from duban.ladder import CANCEL, CHANGE
from duban.letter import Kind
from duban.stages import owed
from state.given import as_rows, given
from state.standing import Phase, Standing
from state.tables import delivery, letter_item


def of_changes(connection: Connection, items: Iterable[Assignment]) -> Known:
    """What is known of those of which a change is owed."""
    changing = [item for item in items if owed(item)]
    return Known(heard=heard(connection, changing)) if changing else NOTHING


def heard(connection: Connection, items: Iterable[Assignment]) -> dict[str, date | None]:
    """By key: the due date that its department read last; None: that there is none. Of which nothing was
    read, or a cancellation last, are left out.

    A letter whose body was begun may have been read, also where the server refused it afterwards.
    """
    keys = {item.row: item.key for item in items}
    wanted, c = given(connection, row=Integer()), letter_item.c
    query = (
        select(c.assignment_id, c.stage, c.due, c.told_before)
        .join(wanted, wanted.c.row == c.assignment_id)
        .join(delivery, delivery.c.letter_id == c.letter_id)
        .where(
            c.sent_key.is_not(None),
            c.kind != Kind.OVERSIGHT.value,
            or_(delivery.c.state == Standing.ACCEPTED.value, delivery.c.phase == Phase.BODY.value),
        )
        .order_by(c.id)
    )
    found: dict[str, date | None] = {}
    for row in connection.execute(query, {"rows": as_rows({"row": row} for row in keys)}):
        key = keys[row.assignment_id]
        if row.stage == CANCEL:
            found.pop(key, None)
        else:
            gone = row.stage == CHANGE and row.due == row.told_before
            found[key] = None if gone else row.due
    return found
