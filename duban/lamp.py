"""Overdue and the lamp: computed from date and state, never stored."""

from datetime import date, timedelta
from enum import StrEnum

from duban.assignment import Assignment
from duban.completion import State
from duban.step import Answer
from duban.workdays import WorkCalendar


class Lamp(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    """Nothing to judge: no date yet, nobody told, nothing to report, or no longer asked for."""

    @property
    def label(self) -> str:
        return {"green": "绿灯", "yellow": "黄灯", "red": "红灯", "grey": "未亮灯"}[self.value]


def overdue(item: Assignment, day: date) -> bool:
    """Whether a report is owed by somebody who was told, and the day for it has passed."""
    told = item.state.chased and item.state is not State.PLANNED
    owed = told and item.asked.answer is Answer.REPORT
    return owed and item.target is not None and item.target < day


def late_by(item: Assignment, day: date, workdays: WorkCalendar) -> int:
    """Working days since the due date; negative: still to go; 0 on the day or without a date."""
    return workdays.between(item.target, day) if item.target else 0


def lamp(item: Assignment, day: date, workdays: WorkCalendar, yellow: int) -> Lamp:
    """Red: overdue. Yellow: at most `yellow` working days left. Green: time enough, or handed in."""
    quiet = item.state in (State.WITHDRAWN, State.EXEMPTED) or item.asked.answer is Answer.KNOW
    if item.target is None or quiet:
        return Lamp.GREY
    if not item.state.chased:
        return Lamp.GREEN
    if overdue(item, day):
        return Lamp.RED
    if item.state is State.PLANNED:
        return Lamp.GREY
    return Lamp.YELLOW if -late_by(item, day, workdays) <= yellow else Lamp.GREEN


def horizon(day: date, workdays: WorkCalendar, yellow: int) -> date:
    """The last due date whose lamp is yellow on `day`; so a database can tell lamps by comparing dates."""
    last = day
    while workdays.between(day, last + timedelta(1)) <= yellow:
        last += timedelta(1)
    return last
