"""Transfers (转办): from a day on another department has what the calendar asks of the first one."""

from datetime import datetime

from pydantic import Field, model_validator

from duban.frozen import Frozen, Id, Name


class Transfer(Frozen):
    """One record: one step of one year's activity or task. Later records start from earlier ones."""

    activity: Name
    """By any of its names; for a task of a programme `programme.task`, by their ids."""
    year: int = Field(ge=1990, le=2100)
    step: Id
    from_: Name = Field(alias="from")
    to: Name
    at: datetime
    by: Name
    reason: Name | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Transfer":
        if self.at.tzinfo is None:
            raise ValueError("at 要写明时区，如 2026-04-12T09:30:00+08:00")
        return self
