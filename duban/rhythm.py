"""Rhythms: the five fields of a cron line, read to tell when it last came true. Both fields of days have
to fit, as APScheduler has it, which wakes the flows by the same lines."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_PART = re.compile(
    r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d{1,3}))?", re.ASCII
)
YEARS = 5
"""How far back is looked; 29 February comes at least once in it, but for 1900 and 2100."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Monday."""

    def last(self, at: datetime) -> datetime | None:
        """The latest moment up to `at`, on its clock; None when there was none in years."""
        for back in range(366 * YEARS):
            day = at.date() - timedelta(back)
            if not self._fits(day):
                continue
            until = at.time() if back == 0 else time.max
            moments = [one for one in self._times if one <= until]
            if moments:
                return datetime.combine(day, moments[-1], at.tzinfo)
        return None

    def _fits(self, day: date) -> bool:
        fits = day.day in self.days and day.month in self.months
        return fits and day.weekday() in self.weekdays

    @property
    def _times(self) -> list[time]:
        return [
            time(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes)
        ]


@lru_cache(maxsize=64)
def rhythm(cron: str) -> Rhythm:
    """Raises ValueError, in Chinese, for what it cannot read."""
    fields = cron.split()
    if len(fields) != 5:
        raise ValueError("要写五个字段：分 时 日 月 星期")
    minute, hour, day, month, weekday = fields
    return Rhythm(
        _read(minute, 0, 59),
        _read(hour, 0, 23),
        _read(day, 1, 31),
        _read(month, 1, 12, _MONTHS),
        _read(weekday, 0, 6, _WEEKDAYS),
    )


def _read(field: str, least: int, most: int, names: list[str] | None = None) -> frozenset[int]:
    found: set[int] = set()
    for piece in field.lower().split(","):
        part = _PART.fullmatch(piece)
        if part is None:
            raise ValueError(f"看不懂“{field}”")
        first = least if part["all"] else _number(part["first"], least, names)
        single = not part["all"] and part["last"] is None and part["step"] is None
        last = first if single else most
        if part["last"]:
            last = _number(part["last"], least, names)
        if not least <= first <= last <= most:
            raise ValueError(f"“{piece}”不在 {least} 到 {most} 之间，或者前大后小")
        found |= set(range(first, last + 1, int(part["step"] or 1) or most + 1))
    return frozenset(found)


def _number(text: str, least: int, names: list[str] | None) -> int:
    if names and text in names:
        return names.index(text) + least
    if not text.isdigit() or len(text) > 4:
        raise ValueError(f"看不懂“{text}”")
    return int(text)
