"""Working days: Monday to Friday as amended by the State Council's yearly notices."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

from pydantic import Field

from duban.frozen import Frozen, Name

STATUTORY = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)})
"""Month and day of the holidays that are off each year since 1999, whatever a notice says: 全国年节及纪念日
放假办法, article 2."""


class Holiday(Frozen):
    """One holiday of a notice: days off, and the weekend days worked for it (调休)."""

    name: Name
    start: date
    end: date
    work: tuple[date, ...] = ()


class Amendment(Frozen):
    """A later notice of the same year. Its holidays take the place of those of the same name."""

    notice: Name
    published: date
    holidays: tuple[Holiday, ...]


class WorkYear(Frozen):
    """A year's notice. `start` to `end` are inclusive; days may lie in the neighbouring year."""

    year: int = Field(ge=2000, le=2100)
    notice: Name
    published: date | None = None
    """The day of the notice; where it is not known, the notice counts as always known."""
    holidays: tuple[Holiday, ...]
    amendments: tuple[Amendment, ...] = ()

    def amended(self, number: int | None = None) -> tuple[Holiday, ...]:
        """The holidays after the first `number` amendments, or after all of them."""
        holidays = self.holidays
        for amendment in self.amendments[:number]:
            new = {one.name for one in amendment.holidays}
            kept = (one for one in holidays if one.name not in new)
            holidays = (*kept, *amendment.holidays)
        return holidays

    def known(self, as_of: date | None) -> tuple[Holiday, ...] | None:
        """The holidays as published by the day `as_of`; None before the notice itself."""
        if as_of is None:
            return self.amended()
        if self.published and as_of < self.published:
            return None
        return self.amended(sum(one.published <= as_of for one in self.amendments))

    def without(self, notice: str) -> "WorkYear":
        """This year before that amendment."""
        others = tuple(one for one in self.amendments if one.notice != notice)
        return self.model_copy(update={"amendments": others})

    def take(self, read: "WorkYear") -> "WorkYear":
        """This year with the notice `read` in it: the same notice anew, or an amendment.

        `read` has a day of publication when its notice is another than this year's.
        """
        if read.notice == self.notice:
            published = self.published or read.published
            return self.model_copy(update={"published": published, "holidays": read.holidays})
        before = self.without(read.notice)
        present = [holiday.model_dump() for holiday in before.amended()]
        changed = tuple(one for one in read.holidays if one.model_dump() not in present)
        if not changed:
            return before
        assert read.published is not None
        new = Amendment(notice=read.notice, published=read.published, holidays=changed)
        ordered = tuple(sorted((*before.amendments, new), key=lambda one: one.published))
        return self.model_copy(update={"amendments": ordered})


class WorkCalendar:
    """Which days are worked, by all notices or by those that were published by `as_of`.

    A year without a notice counts Monday to Friday but its statutory holidays, and is tentative.
    """

    def __init__(self, years: Iterable[WorkYear], as_of: date | None = None) -> None:
        self._off: dict[date, str] = {}
        self._on: dict[date, str] = {}
        self.years: set[int] = set()
        for year in years:
            holidays = year.known(as_of)
            if holidays is not None:
                self.years.add(year.year)
                for holiday in holidays:
                    self._take(holiday)

    def _take(self, holiday: Holiday) -> None:
        for number in range((holiday.end - holiday.start).days + 1):
            self._off[holiday.start + timedelta(number)] = holiday.name
        for day in holiday.work:
            self._on[day] = holiday.name

    def working(self, day: date) -> bool:
        if day in self._on:
            return True
        return day.weekday() < 5 and day not in self._off and not self._statutory(day)

    def _statutory(self, day: date) -> bool:
        """Off by law, in a year whose notice is still awaited."""
        return (day.month, day.day) in STATUTORY and day.year not in self.years

    def reason(self, day: date) -> str:
        """Why a day is off or on: a holiday's name, 调休上班, 周末, or 工作日."""
        if day in self._on:
            return f"{self._on[day]}调休上班"
        if day in self._off:
            return self._off[day]
        if self._statutory(day):
            return "法定节假日"
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
        days, at = self._worked, day.toordinal()
        place = (
            bisect_right(days, at) + number - 1 if number > 0 else bisect_left(days, at) + number
        )
        if 0 <= place < len(days):
            return date.fromordinal(days[place])
        return self._walk(day, number)

    def _walk(self, day: date, number: int) -> date:
        """Counting day by day, far from the years that are known."""
        step = timedelta(1 if number > 0 else -1)
        for _ in range(abs(number)):
            day += step
            while not self.working(day):
                day += step
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when last < first."""
        days = self._worked
        return bisect_right(days, last.toordinal()) - bisect_right(days, first.toordinal())

    @cached_property
    def _worked(self) -> list[int]:
        """Ordinals of all working days, from ten years before the first notice to the end of 2110.

        Ordinal 1 was a Monday.
        """
        first = date(min(self.years, default=2020) - 10, 1, 1).toordinal()
        last = date(2110, 12, 31).toordinal()
        off = {day.toordinal() for day in self._off.keys() - self._on.keys()}
        on = {day.toordinal() for day in self._on if day.weekday() >= 5}
        plain = (n for n in range(first, last + 1) if (n - 1) % 7 < 5)
        years = {*range(date.fromordinal(first).year, 2111)} - self.years
        law = {date(year, *day).toordinal() for year in years for day in STATUTORY}
        return sorted(on.union(plain) - off - (law - on))
