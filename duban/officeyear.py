"""An office's year: which activities it runs, who leads, who supports, and by which steps."""

from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from duban.activity import KnownDate
from duban.ahead import Cascade
from duban.frozen import Frozen, Id, Name, Names
from duban.step import OffsetText, Step


class ReportTo(StrEnum):
    """To whom supporting departments hand in."""

    OFFICE = "纲要办"
    LEAD = "牵头单位"
    """It looks first; the office may all the same."""


class Entry(Frozen):
    """One activity in one office's year."""

    activity: Name
    lead: Names = Field(min_length=1)
    support: Names = ()
    steps: Id | tuple[Step, ...]
    notice: OffsetText | None = None
    ladder: Id | None = None
    report_to: ReportTo = ReportTo.OFFICE
    dates: KnownDate | None = None
    """A local date; it overrides the national one."""
    basis: Name | None = None
    """Where lead and support come from; `未核实` where no document was seen."""
    cascade: Cascade | None = None
    """For the districts that it asks; None: as the office says."""
    adopts: Name | None = None
    """What of the office above it does, where that goes by another name."""

    @model_validator(mode="after")
    def _some_step(self) -> "Entry":
        if not self.steps:
            raise ValueError("至少要有一个节点")
        return self


class Decline(Frozen):
    """What the office above asks and this office does not take on, with its reason."""

    activity: Name
    """An activity by any of its names; of a task `programme.task`, by the ids of the office above."""
    step: Id | None = None
    """None: every step of it."""
    reason: Name
    on: date | None = None
    """When it was said; None: at the beginning of the year."""


class OfficeYear(Frozen):
    office: Id
    year: int = Field(ge=2000, le=2100)
    document: Name | None = None
    activities: tuple[Entry, ...]
    declines: tuple[Decline, ...] = ()
