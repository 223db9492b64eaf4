"""What a digest said: its items as they stood when it was written, beside how they stand now."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from duban.assignment import Assignment
from duban.completion import State
from duban.letter import Kind
from state.assignments import from_row
from state.items import PAGE
from state.tables import assignment, event, letter, letter_item


@dataclass(frozen=True, slots=True)
class Digest:
    """A letter with a digest in it."""

    written_at: datetime
    departments: dict[str, int]
    """By id: how many items of it were overdue; most first."""

    @property
    def total(self) -> int:
        return sum(self.departments.values())


@dataclass(frozen=True, slots=True)
class Told:
    """One item, as the letter told it and as it is."""

    now: Assignment
    due: date
    state: State


def digest(connection: Connection, number: int) -> Digest | None:
    """None where the letter with that number held none."""
    c = assignment.c
    query = (
        select(letter.c.written_at, c.department, func.count().label("items"))
        .join(letter_item, letter_item.c.letter_id == letter.c.id)
        .join(assignment, c.id == letter_item.c.assignment_id)
        .where(letter.c.id == number, letter_item.c.kind == Kind.DIGEST.value)
        .group_by(letter.c.written_at, c.department)
        .order_by(func.count().desc(), c.department)
    )
    rows = connection.execute(query).all()
    if not rows:
        return None
    return Digest(rows[0].written_at, {row.department: row.items for row in rows})


def items(
    connection: Connection, number: int, written: Digest, *, start: int = 0, most: int = PAGE
) -> list[Told]:
    """A page of them: by department as in `written`, the longest overdue first."""
    c, latest = assignment.c, event.alias("latest")
    before = (
        select(latest.c.to_state)
        .where(
            latest.c.assignment_id == c.id,
            latest.c.at <= written.written_at,
            latest.c.to_state.is_not(None),
        )
        .order_by(latest.c.id.desc())
        .limit(1)
        .correlate(assignment)
        .scalar_subquery()
    )
    size = func.count().over(partition_by=c.department)
    query = (
        select(assignment, letter_item.c.due.label("told_due"), before.label("told_state"))
        .join(letter_item, letter_item.c.assignment_id == c.id)
        .where(letter_item.c.letter_id == number, letter_item.c.kind == Kind.DIGEST.value)
        .order_by(size.desc(), c.department, letter_item.c.due, letter_item.c.id)
        .offset(start)
        .limit(most)
    )
    return [
        Told(from_row(row), row.told_due, State(row.told_state or row.state))
        for row in connection.execute(query)
    ]
