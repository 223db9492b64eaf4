"""Assignments (督办事项): one step, one department, one due date, one state."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from duban.activity import Certainty
from duban.completion import State
from duban.rule import Span
from duban.step import Answer


class Duty(StrEnum):
    LEAD = "lead"
    SUPPORT = "support"

    @property
    def label(self) -> str:
        return "牵头" if self is Duty.LEAD else "责任"


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the steps belong to: one year of an activity, or one task of a programme."""

    office: str
    id: str
    year: int
    name: str
    span: Span | None
    certainty: Certainty
    lead: tuple[str, ...]
    """Short names."""
    support: tuple[str, ...]
    source: str | None = None
    category: str | None = None
    """The programme's name, for a task of a programme."""

    @property
    def key(self) -> str:
        return f"{self.office}/{self.id}/{self.year}"


@dataclass(frozen=True, slots=True)
class Duties:
    """What the calendar asks for: the planned part of an assignment. Equal when nothing changed."""

    key: str
    """`office/activity/year/step/department`."""
    office: str
    activity: str
    year: int
    step: str
    department: str
    duty: Duty
    answer: Answer
    ladder: str
    certainty: Certainty
    notice_on: date | None
    due: date | None
    due_at: time | None = None
    expected: date | None = None
    """When it would be due if the activity fell in its usual window; only while the date is unknown."""
    name: str = ""
    """The occasion's name, kept so that it can still be named when the calendar drops it."""
    step_name: str = ""
    reviewers: str = ""
    """Leading departments' ids, joined by commas, that look at what this one hands in; empty: the office
    alone does."""

    @property
    def reviewed_by(self) -> frozenset[str]:
        return frozenset(self.reviewers.split(",")) if self.reviewers else frozenset()

    @property
    def group(self) -> tuple[str, int, str]:
        """What all departments of the office owe together."""
        return self.activity, self.year, self.step

    @property
    def tentative(self) -> bool:
        """暂定: the date is not known, only when it usually falls."""
        return self.due is None and self.expected is not None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the calendar asks for, and how far it has come."""

    asked: Duties
    state: State = State.PLANNED
    version: int = 1
    """Counts the dates it has had and the times it was returned; a stage is sent at most once a version."""
    extended: date | None = None
    told: date | None = None
    """The due date that the department was last told; None when it knows of none."""
    held: State | None = None
    """For a withdrawn item, and one that starts anew after that: the state that it was withdrawn from."""
    stage: str | None = None
    """The last stage that was sent."""
    stage_on: date | None = None
    """The day up to which stages are spent."""
    next_stage: str | None = None
    next_on: date | None = None
    rearmed: date | None = None
    """The day from which the ladder counts where that is later than the due date: of a return, or of
    being told of a date that had passed by then."""
    unheard: str | None = None
    """Roles, joined by commas, that did not get the last stage although others did."""
    row: int = field(default=0, compare=False)
    """Its number in the database; 0 before it is stored."""

    @property
    def key(self) -> str:
        return self.asked.key

    @property
    def counted_from(self) -> date | None:
        """The day that the ladder's working days are counted from."""
        target = self.target
        return max(target, self.rearmed) if target and self.rearmed else target

    @property
    def target(self) -> date | None:
        """The day by which it has to be done: an extension moves it; None where no date is known."""
        return self.extended or self.asked.due
