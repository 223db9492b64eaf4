"""Rules that name days of the week: `6月第2个星期六`, `9月最后一个周末`, `包含8月29日的工作周`."""

from dataclasses import dataclass
from datetime import date, timedelta

from duban.rules.base import Rule, Span, lasting, single
from duban.rules.days import Day, MonthEnd, month_end
from duban.rules.window import LAST, WEEKDAYS, after, place, recurrence

SATURDAY = 5
_NEAREST_SATURDAY = (-2, -3, 3, 2, 1, 0, -1)
"""How far it is from a Monday, a Tuesday, ... to the Saturday of the nearest weekend.

A Wednesday is three days from the Sunday before and from the Saturday after: the later one wins."""


@dataclass(frozen=True, slots=True)
class NthWeekday(Rule):
    """`6月第2个星期六`, `6月最后一个星期六` (nth -1). A fifth gives nothing in a month that has four."""

    month: int
    nth: int
    weekday: int
    length = 1

    def span(self, year: int) -> Span | None:
        if self.nth == LAST:
            end = month_end(year, self.month)
            return single(end - timedelta((end.weekday() - self.weekday) % 7))
        ahead = (self.weekday - date(year, self.month, 1).weekday()) % 7
        try:
            return single(date(year, self.month, ahead + 7 * self.nth - 6))
        except ValueError:
            return None

    def rrule(self) -> str:
        return f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={self.nth}{WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True)
class Weekend(Rule):
    """`9月第3个周末`: the third Saturday of the month and its Sunday, which may be in the next."""

    saturday: NthWeekday
    length = 2

    def span(self, year: int) -> Span | None:
        day = self.saturday.span(year)
        return lasting(day.start, 2) if day else None

    def rrule(self) -> str:
        return self.saturday.rrule()


@dataclass(frozen=True, slots=True)
class NearestWeekend(Rule):
    """`最接近9月15日的周末`. From a Wednesday both are three days away: the later one wins."""

    day: Rule
    length = 2

    def span(self, year: int) -> Span | None:
        if (day := self.day.span(year)) is None:
            return None
        return lasting(day.start + timedelta(_NEAREST_SATURDAY[day.start.weekday()]), 2)

    def rrule(self) -> str | None:
        if isinstance(self.day, NthWeekday):
            return _moved(self.day, _NEAREST_SATURDAY[self.day.weekday])
        return _around(self.day, -3, SATURDAY)


@dataclass(frozen=True, slots=True)
class Week(Rule):
    """`包含8月29日的一周`, `…的一周（周六起）`, `…的工作周`: it may begin in the month or year before."""

    day: Rule
    first: int = 0
    """The weekday on which the week begins, 0 for Monday."""
    days: int = 7

    @property
    def length(self) -> int:
        return self.days

    def span(self, year: int) -> Span | None:
        if (day := self.day.span(year)) is None:
            return None
        return lasting(day.start - timedelta((day.start.weekday() - self.first) % 7), self.days)

    def rrule(self) -> str | None:
        if isinstance(self.day, NthWeekday):
            return _moved(self.day, -((self.day.weekday - self.first) % 7))
        return _around(self.day, -6, self.first)


def _around(day: Rule, first: int, weekday: int) -> str | None:
    """The `weekday` in the seven days that begin `first` days after `day`."""
    if isinstance(day, MonthEnd):
        return recurrence(after(day.month) - 1 + first, 7, weekday, day.month > 1)
    if isinstance(day, Day) and not day.leap:
        return recurrence(place(day.month, day.day) + first, 7, weekday, day.month > 2)
    return None


def _moved(day: NthWeekday, by: int) -> str | None:
    """The days `by` days from an nth weekday: again one weekday in so many days of the year."""
    weekday = (day.weekday + by) % 7
    if day.nth == LAST:
        return recurrence(after(day.month) - 7 + by, 7, weekday, day.month > 1)
    if day.nth == 5:  # only in the days after the 28th; February's is in leap years alone
        count = month_end(2023, day.month).day - 28
        start = after(day.month) - count + by
        return recurrence(start, count, weekday, day.month > 1) if count else None
    start = place(day.month, 7 * day.nth - 6) + by
    return recurrence(start, 7, weekday, day.month > 2)
