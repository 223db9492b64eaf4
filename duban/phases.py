"""What became of the reports that a programme asks for: by phase, by task, by department."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from duban.completion import State
from duban.programme import Phase

ASIDE = (State.EXEMPTED, State.WITHDRAWN)
"""Of what is so, nothing is told."""


class Fate(StrEnum):
    KEPT = "kept"
    """Handed in by its date, or closed by the secretariat."""
    LATE = "late"
    """Handed in after its date."""
    MISSING = "missing"
    """Overdue."""
    OPEN = "open"
    """Not handed in, and not overdue."""

    @property
    def label(self) -> str:
        return {
            "kept": "按时报送",
            "late": "迟报",
            "missing": "逾期未报",
            "open": "未到期",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Owed:
    """One report that the programme asks for; what is exempted or withdrawn is not among them."""

    activity: str
    """`programme.task`."""
    department: str
    due: date
    state: State
    reported: date | None
    """The day of the first report."""

    def fate(self, day: date) -> Fate:
        """As it stands on `day`; what nobody was told of yet is not overdue."""
        if not self.state.chased:
            return Fate.LATE if self.reported and self.reported > self.due else Fate.KEPT
        told = self.state is not State.PLANNED
        return Fate.MISSING if told and self.due < day else Fate.OPEN

    def within(self, phase: Phase) -> bool:
        return phase.start <= self.due <= phase.end


@dataclass(slots=True)
class Sum:
    """How many reports had which fate."""

    counts: dict[Fate, int] = field(default_factory=dict)

    def add(self, fate: Fate) -> None:
        self.counts[fate] = self.counts.get(fate, 0) + 1

    def of(self, fate: Fate) -> int:
        return self.counts.get(fate, 0)

    @property
    def asked(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.of(Fate.KEPT) + self.of(Fate.LATE)

    @property
    def worst(self) -> tuple[int, int]:
        """To sort by: most overdue first, then most late ones."""
        return -self.of(Fate.MISSING), -self.of(Fate.LATE)


def summed(owed: Iterable[Owed], day: date) -> Sum:
    whole = Sum()
    for one in owed:
        whole.add(one.fate(day))
    return whole


def by_task(owed: Iterable[Owed], day: date) -> dict[str, Sum]:
    """By `programme.task`."""
    found: dict[str, Sum] = {}
    for one in owed:
        found.setdefault(one.activity, Sum()).add(one.fate(day))
    return found


def by_department(owed: Iterable[Owed], day: date) -> dict[str, Sum]:
    """By id."""
    found: dict[str, Sum] = {}
    for one in owed:
        found.setdefault(one.department, Sum()).add(one.fate(day))
    return found
