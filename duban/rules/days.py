"""Rules that name days and months: `3月22日`, `12月20日至次年1月10日`, `6月`, `9月15日起10天`."""

from dataclasses import dataclass
from datetime import date, timedelta

from duban.rules.base import Rule, Span, lasting, single

_FOUR_YEARS = range(2021, 2025)
"""Years that show every length that a range of days can have."""


@dataclass(frozen=True, slots=True)
class Day(Rule):
    """`3月22日`. 29 February gives nothing in a common year."""

    month: int
    day: int
    length = 1

    def span(self, year: int) -> Span | None:
        try:
            return single(date(year, self.month, self.day))
        except ValueError:
            return None

    def rrule(self) -> str:
        return f"FREQ=YEARLY;BYMONTH={self.month};BYMONTHDAY={self.day}"

    @property
    def leap(self) -> bool:
        """Whether only leap years have it."""
        return (self.month, self.day) == (2, 29)


@dataclass(frozen=True, slots=True)
class MonthEnd(Rule):
    """`2月最后一天`."""

    month: int
    length = 1

    def span(self, year: int) -> Span:
        return single(month_end(year, self.month))

    def rrule(self) -> str:
        return f"FREQ=YEARLY;BYMONTH={self.month};BYMONTHDAY=-1"


@dataclass(frozen=True, slots=True)
class Days(Rule):
    """`3月22日至28日`, `12月20日至次年1月10日`; `first_year` and `last_year` count from the year."""

    first: Day
    last: Day
    first_year: int = 0
    last_year: int = 0

    @property
    def length(self) -> int | None:
        return _same_length(self)

    def span(self, year: int) -> Span | None:
        first = self.first.span(year + self.first_year)
        last = self.last.span(year + self.last_year)
        return Span(first.start, last.start) if first and last else None

    def rrule(self) -> str | None:
        lacking = self.last.leap and (not self.first.leap or self.first_year != self.last_year)
        return None if lacking else self.first.rrule()


@dataclass(frozen=True, slots=True)
class Months(Rule):
    """`6月`, `3月至6月`, `11月至次年4月`: from a first to a last day of a month."""

    first: int
    last: int
    first_year: int = 0
    last_year: int = 0

    @property
    def length(self) -> int | None:
        return _same_length(self)

    def span(self, year: int) -> Span:
        start = date(year + self.first_year, self.first, 1)
        return Span(start, month_end(year + self.last_year, self.last))

    def rrule(self) -> str:
        return f"FREQ=YEARLY;BYMONTH={self.first};BYMONTHDAY=1"


@dataclass(frozen=True, slots=True)
class Lasting(Rule):
    """`9月15日起10天`, `5月第3个星期日起7天`: so many days, the first one counted."""

    first: Rule
    days: int

    @property
    def length(self) -> int:
        return self.days

    def span(self, year: int) -> Span | None:
        first = self.first.span(year)
        return lasting(first.start, self.days) if first else None

    def rrule(self) -> str | None:
        return self.first.rrule()


@dataclass(frozen=True, slots=True)
class From(Rule):
    """`3月20日起`: the end is not known."""

    first: Rule

    def span(self, year: int) -> Span | None:
        first = self.first.span(year)
        return Span(first.start, None) if first else None

    def rrule(self) -> str | None:
        return self.first.rrule()


@dataclass(frozen=True, slots=True)
class Shifted(Rule):
    """`上年12月10日起20天`, `次年1月`: days of the year before or after; the same days, seen as a set."""

    rule: Rule
    years: int

    @property
    def length(self) -> int | None:
        return self.rule.length

    def span(self, year: int) -> Span | None:
        return self.rule.span(year + self.years)

    def rrule(self) -> str | None:
        return self.rule.rrule()


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def _same_length(rule: Rule) -> int | None:
    spans = [span for year in _FOUR_YEARS if (span := rule.span(year))]
    lengths = {(span.last - span.start).days + 1 for span in spans}
    return lengths.pop() if len(lengths) == 1 else None
