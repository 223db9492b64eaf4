"""A year at a glance: how many mails go out on which day, to whom, and what is due when."""

from calendar import Calendar
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from typing import Any, Protocol

from duban.agenda import Agenda
from duban.assignment import Duties, Duty
from duban.desk import Desk
from duban.letter import Kind
from duban.step import Answer

WEEKEND = "周末"
LEVELS = (1, 3, 6, 11, 21)
"""The least number of mails of each level: fixed, so that offices and years can be compared."""


class Mail(Protocol):
    """One mail of a preview."""

    @property
    def day(self) -> date: ...
    @property
    def office(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def items(self) -> Sequence[Mapping[str, Any]]:
        """{activity, step, stage, due, assignment}, dates as ISO text."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Mails by kind, every kind in its order."""

    kinds: tuple[tuple[Kind, int], ...]

    @property
    def count(self) -> int:
        return sum(count for _, count in self.kinds)

    @property
    def some(self) -> list[tuple[Kind, int]]:
        """Without the kinds that there are none of."""
        return [(kind, count) for kind, count in self.kinds if count]


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
class Month:
    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]
    """Monday first; None before the first day and after the last."""
    mails: Tally
    days: tuple["Day", ...]

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


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    """Empty when nobody in the contacts has the address."""
    address: str
    department: str
    """Short names; empty for the office's own people."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One step as a mail mentions it."""

    activity: str
    step: str
    stage: str
    """In Chinese."""
    due: date | None
    departments: tuple[str, ...]
    """Short names of those who owe it; empty where it is the recipient's own."""


@dataclass(frozen=True, slots=True)
class Post:
    """Mails of one kind that say the same."""

    kind: Kind
    recipients: tuple[Recipient, ...]
    items: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which mails go out."""

    day: date
    mails: Tally
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A step that a department owes."""

    activity: str
    step: str
    duty: Duty
    answer: Answer
    notice: date | None
    due: date | None
    """None where no date is known."""
    due_at: time | None
    expected: date | None
    """When it would usually be due, while no date is known."""
    tentative: bool
    """The day may still move: nobody announced it, or the year's holidays are not public yet."""

    @property
    def day(self) -> date | None:
        return self.due or self.expected


@dataclass(frozen=True, slots=True)
class Row:
    """One department's year."""

    department: str
    """Short name."""
    marks: tuple[Mark, ...]
    """Everything that it owes, by day; those without one at the end."""

    @property
    def unknown(self) -> list[Mark]:
        """Those whose date is not known (待公布), usual days or not."""
        return [mark for mark in self.marks if mark.due is None]


@dataclass(frozen=True, slots=True)
class View:
    """One office's year."""

    office: str
    name: str
    short: str
    year: int
    tentative: bool
    """Whether the notice on the year's holidays is still awaited."""
    months: tuple[Month, ...]
    mails: Tally
    rows: tuple[Row, ...]

    @property
    def days(self) -> list[Day]:
        return [day for month in self.months for day in month.days]

    @property
    def workdays(self) -> int:
        return sum(cell.working for month in self.months for cell in month.cells)

    @property
    def busiest(self) -> Day | None:
        """The earliest of those with the most mails."""
        return max(self.days, key=lambda day: day.mails.count, default=None)

    @property
    def unknown(self) -> int:
        """Items whose date is not known."""
        return sum(len(row.unknown) for row in self.rows)


def view(desk: Desk, agenda: Agenda, year: int, mails: Iterable[Mail]) -> View:
    """The office's year; mails of other offices and other years are left out."""
    office = desk.office
    own = [mail for mail in mails if mail.office == office.id and mail.day.year == year]
    months = tuple(_months(desk, agenda, year, own))
    return View(
        office.id,
        office.name,
        office.short,
        year,
        desk.workdays.tentative(date(year, 1, 1)),
        months,
        _tally(own),
        _rows(desk, agenda, year),
    )


def _tally(mails: Iterable[Mail]) -> Tally:
    found = Counter(mail.kind for mail in mails)
    return Tally(tuple((kind, found[kind.value]) for kind in Kind))


def _months(desk: Desk, agenda: Agenda, year: int, mails: Iterable[Mail]) -> Iterator[Month]:
    by_day: dict[date, list[Mail]] = {}
    for mail in mails:
        by_day.setdefault(mail.day, []).append(mail)
    reading = _Reading(desk, agenda)
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
            _tally(mail for day in within for mail in by_day[day]),
            tuple(Day(day, _tally(by_day[day]), reading.posts(by_day[day])) for day in within),
        )


def _cell(desk: Desk, day: date, mails: Iterable[Mail]) -> Cell:
    days = desk.workdays
    return Cell(day, days.working(day), days.reason(day), _tally(mails))


class _Reading:
    """Mails with the names of an office's people, activities, steps and stages."""

    def __init__(self, desk: Desk, agenda: Agenda) -> None:
        self.desk, self.agenda = desk, agenda
        self.people = {person.email: person.name for person in reversed(desk.branch.contacts)}

    def posts(self, mails: Iterable[Mail]) -> tuple[Post, ...]:
        """By kind, then in the order in which they come; those that say the same together."""
        found: dict[tuple[Kind, tuple[Mention, ...]], list[Recipient]] = {}
        for mail in mails:
            who = Recipient(self.people.get(mail.recipient, ""), mail.recipient, mail.department)
            found.setdefault((Kind(mail.kind), self._mentions(mail)), []).append(who)
        order = list(Kind)
        posts = [Post(kind, tuple(who), items) for (kind, items), who in found.items()]
        return tuple(sorted(posts, key=lambda post: order.index(post.kind)))

    def _mentions(self, mail: Mail) -> tuple[Mention, ...]:
        """Each step once, with every department that owes it."""
        found: dict[tuple[str, str, str, date | None], list[str]] = {}
        for item in mail.items:
            owing = found.setdefault(self._facts(item), [])
            department = self.desk.called(item["assignment"].rpartition("/")[2])
            if department != mail.department:
                owing.append(department)
        return tuple(Mention(*facts, tuple(owing)) for facts, owing in found.items())

    def _facts(self, item: Mapping[str, Any]) -> tuple[str, str, str, date | None]:
        """Activity, step, stage and due date; ids for what the calendar does not hold any more."""
        key, step = item["assignment"], item["step"]
        piece = self.agenda.pieces.get("/".join(key.split("/")[:3]))
        known = piece and next((one for one in piece.steps if one.id == step), None)
        return (
            piece.occasion.name if piece else item["activity"],
            known.name if known else step,
            self._stage(key, item["stage"]),
            date.fromisoformat(item["due"]) if item["due"] else None,
        )

    def _stage(self, key: str, stage: str) -> str:
        if stage in set(Kind):
            return Kind(stage).label
        duty = self.agenda.duties.get(key)
        return self.desk.ladder(duty.ladder if duty else self.desk.office.ladder).label(stage)


def _rows(desk: Desk, agenda: Agenda, year: int) -> tuple[Row, ...]:
    """One a department that owes something in the year, the one with the most items first."""
    owed: dict[str, list[Mark]] = {}
    for duty in agenda.duties.values():
        if _touches(duty, year):
            owed.setdefault(desk.called(duty.department), []).append(_mark(desk, agenda, duty))
    rows = [Row(short, tuple(sorted(marks, key=_order))) for short, marks in owed.items()]
    return tuple(sorted(rows, key=lambda row: (-len(row.marks), row.department)))


def _touches(duty: Duties, year: int) -> bool:
    """Whether its notice or its due date, or the time between, lies in the year."""
    if duty.due is None:
        return duty.year == year
    first = min(duty.notice_on or duty.due, duty.due)
    return first.year <= year <= duty.due.year


def _mark(desk: Desk, agenda: Agenda, duty: Duties) -> Mark:
    piece = agenda.pieces[f"{duty.office}/{duty.activity}/{duty.year}"]
    day = duty.due or duty.expected
    return Mark(
        piece.occasion.name,
        piece.step(duty.step).name,
        duty.duty,
        duty.answer,
        duty.notice_on,
        duty.due,
        duty.due_at,
        duty.expected,
        day is not None and (duty.due is None or desk.workdays.tentative(day)),
    )


def _order(mark: Mark) -> tuple[bool, date]:
    return (mark.day is None, mark.day or date.min)
