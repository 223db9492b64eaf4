"""Punctuality: of what was due in a month, how much was reported in time, as scores count it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    """Its first day."""
    due: int = 0
    """Reports that were due in it."""
    kept: int = 0
    """Those of them that came on their day or before."""

    @property
    def percent(self) -> int | None:
        return percent(self.kept, self.due)


def percent(kept: int, due: int) -> int | None:
    """Rounded down, so that 100 is said only where nothing was late; None where nothing was due."""
    return kept * 100 // due if due else None


def months_until(day: date, number: int = 12) -> list[date]:
    """The first days of that many months, the last one that of `day`."""
    last = day.year * 12 + day.month - 1
    return [date(*_first_day(count)) for count in range(last - number + 1, last + 1)]


def _first_day(count: int) -> tuple[int, int, int]:
    year, month = divmod(count, 12)
    return year, month + 1, 1


def together(months: Iterable[Month]) -> Month:
    """All of them as if they were one."""
    every = list(months)
    return Month(every[0].first, sum(one.due for one in every), sum(one.kept for one in every))


@dataclass(frozen=True, slots=True)
class Kept:
    """One report that was owed: when it was due and when it was first made.

    `reported` is None when nothing came.
    """

    office: str
    department: str
    due: date
    reported: date | None

    @property
    def on_time(self) -> bool:
        return self.reported is not None and self.reported <= self.due


@dataclass(frozen=True, slots=True)
class Rate:
    """Of the reports that were due, how many came in time."""

    due: int = 0
    kept: int = 0

    @property
    def late(self) -> int:
        return self.due - self.kept

    @property
    def percent(self) -> int | None:
        return percent(self.kept, self.due)


@dataclass(frozen=True, slots=True)
class Bar(Rate):
    """A span as a chart shows it."""

    label: str = ""
    """Digits: `3`, `3/2`."""


def rated(kept: Iterable[Kept], first: date, last: date) -> Rate:
    """Of what was due from `first` to `last`. The one place by whose rule digests count."""
    found = [one.on_time for one in kept if first <= one.due <= last]
    return Rate(len(found), sum(found))
