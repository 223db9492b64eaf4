"""Digests (通报): which there are, when each is owed, and what it says, as plain facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from duban.desk import Desk
from duban.office import Office
from duban.offset import parse_offset
from duban.programme import Phase
from duban.punctual import Bar, Rate
from duban.rhythm import rhythm
from duban.rule import Span
from duban.vacancy import Vacancy
from duban.workdays import WorkCalendar


class Which(StrEnum):
    WEEKLY = "weekly"
    """To the managers: what is overdue, and how the last week went."""
    MONTHLY = "monthly"
    """The same of the last month. A weekly one that falls on the same morning is part of it."""
    ACCOUNT = "account"
    """To each department's 分管领导: what his department did, owes and is overdue with."""
    WORK = "work"
    """To the 经办人: what waits for the secretariat this morning."""
    PHASE = "phase"
    """To the managers and the 经办人: what became of a programme's phase, once it is over. The programme
    says when, not the timetable."""

    @property
    def label(self) -> str:
        return {
            "weekly": "每周通报",
            "monthly": "每月通报",
            "account": "部门月度清单",
            "work": "今日待办",
            "phase": "阶段报告",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Time:
    """When a digest is owed: a cron line on the clock of a zone."""

    cron: str
    zone: str = "Asia/Shanghai"

    def last(self, at: datetime) -> datetime | None:
        return rhythm(self.cron).last(at.astimezone(ZoneInfo(self.zone)))


Times = Mapping[Which, Time]
LATELY = timedelta(90)
"""A phase that ended longer ago is not reported any more: who begins to use duban does not need it."""
USUAL: Times = {
    Which.WEEKLY: Time("30 8 * * mon"),
    Which.MONTHLY: Time("30 8 1 * *"),
    Which.ACCOUNT: Time("30 8 1 * *"),
    Which.WORK: Time("30 8 * * *"),
}
"""Unless the timetable says otherwise: with the morning's letter."""


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that is owed."""

    which: Which
    period: str
    """What it is said once for: `2026-W10`, `2026-03`, `2026-03-head`, `2026-03-02`; of a phase
    `programme/phase`."""
    span: Span
    """The days that it looks back on; of the work list the day itself."""
    before: Span
    """The days that they are compared with."""
    alone: bool = False
    """Said later than the morning's letter, in one of its own."""

    @property
    def name(self) -> str:
        """`每周通报 2026-W10`."""
        return f"{self.which.label} {self.period}"

    @property
    def mark(self) -> str:
        return mark(self.which) if self.alone else ""


def mark(which: Which) -> str:
    """Behind the key of a letter that holds nothing but that digest."""
    return f"digest-{which.value}"


def owed(desk: Desk, times: Times, at: datetime) -> list[Due]:
    """The latest one of each kind whose time has come by `at`, whether it was said or not.

    A time on a day off comes with the morning of the next working day. Older ones are not made up for.
    """
    phases = [
        (f"{programme.id}/{phase.id}", phase)
        for programme in desk.branch.programmes
        for phase in programme.phases
    ]
    return [
        *owed_by_time(desk.office, times, at),
        *owed_by_phase(desk.office, phases, desk.workdays, at),
    ]


def owed_by_time(office: Office, times: Times, at: datetime) -> list[Due]:
    """Those of which the timetable says when."""
    now = at.astimezone(ZoneInfo(office.zone))
    found = ((which, _came(office, time, now)) for which, time in times.items())
    return [_due(office, which, came, now) for which, came in found if came]


def owed_by_phase(
    office: Office, phases: Iterable[tuple[str, Phase]], workdays: WorkCalendar, at: datetime
) -> Iterator[Due]:
    """Of every phase whose report has become due lately, since the office uses duban. `phases`: with what
    each is said once for."""
    day = at.astimezone(ZoneInfo(office.zone)).date()
    for period, phase in phases:
        came = report_day(phase, workdays)
        if office.since <= came <= day <= came + LATELY:
            span = Span(phase.start, phase.end)
            yield Due(Which.PHASE, period, span, span)


def report_day(phase: Phase, workdays: WorkCalendar) -> date:
    """The working day on which the report of a phase is made."""
    offset = parse_offset(phase.report)
    return workdays.after(offset.day(phase.end, phase.end.year, workdays))


def _came(office: Office, time: Time, now: datetime) -> datetime | None:
    """The latest time that has come, on the office's clock; none from before it used duban."""
    fired = time.last(now)
    came = fired.astimezone(now.tzinfo) if fired else None
    return came if came and came.date() >= office.since else None


def _due(office: Office, which: Which, came: datetime, now: datetime) -> Due:
    alone = came.time() > office.hour and came.date() == now.date()
    day = came.date()
    span, before = _spans(which, day)
    return Due(which, _period(which, day), span, before, alone)


def _period(which: Which, day: date) -> str:
    if which is Which.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if which is Which.WORK:
        return day.isoformat()
    return f"{day:%Y-%m}-head" if which is Which.ACCOUNT else f"{day:%Y-%m}"


def _spans(which: Which, day: date) -> tuple[Span, Span]:
    """A week looks back on the seven days before it, a month on the month before."""
    if which is Which.WORK:
        return Span(day, day), Span(day, day)
    if which is Which.WEEKLY:
        week = timedelta(7)
        return Span(day - week, day - timedelta(1)), Span(day - 2 * week, day - week - timedelta(1))
    last = day.replace(day=1) - timedelta(1)
    former = last.replace(day=1) - timedelta(1)
    return Span(last.replace(day=1), last), Span(former.replace(day=1), former)


# --- what is said --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered:
    """The last thing that was done about an item by its department, or by the office about that."""

    who: str
    at: datetime
    """On the office's wall clock."""
    act: str
    """As in the account: `report`, `return`."""
    said: str
    """The reason or the answer that was given with it, shortened."""


@dataclass(frozen=True, slots=True)
class Line:
    """One department in a digest."""

    name: str
    """Short."""
    overdue: int
    before: int | None
    """How many were overdue in the last digest; None where that is not known."""
    longest: int
    """Working days that its oldest is overdue; 0 where none is."""
    rate: Rate
    """Of the days that the digest looks back on."""


@dataclass(frozen=True, slots=True)
class Below:
    """One office below this one, and how far it is with what this year asks of it."""

    name: str
    """As a department, short."""
    demanded: int
    undivided: int
    """Given to nobody there yet."""
    declined: int
    done: int
    late: int
    """Its own items, or its report, are past their day."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a digest says beside its items."""

    which: Which
    span: Span
    rate: Rate
    rate_before: Rate
    before: int | None = None
    """How many were overdue in the last one; None where that is not known."""
    new: int = 0
    """Overdue now and not then; `gone`: the other way round."""
    gone: int = 0
    lines: tuple[Line, ...] = ()
    """Departments with something overdue or late, the worst first."""
    punctual: int = 0
    """Departments that owed something and were in time with everything."""
    bars: tuple[Bar, ...] = ()
    """For the chart."""
    picture: str = ""
    """The chart's Content-ID; empty: there is none."""
    department: str = ""
    """Short name, in a department's account."""
    below: tuple[Below, ...] = ()
    """Offices below this one that it asks for something, the worst first."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the secretariat, or for a department within this week."""

    name: str
    """Of the occasion."""
    step_name: str
    department: str
    """Short name."""
    due: date | None = None
    due_at: time | None = None
    what: str = ""
    """A request's kind: `申请延期`."""
    who: str = ""
    at: datetime | None = None
    """On the office's wall clock."""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """The secretariat's work list: of each kind the number and the first ones."""

    reports: int = 0
    first_reports: tuple[Task, ...] = ()
    requests: int = 0
    first_requests: tuple[Task, ...] = ()
    dates: int = 0
    """Dates that are to be found out."""
    failed: int = 0
    """Letters of the last days that did not arrive."""
    today: tuple[Task, ...] = ()
    """What becomes due today."""
    week: tuple[Task, ...] = ()
    """What becomes due in the rest of this week."""
    vacant: tuple[Vacancy, ...] = ()
    """Whom the ladder cannot reach, of departments that are due."""
