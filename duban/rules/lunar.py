"""Days of the lunar calendar: `农历五月初五`, `农历腊月二十三`, `农历正月初一至初七`.

Which year they belong to: 腊月 to the year into which it leads, any other month to the year in which its
lunar year begins. So each year has each day once; only the end of 冬月 may fall into the next January
and the beginning of 腊月 into the December before. A leap month is meant only where 闰 is written, and
gives nothing in a year without it; so does 三十 in a month of 29 days (最后一天 and 除夕 never fail), and
so do years outside borax's table, which knows the lunar years 1900-2100. RFC 5545 has no such rule
(RFC 7529 adds RSCALE=CHINESE, which few programs read).
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from duban.rules.base import Rule, Span, single

LAST_DAY = -1
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class LunarDay(Rule):
    """`农历五月初五`, `农历闰六月初一`, `农历腊月最后一天` (day -1)."""

    month: int
    day: int
    leap: bool = False
    length = 1

    def span(self, year: int) -> Span | None:
        day = self.solar(self.lunar_year(year))
        return single(day) if day else None

    def lunar_year(self, year: int) -> int:
        return year - 1 if self.month == _DECEMBER else year

    def solar(self, lunar_year: int) -> date | None:
        return solar(lunar_year, self.month, self.day, self.leap)


@dataclass(frozen=True, slots=True)
class LunarDays(Rule):
    """`农历正月初一至初七`, `农历腊月二十三至次年正月初六` (the next lunar year)."""

    first: LunarDay
    last: LunarDay
    years_later: int = 0

    def span(self, year: int) -> Span | None:
        lunar_year = self.first.lunar_year(year)
        first = self.first.solar(lunar_year)
        last = self.last.solar(lunar_year + self.years_later)
        return Span(first, last) if first and last else None


@lru_cache(maxsize=4096)
def solar(year: int, month: int, day: int, leap: bool) -> date | None:
    """The day; None where that lunar year has no such month or day, or is out of the table."""
    from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate

    try:
        if day == LAST_DAY:
            day = LCalendars.ndays(year, month, leap)
        found: date = LunarDate(year, month, day, leap).to_solar_date()
    except InvalidLunarDateError:
        return None
    return found
