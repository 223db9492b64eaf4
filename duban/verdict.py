"""Verdicts: whether an item was reported in time, judged by the account alone. The rules: duban/scoring.py.

- The date that counts is the one that the department was told, or the one that holds where that is later; an
  extension that was granted, before or afterwards, goes before both. A report is judged by the date that it
  was told when it came.
- The report that counts is the last one that was not returned; a completion without one counts as its day.
- What the secretariat told nobody, told too late, let off or withdrew is not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from duban.assignment import Duty
from duban.completion import State
from duban.course import Course, Line
from duban.desk import OFFICE
from duban.facts import Facts
from duban.scoring import Counted, Scoring
from duban.step import Answer
from duban.workdays import WorkCalendar


class Outcome(StrEnum):
    KEPT = "kept"
    LATE = "late"
    MISSING = "missing"
    OMITTED = "omitted"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Outcome.KEPT: "按时报送",
    Outcome.LATE: "逾期报送",
    Outcome.MISSING: "逾期未报",
    Outcome.OMITTED: "不计入",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One assignment, as far as nothing can change it."""

    row: int
    activity: str
    department: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an item whose day is past."""

    item: Item
    outcome: Outcome
    day: date
    """The date that counts."""
    answered: date | None = None
    days: int = 0
    """Working days too late."""
    weight: int = 0
    points: int = 0
    """Of a hundred; of what is counted only."""
    why: str = ""
    """Why it is not counted, in Chinese."""


def judge(
    item: Item, lines: Iterable[Line], rules: Scoring, workdays: WorkCalendar
) -> Verdict | None:
    """By all its lines, the oldest first; None for what is never scored, has no date, or was withdrawn before
    anybody knew of it."""
    course = Course()
    for line in lines:
        course.take(line)
    day, facts = course.counts, course.facts
    if day is None or facts is None or not _scored(item, facts, rules):
        return None
    if course.state is State.WITHDRAWN and course.known.issued is None:
        return None
    if why := _omitted(course, day, rules, workdays):
        return Verdict(item, Outcome.OMITTED, day, why=why)
    weight = rules.weights.lead if facts.duty is Duty.LEAD else rules.weights.support
    return _judged(Verdict(item, Outcome.MISSING, day, weight=weight), course, rules, workdays)


def _scored(item: Item, facts: Facts, rules: Scoring) -> bool:
    kind = Counted.TASK if "." in item.activity else Counted.ACTIVITY
    weight = rules.weights.lead if facts.duty is Duty.LEAD else rules.weights.support
    reports = facts.answer is Answer.REPORT and item.department != OFFICE
    return reports and kind in rules.counted and weight > 0


def _omitted(course: Course, day: date, rules: Scoring, workdays: WorkCalendar) -> str:
    if course.state is State.WITHDRAWN:
        return "已撤销或转办"
    if course.state is State.EXEMPTED:
        return "已免办"
    known = course.answer.known if course.answer else course.known
    if known.issued is None or known.heard is None:
        return "没有通知过"
    late = workdays.between(known.planned, known.issued) if known.planned else 0
    if late > rules.notice.late:
        return f"通知晚发了 {late} 个工作日"
    left = workdays.between(known.heard, day)
    if left < rules.notice.least:
        return f"从通知到时限只有 {max(left, 0)} 个工作日"
    return ""


def _judged(verdict: Verdict, course: Course, rules: Scoring, workdays: WorkCalendar) -> Verdict:
    points = rules.points
    if course.answer is None:
        return replace(verdict, points=points.missing)
    answered = course.answer.day
    if answered <= verdict.day:
        return replace(verdict, outcome=Outcome.KEPT, answered=answered, points=points.on_time)
    days = workdays.between(verdict.day, answered)
    left = max(points.missing, points.late - points.each_day * days)
    return replace(verdict, outcome=Outcome.LATE, answered=answered, days=days, points=left)
