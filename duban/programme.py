"""Programmes (规划方案): phases, dated targets, yearly duties and key tasks over several years."""

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from duban.ahead import Cascade
from duban.frozen import Frozen, Id, Name, Names
from duban.officeyear import ReportTo
from duban.step import OffsetText, Step


class Kind(StrEnum):
    TASK = "重点任务"
    TARGET = "目标"
    DUTY = "年度职责"
    POINT = "年度要点"


class Phase(Frozen):
    """A phase (阶段); phases may overlap, as 深入实施 and 总结评估 do in the last year."""

    id: Id
    name: Name
    start: date
    end: date
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
    source: Name | None = None
    cascade: Cascade | None = None
    """For the districts that it asks; None: as the office says."""
    adopts: Name | None = None
    """What of the office above it does: an activity's name, or `programme.task` by their ids."""


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
    note: Name | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Programme":
        if self.end < self.start:
            raise ValueError(f"结束{self.end}早于开始{self.start}")
        return self
