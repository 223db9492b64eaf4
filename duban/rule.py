"""Date rules: the sentence by which a day is known, and the days that it gives in a year."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from duban.text import tidy

WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day; `end` is None where only the start is known."""

    start: date
    end: date | None

    @property
    def last(self) -> date:
        return self.end or self.start


class RuleError(ValueError):
    """A rule that cannot be read; the message tells the writer why, in Chinese."""


class Rule(Protocol):
    """What every date rule can do."""

    @property
    def announced(self) -> bool:
        """Whether the day is only known once somebody has announced it."""

    def span(self, year: int) -> Span | None:
        """The days in `year`; None where the rule alone cannot tell."""


@dataclass(frozen=True, slots=True)
class Day:
    """`3月22日`. 29 February gives nothing in a common year."""

    month: int
    day: int
    announced = False

    def span(self, year: int) -> Span | None:
        if self.day > calendar.monthrange(year, self.month)[1]:
            return None
        day = date(year, self.month, self.day)
        return Span(day, day)


@dataclass(frozen=True, slots=True)
class Days:
    """`3月22日至28日`, `12月20日至次年1月10日`."""

    first: Day
    last: Day
    years_later: int = 0
    announced = False

    def span(self, year: int) -> Span | None:
        first, last = self.first.span(year), self.last.span(year + self.years_later)
        return Span(first.start, last.start) if first and last else None


@dataclass(frozen=True, slots=True)
class Month:
    """`6月`: its first to its last day."""

    month: int
    announced = False

    def span(self, year: int) -> Span:
        last = calendar.monthrange(year, self.month)[1]
        return Span(date(year, self.month, 1), date(year, self.month, last))


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`6月第2个星期六`. A fifth one gives nothing in a month that has four."""

    month: int
    nth: int
    weekday: int
    announced = False

    def span(self, year: int) -> Span | None:
        first = date(year, self.month, 1)
        day = first + timedelta((self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))
        return Span(day, day) if day.month == self.month else None


@dataclass(frozen=True, slots=True)
class DayOf:
    """`节能宣传周第3天`: counted from the first day of another activity."""

    activity: str
    nth: int
    announced = True

    def span(self, year: int) -> Span | None:
        return None

    def within(self, other: Span) -> Span:
        day = other.start + timedelta(self.nth - 1)
        return Span(day, day)


@dataclass(frozen=True, slots=True)
class Announced:
    """`每年公布（通常5月19日至6月1日）`: no day before its announcement; the window is a hint only."""

    usual: Days | None
    announced = True

    def span(self, year: int) -> Span | None:
        return None


@dataclass(frozen=True, slots=True)
class NoDate:
    """`无固定日期`, `日期不详`: nothing is known, nothing is guessed."""

    announced = True

    def span(self, year: int) -> Span | None:
        return None


_DAY = r"(\d{1,2})月(\d{1,2})日"
_SPAN = rf"{_DAY}至(次年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日"
_FORMS = (
    "3月22日、3月22日至28日、6月、6月第2个星期六、节能宣传周第3天、"
    "每年公布（通常5月19日至6月1日）、日期不详"
)


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """Read one date rule.

    Raises RuleError with a Chinese sentence that tells what cannot be read.
    """
    plain = tidy(text)
    for pattern, build in _READERS:
        if found := re.fullmatch(pattern, plain):
            return build(*found.groups())
    raise RuleError(f"看不懂日期规则“{text}”，可写：{_FORMS}")


def _day(month: str, day: str) -> Day:
    number, nth = int(month), int(day)
    if not 1 <= number <= 12:
        raise RuleError(f"没有{number}月")
    if not 1 <= nth <= calendar.monthrange(2024, number)[1]:
        raise RuleError(f"{number}月没有{nth}日")
    return Day(number, nth)


def _days(month: str, day: str, next_year: str | None, to_month: str | None, to_day: str) -> Days:
    first, last = _day(month, day), _day(to_month or month, to_day)
    if not next_year and (last.month, last.day) < (first.month, first.day):
        raise RuleError(
            f"结束{last.month}月{last.day}日早于开始{first.month}月{first.day}日；跨年请写“至次年”"
        )
    return Days(first, last, 1 if next_year else 0)


def _month(month: str) -> Month:
    _day(month, "1")
    return Month(int(month))


def _nth_weekday(month: str, nth: str, weekday: str) -> NthWeekday:
    _day(month, "1")
    if not 1 <= int(nth) <= 5:
        raise RuleError(f"一个月没有第{nth}个星期{weekday}")
    return NthWeekday(int(month), int(nth), WEEKDAYS[weekday])


def _day_of(activity: str, nth: str) -> DayOf:
    if not 1 <= int(nth) <= 366:
        raise RuleError(f"第{nth}天超出范围")
    return DayOf(activity, int(nth))


def _announced(*usual: str | None) -> Announced:
    month, day, next_year, to_month, to_day = usual
    if month is None or day is None or to_day is None:
        return Announced(None)
    return Announced(_days(month, day, next_year, to_month, to_day))


_READERS = (
    (_DAY, _day),
    (_SPAN, _days),
    (r"(\d{1,2})月", _month),
    (r"(\d{1,2})月第(\d)个(?:星期|周)([一二三四五六日天])", _nth_weekday),
    (r"(.+?)第(\d{1,3})天", _day_of),
    (rf"每年公布(?:\(通常{_SPAN}\))?", _announced),
    (r"日期不详|无固定日期", NoDate),
)
