"""What every date rule can do, and the days that it gives."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, timedelta


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


class Rule(ABC):
    """One date rule. `span(year)` is one addition or two: whoever needs many years asks for each."""

    __slots__ = ()

    @property
    def announced(self) -> bool:
        """Whether the day is only known once somebody has announced it."""
        return False

    @property
    def follows(self) -> str | None:
        """The activity from whose days this rule counts; None where it counts from none."""
        return None

    @property
    def length(self) -> int | None:
        """How many days it lasts; None where years differ, the end is open or nothing is known."""
        return None

    @abstractmethod
    def span(self, year: int) -> Span | None:
        """The days of `year`; None where the rule alone cannot tell."""

    def rrule(self) -> str | None:
        """The first days as a recurrence rule of RFC 5545; None where none says the same."""
        return None


def single(day: date) -> Span:
    return Span(day, day)


def lasting(start: date, days: int) -> Span:
    return Span(start, start + timedelta(days - 1))
