"""A programme as a whole: its phases, its targets, its tasks, and what it hands over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from duban.handing import Legacy, legacies, predecessor, successor
from duban.measure import Point
from duban.phases import Owed, Sum, by_task, summed
from duban.programme import Kind, Phase, Programme, Task
from duban.progress import Course, Reported, course

Values = Mapping[str, Iterable[Reported]]
"""By `programme.task`."""


@dataclass(frozen=True, slots=True)
class PhaseLine:
    phase: Phase
    sum: Sum
    """Of the reports that are due in it."""
    review: Sum | None
    """None: it has no review."""
    standing: str
    """`未开始`, `进行中`, `已结束`."""


@dataclass(frozen=True, slots=True)
class TargetLine:
    task: Task
    activity: str
    course: Course | None
    """None: it is not measured in numbers."""
    sum: Sum


@dataclass(frozen=True, slots=True)
class TaskLine:
    task: Task
    activity: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class View:
    programme: Programme
    day: date
    sum: Sum
    phases: tuple[PhaseLine, ...]
    targets: tuple[TargetLine, ...]
    tasks: tuple[TaskLine, ...]
    former: Programme | None
    following: Programme | None
    legacies: tuple[Legacy, ...]
    """What becomes of its own tasks in the one that follows; none where there is none."""
    taken: tuple[Legacy, ...]
    """What becomes in it of the former's tasks."""


def needed(programme: Programme, every: Iterable[Programme]) -> list[str]:
    """Whose values a view of the programme takes: `programme.task` of its targets and the former's."""
    former = predecessor(programme, every)
    return [
        f"{one.id}.{task.id}"
        for one in (programme, former)
        if one
        for task in one.tasks
        if task.measure
    ]


def view(
    programme: Programme,
    every: Iterable[Programme],
    owed: Iterable[Owed],
    values: Values,
    day: date,
) -> View:
    """`every`: the office's programmes. `owed`: what this one asks for."""
    every, owed = list(every), list(owed)
    sums = by_task(owed, day)
    former, following = predecessor(programme, every), successor(programme, every)
    asked = programme.tasks
    targets = [task for task in asked if task.kind is Kind.TARGET or task.measure]
    ends = starts(programme, every, values)
    return View(
        programme,
        day,
        summed(owed, day),
        tuple(_phase(programme, one, owed, sums, day) for one in programme.phases),
        tuple(_target(programme, task, values, ends.get(task.id), sums) for task in targets),
        tuple(_line(programme, task, sums) for task in programme.asked if task not in targets),
        former,
        following,
        tuple(legacies(programme, following)) if following else (),
        tuple(legacies(former, programme)) if former else (),
    )


def _phase(
    programme: Programme, phase: Phase, owed: list[Owed], sums: Mapping[str, Sum], day: date
) -> PhaseLine:
    review = sums.get(f"{programme.id}.{phase.review.id}", Sum()) if phase.review else None
    standing = "未开始" if day < phase.start else "已结束" if day > phase.end else "进行中"
    return PhaseLine(phase, summed((o for o in owed if o.within(phase)), day), review, standing)


def _target(
    programme: Programme,
    task: Task,
    values: Values,
    start: Point | None,
    sums: Mapping[str, Sum],
) -> TargetLine:
    activity = f"{programme.id}.{task.id}"
    found = followed(programme, task, values, start)
    return TargetLine(task, activity, found, sums.get(activity, Sum()))


def followed(
    programme: Programme, task: Task, values: Values, start: Point | None
) -> Course | None:
    if task.measure is None:
        return None
    said = values.get(f"{programme.id}.{task.id}", ())
    return course(task.measure, _years(programme), said, start)


def starts(programme: Programme, every: Iterable[Programme], values: Values) -> dict[str, Point]:
    """By task of this programme: where the former one's target that it goes on from stood at last."""
    former = predecessor(programme, every)
    found: dict[str, Point] = {}
    for one in legacies(former, programme) if former else ():
        ended = followed(former, one.task, values, None) if former else None
        if one.becomes and ended and ended.end:
            found[one.becomes.id] = ended.end
    return found


def _line(programme: Programme, task: Task, sums: Mapping[str, Sum]) -> TaskLine:
    activity = f"{programme.id}.{task.id}"
    return TaskLine(task, activity, sums.get(activity, Sum()))


def _years(programme: Programme) -> range:
    return range(programme.start.year, programme.end.year + 1)
