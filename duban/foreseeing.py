"""What a digest will find if nobody answers: the same that the database would tell, told from the items."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from duban.assignment import Assignment
from duban.bulletin import Found, Settled, spans
from duban.completion import State
from duban.desk import Desk
from duban.digest import USUAL, Due, Task, Times, Which, Work, owed
from duban.lamp import overdue
from duban.phasereport import Followed
from duban.phases import ASIDE, Owed
from duban.punctual import Kept
from duban.step import Answer
from duban.vacancy import vacancies

AHEAD = timedelta(31)
"""What a department's account tells as owed."""


@dataclass
class Foresight:
    """The digests of days to come, in their order. `told`: the periods that are settled already."""

    desk: Desk
    times: Times = field(default_factory=lambda: USUAL)
    told: set[str] = field(default_factory=set)
    _overdue: dict[Which, frozenset[str]] = field(default_factory=dict)

    def find(self, day: date, items: Iterable[Assignment]) -> list[Found]:
        every = list(items)
        return [
            _found(self.desk, due, day, every, self._overdue.get(due.which))
            for due in self._owed(day)
        ]

    def _owed(self, day: date) -> Iterator[Due]:
        office = self.desk.office
        evening = datetime.combine(day, office.closes, ZoneInfo(office.zone)) - timedelta(minutes=1)
        return (due for due in owed(self.desk, self.times, evening) if due.period not in self.told)

    def settle(self, said: Collection[Settled]) -> None:
        for one in said:
            self.told.add(one.due.period)
            if "overdue" in one.facts:
                self._overdue[one.due.which] = frozenset(one.facts["overdue"])


def _found(
    desk: Desk, due: Due, day: date, items: list[Assignment], previous: frozenset[str] | None
) -> Found:
    if due.which is Which.WORK:
        return Found(due, work=_work(desk, day, items))
    if due.which is Which.PHASE:
        return Found(due, followed=_followed(desk, due, items))
    return Found(
        due,
        overdue=[item for item in items if overdue(item, day)],
        owing=[item for item in items if owing(item, day)],
        kept=_kept(due, items),
        previous=previous,
    )


def _followed(desk: Desk, due: Due, items: list[Assignment]) -> Followed | None:
    """Nobody has reported a value."""
    found = desk.phase(due.period)
    if found is None:
        return None
    mine = [item for item in items if item.asked.activity.partition(".")[0] == found[0].id]
    return Followed(*found, [one for item in mine if (one := owed_of(item))])


def owed_of(item: Assignment) -> Owed | None:
    """A programme's report that is owed; what was handed in already came in time."""
    asked = item.asked
    if item.target is None or asked.answer is not Answer.REPORT or item.state in ASIDE:
        return None
    reported = None if item.state.chased else item.target
    return Owed(asked.activity, asked.department, item.target, item.state, reported)


def owing(item: Assignment, day: date) -> bool:
    """Whether a report is owed from `day` on, within the next month, by who was told of it."""
    told = item.state.chased and item.state is not State.PLANNED
    target = item.target
    owed = told and item.asked.answer is Answer.REPORT and target is not None
    return owed and target is not None and day <= target <= day + AHEAD


def _kept(due: Due, items: list[Assignment]) -> list[Kept]:
    first = min(spans(due)[0].start, due.before.start)
    return [
        Kept(
            item.asked.office,
            item.asked.department,
            item.target,
            None if item.state.chased else item.target,
        )
        for item in items
        if item.target is not None
        and item.asked.answer is Answer.REPORT
        and item.state not in (State.WITHDRAWN, State.EXEMPTED)
        and first <= item.target <= due.span.last
    ]


def _work(desk: Desk, day: date, items: list[Assignment]) -> Work:
    week = [item for item in items if due_within(item, day, sunday(day))]
    dates = [item for item in items if _to_confirm(item, day)]
    return Work(
        dates=len(dates),
        today=tuple(task(desk, item) for item in week if item.target == day),
        week=tuple(task(desk, item) for item in week if item.target != day),
        vacant=vacancies(desk, {_ladder(item) for item in items if _due(item, day)}, day),
    )


def _due(item: Assignment, day: date) -> bool:
    return item.state is not State.PLANNED and due_within(item, date.min, day)


def _ladder(item: Assignment) -> tuple[str, str]:
    return item.asked.department, item.asked.ladder


def due_within(item: Assignment, first: date, last: date) -> bool:
    """Whether a report becomes due in these days."""
    owed = item.state.chased and item.asked.answer is Answer.REPORT
    return owed and item.target is not None and first <= item.target <= last


def sunday(day: date) -> date:
    return day + timedelta(6 - day.weekday())


def _to_confirm(item: Assignment, day: date) -> bool:
    asked = item.asked.answer is Answer.CONFIRM and item.state.chased
    return asked and item.asked.due is not None and item.asked.due <= day


def task(desk: Desk, item: Assignment) -> Task:
    asked = item.asked
    return Task(
        asked.name, asked.step_name, desk.called(asked.department), item.target, asked.due_at
    )
