"""Checks of activities that have several stages, and of the steps that name one."""

from collections.abc import Iterator
from itertools import pairwise

from duban.activity import Activity, ActivityStage
from duban.checks.activities import circling, known_date
from duban.checks.register import Register, backwards, repeated
from duban.fault import Fault
from duban.occurrences import stage_days
from duban.officeyear import Entry
from duban.programme import Task
from duban.rule import Span
from duban.step import StepSet
from duban.text import nearest
from duban.unread import UNREAD, Unread

_USUAL_YEARS = range(2020, 2030)
"""Years in which rules are compared; some have weeks that begin on each weekday, and leap days."""


def stages(
    entries: tuple[Activity, ...], known: Register[Activity], unread: Unread
) -> Iterator[Fault]:
    several = [entry for entry in entries if entry.stages]
    loops = circling(entries, known) if several else set()
    for entry in several:
        twice = list(repeated(entry.stages, "id", "代号"))
        yield from twice
        for stage in entry.stages:
            yield from _dates(stage)
        if not twice and entry.id not in loops and entry.place not in unread.damaged:
            yield from _in_order(entry, known, loops)


def _dates(stage: ActivityStage) -> Iterator[Fault]:
    """A contest of one year may begin in the winter before, and end after the next New Year."""
    yield from backwards(stage)
    yield from repeated(stage.dates, "year", "年份")
    for day in stage.dates:
        yield from known_date(day, around=1)


def _in_order(entry: Activity, known: Register[Activity], loops: set[str]) -> Iterator[Fault]:
    """No stage begins before the one that is listed before it; told once a place."""

    def find(name: str) -> Activity | None:
        found = known.find(name)
        return None if found is None or found.id in loops else found

    years = {day.year for stage in entry.stages for day in stage.dates} | set(_USUAL_YEARS)
    told = set()
    for year in sorted(years):
        days = stage_days(entry, year, find)
        spans = [
            (stage, span)
            for stage in entry.stages
            if (found := days.get(stage.id)) and (span := found.span)
        ]
        for (earlier, first), (later, second) in pairwise(spans):
            if second.start < first.start:
                fault = _too_early(later, second, earlier, first, year)
                if fault.place not in told:
                    told.add(fault.place)
                    yield fault


def _too_early(
    later: ActivityStage, second: Span, earlier: ActivityStage, first: Span, year: int
) -> Fault:
    """Told where the later stage's day is written, or the earlier one's where only that is."""
    message = f"{year}年的“{later.name}”{second.start}开始，早于列在它前面的“{earlier.name}”（{first.start}）"
    hint = "请按先后排列阶段，或改正日期"
    for stage in (later, earlier):
        for day in stage.dates:
            if day.year == year:
                return day.fault("start", message=message, hint=hint)
    return later.fault("rule", message=message, hint=hint)


def named_stages(
    entry: Entry | Task, activities: Register[Activity], sets: Register[StepSet]
) -> Iterator[Fault]:
    """Each stage that a step names is a stage of the entry's activity."""
    activity = activities.find(entry.activity) if isinstance(entry, Entry) else None
    if isinstance(entry, Entry) and (
        activity is None or activity.place in activities.unread.damaged
    ):
        return
    shared = sets.find(entry.steps) if isinstance(entry.steps, str) else None
    steps = shared.steps if shared else entry.steps
    for step in () if isinstance(steps, str) else steps:
        if step.stage in (None, UNREAD):
            continue
        if unknown := _unknown(activity, step.stage or ""):
            message, hint = unknown
            if shared:
                message = f"节点套餐“{shared.id}”的“{step.name}”：{message}"
                yield entry.fault("steps", message=message, hint=hint)
            else:
                yield step.fault("stage", message=message, hint=hint)


def _unknown(activity: Activity | None, stage: str) -> tuple[str, str] | None:
    """Message and hint for a stage that the activity (None: a task) does not have."""
    if activity is None:
        return f"规划的任务不分阶段，不能写阶段“{stage}”", "请删去 stage"
    ids = [one.id for one in activity.stages]
    if not ids:
        hint = "请删去 stage，或在活动里写明 stages"
        return f"“{activity.name}”不分阶段，不能写阶段“{stage}”", hint
    if stage in ids:
        return None
    near = nearest(stage, ids)
    hint = f"是不是“{near}”？" if near else f"可写：{'、'.join(ids)}"
    return f"“{activity.name}”没有阶段“{stage}”", hint
