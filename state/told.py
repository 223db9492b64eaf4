"""What a digest said: its items as they stood when it was written, beside how they stand now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Integer, bindparam, func, select

from duban.assignment import Assignment
from duban.completion import State
from duban.letter import LEADERS
from state.assignments import from_row
from state.items import PAGE
from state.tables import assignment, event, letter, letter_item
from state.words import words


@dataclass(frozen=True, slots=True)
class Digest:
    """A letter with a digest in it."""

    written_at: datetime
    departments: dict[str, int]
    """By id: how many items of it were overdue; most first."""

    @property
    def total(self) -> int:
        return sum(self.departments.values())


NOTHING = Digest(datetime.min.replace(tzinfo=UTC), {})
"""One that told of no item."""


@dataclass(frozen=True, slots=True)
class Told:
    """One item, as the letter told it and as it is."""

    now: Assignment
    due: date
    state: State


def digest(connection: Connection, number: int) -> Digest | None:
    """None where the letter with that number held none."""
    rows = connection.execute(_DIGEST, {"letter": number}).all()
    if not rows:
        return None
    return Digest(rows[0].written_at, {row.department: row.items for row in rows})


def items(
    connection: Connection, number: int, written: Digest, *, start: int = 0, most: int = PAGE
) -> list[Told]:
    """A page of them: by department as in `written`, the longest overdue first."""
    asked = {"letter": number, "at": written.written_at, "start": start, "most": most}
    return [
        Told(from_row(row), row.told_due, State(row.told_state or row.state))
        for row in connection.execute(_ITEMS, asked).all()
    ]


# --- the statements, written once ---


_SHOWN = letter_item.alias("shown")
_OF_DIGEST = (
    letter_item.c.letter_id == bindparam("letter"),
    letter_item.c.kind
    == select(func.min(_SHOWN.c.kind))
    .where(
        _SHOWN.c.letter_id == bindparam("letter"),
        _SHOWN.c.kind.in_(words(LEADERS)),
    )
    .scalar_subquery(),
)
"""A digest holds all that a report of what was urged (`oversight`) does, so that one of the two does."""
_DIGEST = (
    select(letter.c.written_at, assignment.c.department, func.count().label("items"))
    .join(letter_item, letter_item.c.letter_id == letter.c.id)
    .join(assignment, assignment.c.id == letter_item.c.assignment_id)
    .where(*_OF_DIGEST)
    .group_by(letter.c.written_at, assignment.c.department)
    .order_by(func.count().desc(), assignment.c.department)
)
_LATEST = event.alias("latest")
_BEFORE = (
    select(_LATEST.c.to_state)
    .where(
        _LATEST.c.assignment_id == assignment.c.id,
        _LATEST.c.at <= bindparam("at"),
        _LATEST.c.to_state.is_not(None),
    )
    .order_by(_LATEST.c.id.desc())
    .limit(1)
    .correlate(assignment)
    .scalar_subquery()
)
"""The state of an item when the letter was written."""
_SIZE = func.count().over(partition_by=assignment.c.department)
_ITEMS = (
    select(assignment, letter_item.c.due.label("told_due"), _BEFORE.label("told_state"))
    .join(letter_item, letter_item.c.assignment_id == assignment.c.id)
    .where(*_OF_DIGEST)
    .order_by(_SIZE.desc(), assignment.c.department, letter_item.c.due, letter_item.c.id)
    .offset(bindparam("start", type_=Integer))
    .limit(bindparam("most", type_=Integer))
)
