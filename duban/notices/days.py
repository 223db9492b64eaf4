"""Days as a notice writes them."""

import re
from datetime import date, timedelta

from duban.notices.draft import Draft
from duban.notices.faults import Odd

LONGEST = 15
"""Days; no holiday is longer."""
DAY = r"(?:(?:\d{4}年)?\d{1,2}月)?\d{1,2}日(?:\([^()\d]*\))?"
_DAY_PARTS = re.compile(r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:\(([^()\d]*)\))?")
SPAN = rf"{DAY}(?:(?:至|到|-+){DAY})?"
_SPAN_PARTS = re.compile(rf"({DAY})(?:(?:至|到|-+)({DAY}))?")
_WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"


class Days:
    """Reads the days of one year's notice. Raises Odd for days that there are not."""

    def __init__(self, year: int) -> None:
        self.year = year

    def read(self, draft: Draft, text: str) -> list[date]:
        days: list[date] = []
        for first, last in _SPAN_PARTS.findall(text):
            start = self._day(draft, first)
            end = self._day(draft, last) if last else start
            if end < start:
                raise Odd(f"{say(end)}早于{say(start)}", "请核对日期")
            if (end - start).days >= LONGEST:
                raise Odd(f"{say(start)}至{say(end)}太长", f"一个假期不超过{LONGEST}天，请核对")
            days += stretch(start, end)
        return days

    def _day(self, draft: Draft, text: str) -> date:
        """A day; its month and year are those before it where it has none of its own.

        The December of New Year is that of the year before.
        """
        found = _DAY_PARTS.fullmatch(text)
        assert found
        year, month, day, note = found.groups()
        if month is None and draft.last is None:
            raise Odd(f"“{text}”没有写月份", "请核对原文")
        if month is None and draft.last:
            number, of = draft.last.month, draft.last.year
        else:
            number = int(month)
            of = self.year - (number == 12 and "元旦" in draft.parts)
        if year:
            of = int(year)
        if abs(of - self.year) > 1:
            raise Odd(f"{of}年的日子不会在{self.year}年的通知里", "请核对年份")
        draft.last = real_day(of, number, int(day), note or "")
        return draft.last


def real_day(year: int, month: int, day: int, note: str) -> date:
    """That day, when there is one and it falls on the weekday in the brackets after it. Raises Odd."""
    try:
        real = date(year, month, day)
    except ValueError:
        raise Odd(f"没有{year}年{month}月{day}日", "请核对日期") from None
    for told in _WEEKDAY.findall(note):
        if _WEEKDAYS.index(told.replace("天", "日")) != real.weekday():
            why = f"{year}年{month}月{day}日是{weekday(real)}，不是周{told}"
            raise Odd(why, "请核对年份、日期和星期")
    return real


def stretch(first: date, last: date) -> list[date]:
    """Every day from the first to the last."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def say(day: date) -> str:
    return f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    return f"周{_WEEKDAYS[day.weekday()]}"
