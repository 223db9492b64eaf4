"""Checks of what all offices share: ladders, step sets."""

from collections.abc import Iterator
from itertools import pairwise

from duban.checks.register import repeated
from duban.fault import Fault
from duban.frozen import Frozen
from duban.ladder import FIXED, Ladder
from duban.office import Role
from duban.offset import Anchor, parse_offset
from duban.step import Step, StepSet

YEARS = range(1990, 2101)
"""The years in which anything may be dated; a slip such as 20226年 is told instead of computed."""


def ladders(entries: tuple[Ladder, ...]) -> Iterator[Fault]:
    yield from repeated(entries, "id", "代号")
    for ladder in entries:
        yield from repeated(ladder.stages, "id", "代号")
        yield from _reserved(ladder)
        yield from _stage_order(ladder)
        yield from _repeats_last(ladder)
        yield from _graver(ladder)
        yield from _more_people(ladder)
        yield from _leaders(ladder)


def _reserved(ladder: Ladder) -> Iterator[Fault]:
    for stage in ladder.stages:
        if stage.id in FIXED:
            words = FIXED[stage.id]
            yield stage.fault("id", message=f"代号“{stage.id}”是{words}专用的", hint="请换一个")


def _stage_order(ladder: Ladder) -> Iterator[Fault]:
    for earlier, later in pairwise(ladder.stages):
        if later.moment.shift <= earlier.moment.shift:
            message = f"“{later.when}”没有排在“{earlier.when}”之后"
            yield later.fault("when", message=message, hint="各次提醒请由早到晚排列，不在同一天")


def _repeats_last(ladder: Ladder) -> Iterator[Fault]:
    for stage in ladder.stages[:-1]:
        if stage.moment.every:
            message = f"反复提醒的“{stage.name}”后面还有别的提醒"
            yield stage.fault("when", message=message, hint="反复的只能是最后一项")


def _graver(ladder: Ladder) -> Iterator[Fault]:
    for earlier, later in pairwise(ladder.stages):
        if earlier.degree and later.degree is None:
            message = (
                f"“{earlier.name}”是{earlier.degree}督办函，后面的“{later.name}”却没有写 degree"
            )
            yield later.fault(message=message, hint=f"请写 degree: {earlier.degree}或更重的")
        elif earlier.degree and later.degree and later.degree.rank < earlier.degree.rank:
            message = f"{later.degree}督办函排在{earlier.degree}督办函后面"
            yield later.fault("degree", message=message, hint="先蓝色，再黄色，后红色")


def _more_people(ladder: Ladder) -> Iterator[Fault]:
    for earlier, later in pairwise(ladder.stages):
        if missing := [role.value for role in earlier.to if role not in later.to]:
            message = f"“{earlier.name}”发给{'、'.join(missing)}，后面的“{later.name}”却没有发"
            yield later.fault("to", message=message, hint="后一次发给的人不能比前一次少，请补上")


def _leaders(ladder: Ladder) -> Iterator[Fault]:
    for stage in ladder.stages:
        leaders = [role.value for role in stage.to if role in (Role.LEADER, Role.HEAD)]
        if leaders and stage.degree is None:
            message = f"“{stage.name}”发给{'、'.join(leaders)}，却没有写 degree"
            yield stage.fault("to", message=message, hint="给领导的只有督办函，请写 degree: 蓝色")


def sets(entries: tuple[StepSet, ...]) -> Iterator[Fault]:
    yield from repeated(entries, "id", "代号")
    for one in entries:
        if not one.steps:
            yield one.fault("steps", message="至少要有一个节点")
        yield from steps(one.steps)
        yield from literal_year(one, "notice", one.notice)


def steps(entries: tuple[Step, ...]) -> Iterator[Fault]:
    """Checks of one list of steps, wherever it stands."""
    yield from repeated(entries, "id", "代号")
    for step in entries:
        yield from literal_year(step, "due", step.due)
        if step.offset.anchor is Anchor.DUE:
            message = f"“{step.due}”：节点自己的时间不能从“到期”算起"
            yield step.fault(
                "due", message=message, hint="可写开始前15天、结束后10个工作日、12月31日"
            )


def literal_year(entry: Frozen, key: str, text: str | None) -> Iterator[Fault]:
    year = parse_offset(text).once if text else None
    if year is not None and year not in YEARS:
        yield entry.fault(key, message=f"{year}年超出范围", hint="应在1990年到2100年之间")
