"""When a step is due, seen from its activity: `开始前15天`, `结束后10个工作日`, `8月14日12:00`."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache

from duban.rule import Span
from duban.text import tidy
from duban.workdays import WorkCalendar


class Anchor(StrEnum):
    START = "开始"
    END = "结束"
    DUE = "到期"


class Unit(StrEnum):
    DAY = "天"
    WORKDAY = "个工作日"
    WEEK = "周"
    MONTH = "个月"


class OffsetError(ValueError):
    """An offset that cannot be read; the message tells the writer why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Offset:
    """So many units before (negative) or after an anchor; or a literal date, with or without a year."""

    anchor: Anchor = Anchor.START
    count: int = 0
    unit: Unit = Unit.DAY
    literal: tuple[int | None, int, int, int] | None = None
    """(year or None for the occurrence's own, years later, month, day)"""
    at: time | None = None

    @property
    def once(self) -> int | None:
        """The year of a full literal date, else None."""
        return self.literal[0] if self.literal else None

    def day(self, anchor: date, year: int, workdays: WorkCalendar) -> date:
        """The day meant, before it is shifted off a day off. `anchor` is the day of `self.anchor`."""
        if self.literal:
            fixed, later, month, day = self.literal
            return date((fixed or year) + later, month, day)
        if self.unit is Unit.WORKDAY:
            return workdays.count(anchor, self.count)
        if self.unit is Unit.MONTH:
            return _months(anchor, self.count)
        return anchor + timedelta(self.count * (7 if self.unit is Unit.WEEK else 1))

    def anchor_day(self, span: Span) -> date:
        return span.last if self.anchor is Anchor.END else span.start


_RELATIVE = re.compile(r"(开始|结束|到期)(?:(前|后)(\d{1,3})(天|日|个工作日|周|个月)|当[天日])")
_LITERAL = re.compile(r"(?:(\d{4})年|(上年|次年))?(\d{1,2})月(\d{1,2})日(?:(\d{1,2}):(\d{2}))?")


@lru_cache(maxsize=4096)
def parse_offset(text: str) -> Offset:
    """Read one offset.

    Raises OffsetError with a Chinese sentence that tells what cannot be read.
    """
    plain = tidy(text)
    if found := _RELATIVE.fullmatch(plain):
        anchor, side, count, unit = found.groups()
        if side is None:
            return Offset(Anchor(anchor))
        sign = -1 if side == "前" else 1
        return Offset(Anchor(anchor), sign * int(count), Unit("天" if unit == "日" else unit))
    if found := _LITERAL.fullmatch(plain):
        return _literal(text, *found.groups())
    raise OffsetError(
        f"看不懂时间“{text}”，可写：开始前15天、开始前10个工作日、开始当天、结束后2周、8月14日12:00"
    )


def _literal(
    text: str, year: str | None, near: str | None, month: str, day: str, *clock: str | None
) -> Offset:
    later = {"上年": -1, "次年": 1}.get(near or "", 0)
    fixed = int(year) if year else None
    try:
        date(fixed or 2024, int(month), int(day))
        at = time(int(clock[0]), int(clock[1])) if clock[0] and clock[1] else None
    except ValueError:
        raise OffsetError(f"没有“{text}”这个时间") from None
    if (int(month), int(day)) == (2, 29) and fixed is None:
        raise OffsetError("2月29日不是每年都有，请写明年份")
    return Offset(literal=(fixed, later, int(month), int(day)), at=at)


def _months(day: date, count: int) -> date:
    """The same day of a month `count` later, or that month's last (31 January + 1 -> 28 February)."""
    number = day.year * 12 + day.month - 1 + count
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
