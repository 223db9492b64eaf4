"""Working days: Monday to Friday as amended by the State Council's yearly notices."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

from pydantic import Field

from duban.frozen import Frozen, Name


class Holiday(Frozen):
    """One holiday of a notice: days off, and the weekend days worked for it (调休)."""

    name: Name
    start: date
    end: date
    work: tuple[date, ...] = ()


class WorkYear(Frozen):
    """A year's notice. `start` to `end` are inclusive; days may lie in the neighbouring year."""

    year: int = Field(ge=2000, le=2100)
    notice: Name
    holidays: tuple[Holiday, ...]


class WorkCalendar:
    """Which days are worked.

    A year without a notice counts Monday to Friday and is tentative.
    """

    def __init__(self, years: Iterable[WorkYear]) -> None:
        self._off: dict[date, str] = {}
        self._on: dict[date, str] = {}
        self.years: set[int] = set()
        for year in years:
            self.years.add(year.year)
            for holiday in year.holidays:
                self._take(holiday)

    def _take(self, holiday: Holiday) -> None:
        for number in range((holiday.end - holiday.start).days + 1):
            self._off[holiday.start + timedelta(number)] = holiday.name
        for day in holiday.work:
            self._on[day] = holiday.name

    def working(self, day: date) -> bool:
        if day in self._on:
            return True
        return day.weekday() < 5 and day not in self._off

    def reason(self, day: date) -> str:
        """Why a day is off or on: a holiday's name, 调休上班, 周末, or 工作日."""
        if day in self._on:
            return f"{self._on[day]}调休上班"
        if day in self._off:
            return self._off[day]
        return "周末" if day.weekday() >= 5 else "工作日"

    def tentative(self, day: date) -> bool:
        """Whether the notice for that year is still awaited."""
        return day.year not in self.years

    def before(self, day: date) -> date:
        """`day` itself when worked, else the last working day before it."""
        while not self.working(day):
            day -= timedelta(1)
        return day

    def after(self, day: date) -> date:
        """`day` itself when worked, else the first working day after it."""
        while not self.working(day):
            day += timedelta(1)
        return day

    def next(self, day: date) -> date:
        """The first working day strictly after `day`."""
        return self.after(day + timedelta(1))

    def count(self, day: date, number: int) -> date:
        """The working day `number` working days after (negative: before) `day`.

        A day off counts as the working day before it when going forward and as the one after it
        when going back; 0 gives `day` itself.
        """
        if number == 0:
            return day
        days = self._worked
        place = (
            bisect_right(days, day) + number - 1 if number > 0 else bisect_left(days, day) + number
        )
        return days[place] if 0 <= place < len(days) else day + timedelta(number * 7 // 5)

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when last < first."""
        if last < first:
            return -self.between(last, first)
        return bisect_right(self._worked, last) - bisect_right(self._worked, first)

    @cached_property
    def _worked(self) -> list[date]:
        first = date(min(self.years, default=2020) - 3, 1, 1)
        last = date(max(self.years, default=2030) + 15, 12, 31)
        days = (first + timedelta(n) for n in range((last - first).days + 1))
        return [day for day in days if self.working(day)]
