"""The pieces of an office's calendar: its activities and tasks, year by year, with who takes part in them."""

from collections.abc import Iterator
from datetime import date

from duban.activity import Certainty
from duban.ahead import AHEAD
from duban.assignment import Occasion
from duban.desk import Desk
from duban.office import Department
from duban.officeyear import Entry
from duban.offset import Offset, parse_offset
from duban.piece import Piece
from duban.programme import Programme, Task
from duban.rule import Span
from duban.step import Step

TASK_NOTICE = "到期前60天"
ACTIVITY_NOTICE = "开始前30天"


def of_activities(desk: Desk) -> Iterator[Piece]:
    for year in desk.branch.years:
        for entry in year.activities:
            if piece := _activity(desk, year.year, entry):
                yield piece


def _activity(desk: Desk, year: int, entry: Entry) -> Piece | None:
    activity = desk.activity(entry.activity)
    days = activity and desk.occurrence(activity, year, entry.dates)
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
    ladder = entry.ladder or desk.office.ladder
    stages = desk.stages(activity, year)
    return Piece(
        occasion,
        lead,
        support,
        steps,
        notice,
        ladder,
        days.expected,
        stages=stages,
        ahead=_ahead(desk, entry),
        report_to=entry.report_to,
    )


def of_tasks(desk: Desk) -> Iterator[Piece]:
    for programme in desk.branch.programmes:
        whole = Span(programme.start, programme.end)
        for task in programme.tasks:
            for year in range(whole.start.year, whole.last.year + 1):
                first = max(whole.start, date(year, 1, 1))
                last = min(whole.last, date(year, 12, 31))
                yield from _task(desk, programme, task, Span(first, last), year, (None, year))
        for phase, review in programme.reviewed:
            span = Span(phase.start, phase.end)
            for year in range(span.start.year, span.last.year + 1):
                once = (None, year) if year == span.last.year else (year,)
                yield from _task(desk, programme, review, span, year, once)


def _task(
    desk: Desk,
    programme: Programme,
    task: Task,
    span: Span,
    year: int,
    once: tuple[int | None, ...],
) -> Iterator[Piece]:
    """The piece of one year in which a step of the task is due. `once`: the years of these steps."""
    steps, notice = _steps(desk, task.steps, task.notice, TASK_NOTICE)
    due = tuple(step for step in steps if step.offset.once in once)
    if not due:
        return
    lead, support = _people(desk, task, span.last)
    occasion = Occasion(
        desk.office.id,
        f"{programme.id}.{task.id}",
        year,
        task.name,
        span,
        Certainty.RULE,
        _named(desk, task.lead),
        _named(desk, task.support),
        task.source or programme.document,
        programme.name,
    )
    ladder = task.ladder or desk.office.ladder
    yield Piece(
        occasion,
        lead,
        support,
        due,
        notice,
        ladder,
        ahead=_ahead(desk, task),
        report_to=task.report_to,
    )


def _ahead(desk: Desk, entry: Entry | Task) -> Offset:
    return (entry.cascade or desk.office.cascade or AHEAD).offset


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
