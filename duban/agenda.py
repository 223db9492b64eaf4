"""The agenda: what an office's calendar asks of whom and by when, computed from the book alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time

from duban.activity import Certainty
from duban.assignment import Duties, Duty, Occasion
from duban.desk import EVENT_LADDER, Desk
from duban.occurrences import occurrence
from duban.office import Department
from duban.officeyear import Entry
from duban.offset import Anchor, Offset, parse_offset
from duban.programme import Programme, Task
from duban.rule import Span
from duban.step import Answer, Shift, Step, Who

TASK_NOTICE = "到期前60天"
ACTIVITY_NOTICE = "开始前30天"


@dataclass(frozen=True, slots=True)
class Piece:
    """One occasion with its departments and steps, before it is cut into duties."""

    occasion: Occasion
    lead: tuple[Department, ...]
    support: tuple[Department, ...]
    steps: tuple[Step, ...]
    notice: Offset
    ladder: str

    def step(self, id: str) -> Step:
        return next(step for step in self.steps if step.id == id)


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that one office's calendar asks for, by key."""

    pieces: dict[str, Piece]
    """By occasion key `office/activity/year`."""
    duties: dict[str, Duties]

    def piece(self, duties: Duties) -> Piece | None:
        return self.pieces.get(f"{duties.office}/{duties.activity}/{duties.year}")


def agenda(desk: Desk) -> Agenda:
    """Everything from the office's first day with duban on, known dates and unknown ones."""
    pieces = {piece.occasion.key: piece for piece in (*_activities(desk), *_tasks(desk))}
    duties = {duty.key: duty for piece in pieces.values() for duty in _duties(desk, piece)}
    kept = {key: duty for key, duty in duties.items() if _wanted(desk, duty)}
    return Agenda(pieces, kept)


def _wanted(desk: Desk, duty: Duties) -> bool:
    """What was due before the office used duban is history, not work."""
    since = desk.office.since
    return duty.due >= since if duty.due else duty.year >= since.year


def _activities(desk: Desk) -> Iterator[Piece]:
    for year in desk.branch.years:
        for entry in year.activities:
            if piece := _activity(desk, year.year, entry):
                yield piece


def _activity(desk: Desk, year: int, entry: Entry) -> Piece | None:
    activity = desk.activity(entry.activity)
    days = activity and occurrence(activity, year, desk.activity, entry.dates)
    if activity is None or not days:
        return None
    steps, notice = _steps(desk, entry.steps, entry.notice, ACTIVITY_NOTICE)
    lead, support = _people(desk, entry, days.span.start if days.span else date(year, 12, 31))
    occasion = Occasion(
        desk.office.id,
        activity.id,
        year,
        days.name,
        days.span,
        days.certainty,
        _named(desk, entry.lead),
        _named(desk, entry.support),
        days.source,
    )
    return Piece(occasion, lead, support, steps, notice, entry.ladder or desk.office.ladder)


def _tasks(desk: Desk) -> Iterator[Piece]:
    for programme in desk.branch.programmes:
        for task in programme.tasks:
            yield from _task(desk, programme, task)


def _task(desk: Desk, programme: Programme, task: Task) -> Iterator[Piece]:
    """One piece a year in which a step of the task is due."""
    steps, notice = _steps(desk, task.steps, task.notice, TASK_NOTICE)
    for year in range(programme.start.year, programme.end.year + 1):
        due = tuple(step for step in steps if step.offset.once in (None, year))
        if not due:
            continue
        first = max(programme.start, date(year, 1, 1))
        last = min(programme.end, date(year, 12, 31))
        lead, support = _people(desk, task, last)
        occasion = Occasion(
            desk.office.id,
            f"{programme.id}.{task.id}",
            year,
            task.name,
            Span(first, last),
            Certainty.RULE,
            _named(desk, task.lead),
            _named(desk, task.support),
            task.source or programme.document,
            programme.name,
        )
        yield Piece(occasion, lead, support, due, notice, task.ladder or desk.office.ladder)


def _steps(
    desk: Desk, steps: str | tuple[Step, ...], notice: str | None, default: str
) -> tuple[tuple[Step, ...], Offset]:
    if isinstance(steps, str):
        shared = desk.steps(steps)
        return shared.steps, parse_offset(notice or shared.notice)
    return steps, parse_offset(notice or default)


def _people(
    desk: Desk, entry: Entry | Task, day: date
) -> tuple[tuple[Department, ...], tuple[Department, ...]]:
    """Lead and support; who leads does not support as well."""
    lead = desk.members(entry.lead, day)
    taken = {one.id for one in lead}
    support = tuple(one for one in desk.members(entry.support, day) if one.id not in taken)
    return lead, support


def _named(desk: Desk, names: tuple[str, ...]) -> tuple[str, ...]:
    """As people write them: a group keeps its name, a department gets its short one."""
    return tuple(desk.short(name) for name in names)


def _duties(desk: Desk, piece: Piece) -> Iterator[Duties]:
    for step in piece.steps:
        due = due_day(desk, piece, step)
        notice = _notice_day(desk, piece, due)
        for duty, departments in ((Duty.LEAD, piece.lead), (Duty.SUPPORT, piece.support)):
            if step.who not in (Who.ALL, Who.LEAD if duty is Duty.LEAD else Who.SUPPORT):
                continue
            for department in departments:
                yield _duty(piece, step, department, duty, notice, due, step.offset.at)


def _duty(
    piece: Piece,
    step: Step,
    department: Department,
    duty: Duty,
    notice: date | None,
    due: date | None,
    due_at: time | None,
) -> Duties:
    occasion = piece.occasion
    return Duties(
        key=f"{occasion.key}/{step.id}/{department.id}",
        office=occasion.office,
        activity=occasion.id,
        year=occasion.year,
        step=step.id,
        department=department.id,
        duty=duty,
        answer=step.answer,
        ladder=EVENT_LADDER if step.answer is Answer.KNOW else piece.ladder,
        certainty=occasion.certainty if due else Certainty.UNKNOWN,
        notice_on=notice,
        due=due,
        due_at=due_at,
    )


def due_day(desk: Desk, piece: Piece, step: Step) -> date | None:
    """When the step is due, moved off a day off in its own direction; None where no date is known."""
    span = piece.occasion.span
    offset = step.offset
    if span is None and not offset.literal:
        return None
    anchor = offset.anchor_day(span) if span else date(piece.occasion.year, 1, 1)
    day = offset.day(anchor, piece.occasion.year, desk.workdays)
    if step.direction is Shift.STAY:
        return day
    return desk.workdays.before(day) if step.direction is Shift.BEFORE else desk.workdays.after(day)


def _notice_day(desk: Desk, piece: Piece, due: date | None) -> date | None:
    """The working day on which the notice goes out; None while the days are not known."""
    span, offset = piece.occasion.span, piece.notice
    if due is None or span is None:
        return None
    anchor = due if offset.anchor is Anchor.DUE else offset.anchor_day(span)
    return desk.workdays.before(offset.day(anchor, piece.occasion.year, desk.workdays))
