"""Days that are counted from another activity: `全国节能宣传周第3天`, `…结束后1天`, `…开始前7天起7天`."""

from dataclasses import dataclass
from datetime import timedelta

from duban.rules.base import Rule, Span, lasting


@dataclass(frozen=True, slots=True)
class DayOf(Rule):
    """So many days after the first (or last) day of another activity, negative before it."""

    activity: str
    shift: int
    from_end: bool = False
    days: int | None = 1
    """How many days from there; None where the end is not known."""
    announced = True

    @property
    def follows(self) -> str:
        return self.activity

    @property
    def length(self) -> int | None:
        return self.days

    def span(self, year: int) -> Span | None:
        return None

    def within(self, other: Span) -> Span | None:
        """The days, once those of the other are known; None where its last day is not."""
        anchor = other.end if self.from_end else other.start
        if anchor is None:
            return None
        start = anchor + timedelta(self.shift)
        return lasting(start, self.days) if self.days else Span(start, None)
