"""What each department owes in the year."""

from dataclasses import dataclass
from datetime import date, time

from duban.agenda import Agenda
from duban.assignment import Duties, Duty
from duban.desk import Desk
from duban.step import Answer


@dataclass(frozen=True, slots=True)
class Mark:
    """A step that a department owes."""

    activity: str
    step: str
    duty: Duty
    answer: Answer
    notice: date | None
    due: date | None
    """None where no date is known."""
    due_at: time | None
    expected: date | None
    """When it would usually be due, while no date is known."""
    tentative: bool
    """The day may still move: nobody announced it, or the year's holidays are not public yet."""

    @property
    def day(self) -> date | None:
        return self.due or self.expected


@dataclass(frozen=True, slots=True)
class Row:
    """One department's year."""

    department: str
    """Short name."""
    marks: tuple[Mark, ...]
    """Everything that it owes, by day; those without one at the end."""

    @property
    def unknown(self) -> list[Mark]:
        """Those whose date is not known (待公布), usual days or not."""
        return [mark for mark in self.marks if mark.due is None]


def rows_of(desk: Desk, agenda: Agenda, year: int) -> tuple[Row, ...]:
    """One a department that owes something in the year, the one with the most items first."""
    owed: dict[str, list[Mark]] = {}
    for duty in agenda.duties.values():
        if _touches(duty, year):
            owed.setdefault(desk.called(duty.department), []).append(_mark(desk, agenda, duty))
    rows = [Row(short, tuple(sorted(marks, key=_order))) for short, marks in owed.items()]
    return tuple(sorted(rows, key=lambda row: (-len(row.marks), row.department)))


def _touches(duty: Duties, year: int) -> bool:
    """Whether its notice or its due date, or the time between, lies in the year."""
    if duty.due is None:
        return duty.year == year
    first = min(duty.notice_on or duty.due, duty.due)
    return first.year <= year <= duty.due.year


def _mark(desk: Desk, agenda: Agenda, duty: Duties) -> Mark:
    piece = agenda.pieces[f"{duty.office}/{duty.activity}/{duty.year}"]
    day = duty.due or duty.expected
    return Mark(
        piece.occasion.name,
        piece.step(duty.step).name,
        duty.duty,
        duty.answer,
        duty.notice_on,
        duty.due,
        duty.due_at,
        duty.expected,
        day is not None and (duty.due is None or desk.workdays.tentative(day)),
    )


def _order(mark: Mark) -> tuple[bool, date]:
    return (mark.day is None, mark.day or date.min)
