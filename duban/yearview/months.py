"""The calendar of the year: its days, worked or off, and how many mails go out on each."""

from calendar import Calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from duban.agenda import Agenda
from duban.desk import Desk
from duban.yearview.mails import Mail, Tally, tally
from duban.yearview.posts import Post, Posts

WEEKEND = "周末"
LEVELS = (1, 3, 6, 11, 21)
"""The least number of mails of each level: fixed, so that offices and years can be compared."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the calendar."""

    day: date
    working: bool
    reason: str
    """Why it is worked or off: a holiday's name, `春节调休上班`, 周末, 工作日."""
    mails: Tally

    @property
    def moved(self) -> bool:
        """A weekend day that is worked (调休)."""
        return self.working and self.day.weekday() >= 5

    @property
    def holiday(self) -> str | None:
        return None if self.working or self.reason == WEEKEND else self.reason

    @property
    def level(self) -> int:
        """0: no mail, up to the number of LEVELS."""
        return sum(self.mails.count >= least for least in LEVELS)


@dataclass(frozen=True, slots=True)
class Break:
    """Days of one holiday within one month, both inclusive."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which mails go out."""

    day: date
    mails: Tally
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    """Monday first; None before the first day and after the last."""
    mails: Tally
    days: tuple[Day, ...]

    @property
    def cells(self) -> list[Cell]:
        return [cell for week in self.weeks for cell in week if cell]

    @property
    def breaks(self) -> list[Break]:
        found = []
        for name, group in groupby(self.cells, key=lambda cell: cell.holiday):
            if name:
                days = [cell.day for cell in group]
                found.append(Break(name, days[0], days[-1]))
        return found

    @property
    def moved(self) -> list[date]:
        return [cell.day for cell in self.cells if cell.moved]


def months_of(desk: Desk, agenda: Agenda, year: int, mails: Iterable[Mail]) -> Iterator[Month]:
    by_day: dict[date, list[Mail]] = {}
    for mail in mails:
        by_day.setdefault(mail.day, []).append(mail)
    posts = Posts(desk, agenda)
    for number in range(1, 13):
        within = sorted(day for day in by_day if day.month == number)
        yield Month(
            number,
            tuple(
                tuple(
                    _cell(desk, day, by_day.get(day, ())) if day.month == number else None
                    for day in week
                )
                for week in Calendar().monthdatescalendar(year, number)
            ),
            tally(mail for day in within for mail in by_day[day]),
            tuple(Day(day, tally(by_day[day]), posts.gather(by_day[day])) for day in within),
        )


def _cell(desk: Desk, day: date, mails: Iterable[Mail]) -> Cell:
    days = desk.workdays
    return Cell(day, days.working(day), days.reason(day), tally(mails))
