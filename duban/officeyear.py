"""An office's year: which activities it runs, who leads, who supports, and by which steps."""

from pydantic import Field, model_validator

from duban.activity import KnownDate
from duban.frozen import Frozen, Id, Name, Names
from duban.step import OffsetText, Step


class Entry(Frozen):
    """One activity in one office's year."""

    activity: Name
    lead: Names = Field(min_length=1)
    support: Names = ()
    steps: Id | tuple[Step, ...]
    notice: OffsetText | None = None
    ladder: Id | None = None
    dates: KnownDate | None = None
    """A local date; it overrides the national one."""
    basis: Name | None = None
    """Where lead and support come from; `未核实` where no document was seen."""

    @model_validator(mode="after")
    def _some_step(self) -> "Entry":
        if not self.steps:
            raise ValueError("至少要有一个节点")
        return self


class OfficeYear(Frozen):
    office: Id
    year: int = Field(ge=2000, le=2100)
    document: Name | None = None
    activities: tuple[Entry, ...]
