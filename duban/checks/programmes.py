"""Checks of the programmes: phases and tasks within their years."""

from collections.abc import Iterator
from datetime import date

from duban.book import Branch
from duban.checks.duties import Shelves, duty
from duban.checks.register import repeated
from duban.checks.shared import YEARS
from duban.fault import Fault
from duban.frozen import Frozen
from duban.offset import Offset
from duban.programme import Programme, Task
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
            yield from _literals(programme, task, shelves)


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
                yield phase.fault(key, message=message, hint=_period(programme))


def _literals(programme: Programme, task: Task, shelves: Shelves) -> Iterator[Fault]:
    """Steps with a year are due within the programme, else they would never be asked for."""
    for entry, path, step in _steps(task, shelves):
        day = _literal(step.offset)
        if day and not programme.start <= day <= programme.end:
            message = f"节点“{step.name}”的{day}不在规划期内"
            yield entry.fault(*path, message=message, hint=_period(programme))


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


def _period(programme: Programme) -> str:
    return f"规划期是{programme.start}至{programme.end}"
