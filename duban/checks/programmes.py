"""Checks of the programmes: phases, tasks and reviews within their years."""

from collections.abc import Iterator
from datetime import date

from duban.book import Branch
from duban.checks.duties import Shelves, duty
from duban.checks.handing import handing
from duban.checks.measures import measured
from duban.checks.register import repeated
from duban.checks.shared import YEARS
from duban.fault import Fault
from duban.frozen import Frozen
from duban.offset import Anchor, Offset, parse_offset
from duban.programme import Programme, Task
from duban.rule import Span
from duban.step import Step


def programmes(branch: Branch, shelves: Shelves) -> Iterator[Fault]:
    yield from repeated(branch.programmes, "id", "代号")
    for programme in branch.programmes:
        yield from _years(programme)
        yield from repeated(programme.phases, "id", "代号")
        yield from _phases(programme)
        yield from repeated(programme.tasks, "id", "代号")
        for task in programme.tasks:
            yield from duty(task, shelves, programme.start, programme.end)
            yield from _literals(task, shelves, Span(programme.start, programme.end), "规划期")
            yield from measured(programme, task, shelves, branch.office.since.year)
        yield from _reviews(programme, shelves)
    yield from handing(branch)


def _years(programme: Programme) -> Iterator[Fault]:
    for key, day in (("start", programme.start), ("end", programme.end)):
        if day.year not in YEARS:
            message = f"{day}超出范围"
            yield programme.fault(key, message=message, hint="应在1990年到2100年之间")


def _phases(programme: Programme) -> Iterator[Fault]:
    for phase in programme.phases:
        for key, day in (("start", phase.start), ("end", phase.end)):
            if not programme.start <= day <= programme.end:
                message = f"阶段“{phase.name}”的{day}不在规划期内"
                hint = _period(Span(programme.start, programme.end), "规划期")
                yield phase.fault(key, message=message, hint=hint)
        offset = parse_offset(phase.report)
        if offset.literal or offset.anchor is not Anchor.END or offset.count < 0:
            message = f"“{phase.report}”：阶段报告只能从阶段结束算起"
            yield phase.fault("report", message=message, hint="可写结束后10个工作日、结束后1个月")


def _reviews(programme: Programme, shelves: Shelves) -> Iterator[Fault]:
    """Their steps fall into their phase; they are told from tasks by their ids."""
    taken = {task.id for task in programme.tasks}
    for phase, review in programme.reviewed:
        if review.id in taken and phase.review:
            message = f"代号“{review.id}”已经用于另一项任务或评估"
            yield phase.review.fault("id", message=message, hint="请换一个")
        taken.add(review.id)
        yield from duty(review, shelves, phase.start, phase.end)
        yield from _literals(review, shelves, Span(phase.start, phase.end), "阶段")


def _literals(task: Task, shelves: Shelves, span: Span, what: str) -> Iterator[Fault]:
    """Steps with a year are due within the programme, else they would never be asked for."""
    for entry, path, step in _steps(task, shelves):
        day = _literal(step.offset)
        if day and not span.start <= day <= span.last:
            message = f"节点“{step.name}”的{day}不在{what}内"
            yield entry.fault(*path, message=message, hint=_period(span, what))


def _steps(task: Task, shelves: Shelves) -> Iterator[tuple[Frozen, tuple[str, ...], Step]]:
    """The task's steps, each with the entry and the key that a fault of it belongs to."""
    if isinstance(task.steps, str):
        shared = shelves.sets.find(task.steps)
        yield from ((task, ("steps",), step) for step in (shared.steps if shared else ()))
    else:
        yield from ((step, ("due",), step) for step in task.steps)


def _literal(offset: Offset) -> date | None:
    """The day of an offset with a year; None where it falls due every year."""
    if offset.literal is None or offset.literal[0] not in YEARS:
        return None
    year, _, month, day = offset.literal
    return date(year or 0, month, day)


def _period(span: Span, what: str) -> str:
    return f"{what}是{span.start}至{span.last}"
