"""Periods of scores: months, quarters, years, and phases of programmes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from duban.score import Term


@dataclass(frozen=True, slots=True)
class Period:
    id: str
    """`2026-03`, `2026-Q1`, `2026`, or `programme/phase`."""
    label: str
    first: date
    last: date
    phase: str = ""
    """Its id where it is a phase of a programme."""

    def closed(self, day: date) -> bool:
        """Whether what was due in it is all past on `day`."""
        return self.last < day


def read(text: str, terms: Iterable[Term]) -> Period | None:
    """None for what is none."""
    for term in terms:
        if term.id == text:
            return Period(text, term.name, term.first, term.last, text)
    found = re.fullmatch(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4]))?", text, re.ASCII)
    if found is None:
        return None
    if found[2]:
        return month(date(int(found[1]), int(found[2]), 1))
    return quarter(int(found[1]), int(found[3])) if found[3] else year(int(found[1]))


def month(day: date) -> Period:
    """The one that holds the day."""
    first = day.replace(day=1)
    return Period(f"{first:%Y-%m}", f"{first.year}年{first.month}月", first, _end(first, 1))


def quarter(of: int, number: int) -> Period:
    first = date(of, number * 3 - 2, 1)
    return Period(f"{of}-Q{number}", f"{of}年第{number}季度", first, _end(first, 3))


def year(of: int) -> Period:
    return Period(f"{of}", f"{of}年", date(of, 1, 1), date(of, 12, 31))


def _end(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(1)


def within(first: date, last: date) -> Iterator[Period]:
    """Years with their quarters and months that hold any of these days, the newest year first."""
    for number in range(last.year, first.year - 1, -1):
        yield year(number)
        parts = [quarter(number, one) for one in range(1, 5)]
        parts += [month(date(number, one, 1)) for one in range(1, 13)]
        yield from (part for part in parts if part.first <= last and part.last >= first)
