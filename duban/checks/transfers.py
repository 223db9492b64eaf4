"""Checks of the recorded transfers: they speak of departments, activities and steps that there are."""

from collections.abc import Iterator
from datetime import date

from duban.book import Branch
from duban.checks.duties import Shelves
from duban.fault import Fault
from duban.office import Department
from duban.officeyear import Entry
from duban.programme import Task
from duban.transfer import Transfer

GONE = "日历已经不这样写时，请删去这一条"


def transfers(branch: Branch, shelves: Shelves) -> Iterator[Fault]:
    for one in branch.transfers:
        yield from _departments(one, shelves)
        yield from _work(branch, one, shelves)


def _departments(one: Transfer, shelves: Shelves) -> Iterator[Fault]:
    found = []
    for key, name in (("from", one.from_), ("to", one.to)):
        member = shelves.members.find(name)
        found.append(member)
        if shelves.members.unknown(name):
            hint = shelves.members.hint(name)
            yield one.fault(key, message=f"没有成员单位“{name}”", hint=hint)
        elif isinstance(member, str):
            message = f"“{name}”是一组单位"
            yield one.fault(key, message=message, hint="请写其中的一个单位")
    before, after = found
    if not isinstance(after, Department):
        return
    if after is before:
        yield one.fault("to", message=f"“{one.to}”就是原来的单位", hint="请写接办的单位")
    if after.until and after.until < date(one.year, 1, 1):
        message = f"“{one.to}”{after.until}起不再是成员单位"
        yield one.fault("to", message=message, hint="请写接任的单位")


def _work(branch: Branch, one: Transfer, shelves: Shelves) -> Iterator[Fault]:
    programme, dot, task = one.activity.partition(".")
    if dot and any(known.id == programme for known in branch.programmes):
        yield from _task(branch, one, shelves, programme, task)
    elif shelves.activities.unknown(one.activity):
        hint = shelves.activities.hint(one.activity)
        yield one.fault("activity", message=f"没有活动“{one.activity}”", hint=hint)
    else:
        activity = shelves.activities.find(one.activity)
        for year in branch.years:
            for entry in year.activities:
                same = activity and shelves.activities.find(entry.activity) is activity
                if same and year.year == one.year:
                    yield from _step(one, entry, shelves)


def _task(
    branch: Branch, one: Transfer, shelves: Shelves, programme: str, task: str
) -> Iterator[Fault]:
    known = [each for each in branch.programmes if each.id == programme]
    tasks = [each for found in known for each in found.asked if each.id == task]
    if not tasks:
        yield one.fault("activity", message=f"规划“{programme}”里没有任务“{task}”", hint=GONE)
    for each in tasks:
        yield from _step(one, each, shelves)


def _step(one: Transfer, entry: Entry | Task, shelves: Shelves) -> Iterator[Fault]:
    steps = entry.steps
    if isinstance(steps, str):
        shared = shelves.sets.find(steps)
        if shared is None:
            return
        steps = shared.steps
    if one.step not in {step.id for step in steps}:
        yield one.fault("step", message=f"“{one.activity}”没有节点“{one.step}”", hint=GONE)
