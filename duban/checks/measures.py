"""Checks of what targets are measured by: years in their order, and somebody who reports the values."""

from collections.abc import Iterator
from itertools import pairwise

from duban.checks.duties import Shelves
from duban.fault import Fault
from duban.measure import Measure, Point
from duban.programme import Programme, Task
from duban.step import Answer, Step, Who


def measured(programme: Programme, task: Task, shelves: Shelves, since: int) -> Iterator[Fault]:
    """`since`: the year in which the office began to use duban; from then on values are reported."""
    measure = task.measure
    if measure is None:
        return
    yield from _target(programme, measure)
    yield from _planned(programme, measure)
    yield from _values(programme, measure, since)
    steps = _steps(task, shelves)
    if steps is not None and not any(_asks(step) for step in steps):
        message = f"“{task.name}”写了 measure，却没有让牵头单位报送的节点"
        yield task.fault("measure", message=message, hint="加一个 who: 牵头 或 全部 的报送节点")


def _target(programme: Programme, measure: Measure) -> Iterator[Fault]:
    target, baseline = measure.target, measure.baseline
    if target and not programme.start.year <= target.year <= programme.end.year:
        message = f"目标年份{target.year}不在规划期内"
        hint = f"规划期是{programme.start.year}至{programme.end.year}年"
        yield target.fault("year", message=message, hint=hint)
    if target and baseline and baseline.year >= target.year:
        message = f"基数的年份{baseline.year}不早于目标的年份{target.year}"
        yield baseline.fault("year", message=message, hint="基数一般是规划开始前一年的数值")


def _planned(programme: Programme, measure: Measure) -> Iterator[Fault]:
    last = measure.target.year - 1 if measure.target else programme.end.year
    yield from _in_turn(measure.planned)
    for point in measure.planned:
        if not programme.start.year <= point.year <= last:
            message = f"计划值的年份{point.year}不在规划开始和目标年份之间"
            yield point.fault("year", message=message, hint="目标年份的数值请写在 target 里")


def _values(programme: Programme, measure: Measure, since: int) -> Iterator[Fault]:
    yield from _in_turn(measure.values)
    for point in measure.values:
        if not programme.start.year <= point.year <= programme.end.year:
            message = f"{point.year}年不在规划期内"
            yield point.fault("year", message=message, hint="规划开始以前的数值请写在 baseline 里")
        elif point.year >= since:
            message = f"{point.year}年已经启用督办，数值由单位报送"
            yield point.fault(
                "year", message=message, hint="请删去；单位没有报的，由纲要办代为报送"
            )


def _in_turn(points: tuple[Point, ...]) -> Iterator[Fault]:
    for earlier, later in pairwise(points):
        if later.year <= earlier.year:
            message = f"{later.year}年没有排在{earlier.year}年之后"
            yield later.fault("year", message=message, hint="各年由早到晚排列，每年只写一次")


def _steps(task: Task, shelves: Shelves) -> tuple[Step, ...] | None:
    """None where its set is not there, which is told already."""
    if not isinstance(task.steps, str):
        return task.steps
    shared = shelves.sets.find(task.steps)
    return shared.steps if shared else None


def _asks(step: Step) -> bool:
    return step.answer is Answer.REPORT and step.who is not Who.SUPPORT
