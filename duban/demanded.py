"""Demanded (上级要求): how far the districts are with what their city asks, told from both offices' items."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duban.assignment import Assignment
from duban.cascade import ADOPT, adopters, declined
from duban.completion import State
from duban.desk import Desk
from duban.lamp import overdue
from duban.officeyear import Decline

Group = tuple[str, int, str]
"""Activity, year and step of one office."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a group: items that are asked for, those still open, those done."""

    every: int = 0
    open: int = 0
    completed: int = 0
    late: int = 0
    """Owed although their day has passed."""

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(
            self.every + other.every,
            self.open + other.open,
            self.completed + other.completed,
            self.late + other.late,
        )


class Part(StrEnum):
    """What is counted of demands; the first three are one of each."""

    ADOPTED = "adopted"
    UNDIVIDED = "undivided"
    DECLINED = "declined"
    DONE = "done"
    LATE = "late"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Part.ADOPTED: "已分解",
    Part.UNDIVIDED: "待分解",
    Part.DECLINED: "不承接",
    Part.DONE: "已完成",
    Part.LATE: "有逾期",
}
HANDED_IN = (State.REPORTED, State.COMPLETED)
NOT_ASKED = (State.WITHDRAWN, State.EXEMPTED)


@dataclass(frozen=True, slots=True)
class Demanded:
    """One demand: the city's item, and what became of it in the district."""

    item: Assignment
    office: str
    own: Progress
    decline: Decline | None
    parts: frozenset[Part]


def demanded(
    city: Desk,
    items: Iterable[Assignment],
    own: Mapping[tuple[str, Group], Progress],
    day: date,
) -> list[Demanded]:
    """`items`: of the city, of the departments that are offices; `own`: by district and group."""
    lower = _lower(city)
    found = []
    for item in items:
        asked = item.asked
        if asked.department not in lower or item.state in NOT_ASKED:
            continue
        desk, names = lower[asked.department]
        office = desk.office.id
        ids = names.get(asked.activity, set())
        mine = sum(
            (own.get((office, (id, asked.year, asked.step)), Progress()) for id in sorted(ids)),
            Progress(),
        )
        alone = own.get((office, (f"{asked.activity}{ADOPT}", asked.year, asked.step)), Progress())
        decline = declined(desk, asked)
        both = mine + alone
        parts = frozenset(_parts(item, mine, both, decline, day))
        found.append(Demanded(item, office, both, decline, parts))
    return found


def _lower(city: Desk) -> dict[str, tuple[Desk, dict[str, set[str]]]]:
    """By department: the district's desk, and by what names it does what is asked."""
    found = {}
    for one in city.branch.departments:
        if one.office and (branch := city.below.get(one.office)):
            desk = Desk(city.book, branch, city.workdays, city.as_of, almanac=city.almanac)
            found[one.id] = desk, adopters(desk)
    return found


def _parts(
    item: Assignment, mine: Progress, both: Progress, decline: Decline | None, day: date
) -> Iterable[Part]:
    if decline:
        yield Part.DECLINED
    else:
        yield Part.ADOPTED if mine.every else Part.UNDIVIDED
    if item.state in HANDED_IN:
        yield Part.DONE
    elif both.late or overdue(item, day):
        yield Part.LATE


@dataclass(frozen=True, slots=True)
class Count:
    """Of some demands: how many there are, and how many of each part."""

    every: int
    parts: Mapping[Part, int]


def counted(demands: Iterable[Demanded], by: Callable[[Demanded], str]) -> dict[str, Count]:
    """By what `by` says of each; the one with most that is late first."""
    groups: dict[str, list[Demanded]] = {}
    for one in demands:
        groups.setdefault(by(one), []).append(one)
    counts = {
        key: Count(len(some), {part: sum(part in one.parts for one in some) for part in Part})
        for key, some in groups.items()
    }
    return dict(sorted(counts.items(), key=lambda pair: (*_worst(pair[1]), pair[0])))


def _worst(count: Count) -> tuple[int, ...]:
    return tuple(-count.parts[part] for part in (Part.LATE, Part.UNDIVIDED, Part.DECLINED))
