"""Announcements: the days of one year's activity as somebody recorded them, one after another."""

from datetime import date, datetime

from pydantic import Field, model_validator

from duban.frozen import Frozen, Id, Name


class Announcement(Frozen):
    """One record. The latest one of an activity and year holds; earlier ones are its history."""

    activity: Name
    year: int = Field(ge=1990, le=2100)
    start: date | None = None
    """None: taken back, the days are unknown again."""
    end: date | None = None
    office: Id | None = None
    """Only for this office; None: for all."""
    announced: date | None = None
    """The day on which it was made public."""
    source: Name
    recorded_at: datetime
    recorded_by: Name

    @model_validator(mode="after")
    def _in_order(self) -> "Announcement":
        if self.end and (self.start is None or self.end < self.start):
            raise ValueError(f"结束{self.end}早于开始{self.start or '（没有写）'}")
        if self.recorded_at.tzinfo is None:
            raise ValueError("recorded_at 要写明时区，如 2026-04-12T09:30:00+08:00")
        return self
