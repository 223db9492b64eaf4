"""Programmes (规划方案): phases, dated targets, yearly duties and key tasks over several years."""

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from duban.ahead import Cascade
from duban.frozen import Frozen, Id, Name, Names
from duban.measure import Measure
from duban.officeyear import ReportTo
from duban.step import OffsetText, Step

REPORT = "结束后10个工作日"
"""When a phase's report is made, unless it says otherwise."""


class Kind(StrEnum):
    TASK = "重点任务"
    TARGET = "目标"
    DUTY = "年度职责"
    POINT = "年度要点"
    REVIEW = "评估"


class Review(Frozen):
    """A review of a phase (中期评估、总结评估): who prepares it, in which steps."""

    id: Id
    name: Name
    lead: Names = Field(min_length=1)
    support: Names = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    """Those without a year are due in the phase's last one; 开始 and 结束 mean the phase's."""
    notice: OffsetText | None = None
    ladder: Id | None = None
    source: Name | None = None


class Phase(Frozen):
    """A phase (阶段); phases may overlap, as 深入实施 and 总结评估 do in the last year."""

    id: Id
    name: Name
    start: date
    end: date
    review: Review | None = None
    report: OffsetText = REPORT
    note: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Phase":
        if self.end < self.start:
            raise ValueError(f"结束{self.end}早于开始{self.start}")
        return self


class Task(Frozen):
    """One line of a programme: a task, a target, a yearly duty, or a numbered work point."""

    id: Id
    kind: Kind
    name: Name
    number: int | None = Field(default=None, ge=1, le=999)
    category: Name | None = None
    lead: Names = Field(min_length=1)
    support: Names = ()
    steps: Id | tuple[Step, ...]
    """Steps with a year are due once; those without fall due in every year of the programme."""
    notice: OffsetText | None = None
    ladder: Id | None = None
    report_to: ReportTo = ReportTo.OFFICE
    baseline: Name | None = None
    target: Name | None = None
    measure: Measure | None = None
    """In numbers, where there are any: whoever leads reports a value with each step."""
    source: Name | None = None
    cascade: Cascade | None = None
    """For the districts that it asks; None: as the office says."""
    adopts: Name | None = None
    """What of the office above it does: an activity's name, or `programme.task` by their ids."""


class Handover(Frozen):
    """What becomes of a task of the former programme: one of the three."""

    task: Id
    becomes: Id | None = None
    """The task of this programme by which it goes on."""
    ended: Name | None = None
    """Why it does not."""
    pending: Name | None = None
    """What is still to be decided; the secretariat is asked for it."""

    @model_validator(mode="after")
    def _one_of_three(self) -> "Handover":
        if len([one for one in (self.becomes, self.ended, self.pending) if one]) != 1:
            raise ValueError(
                "becomes（接着办的任务）、ended（不再列入的原因）、pending（待定什么）只写一个"
            )
        return self


class Programme(Frozen):
    id: Id
    office: Id
    name: Name
    document: Name | None = None
    issued: date | None = None
    start: date
    end: date
    phases: tuple[Phase, ...] = ()
    tasks: tuple[Task, ...] = ()
    predecessor: Id | None = None
    """The programme that it follows."""
    handover: tuple[Handover, ...] = ()
    note: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Programme":
        if self.end < self.start:
            raise ValueError(f"结束{self.end}早于开始{self.start}")
        return self

    @property
    def reviewed(self) -> "tuple[tuple[Phase, Task], ...]":
        """The phases that end with a review, and these as tasks."""
        return tuple((one, _task(one.review)) for one in self.phases if one.review)

    @property
    def asked(self) -> tuple[Task, ...]:
        """Its tasks and reviews."""
        return (*self.tasks, *(task for _, task in self.reviewed))

    def goes_on(self, task: str) -> Handover | None:
        """What becomes here of a task of the former programme; None: nothing is said of it."""
        return next((one for one in self.handover if one.task == task), None)


def _task(review: Review) -> Task:
    made = Task.model_construct(
        id=review.id,
        kind=Kind.REVIEW,
        name=review.name,
        lead=review.lead,
        support=review.support,
        steps=review.steps,
        notice=review.notice,
        ladder=review.ladder,
        source=review.source,
    )
    made.settle(review.place.file, review.place.path)
    return made
