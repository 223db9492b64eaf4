"""The reminder ladder (催办梯度): on which working days an open item is mentioned again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import count
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from duban.frozen import Frozen, Id, Name
from duban.office import Role
from duban.text import tidy
from duban.workdays import WorkCalendar

NOTICE, CHANGE, CANCEL, AGAIN = "notice", "change", "cancel", "again"
"""Stages that belong to every ladder; `again` follows a return that came long before the due date."""

FIXED = {NOTICE: "首次通知", CHANGE: "更正", CANCEL: "取消", AGAIN: "退回后提醒"}

_WHEN = re.compile(
    r"到期当[天日]|到期前(\d{1,3})个工作日|逾期(\d{1,3})个工作日(?:起每(\d{1,3})个工作日)?"
)


@dataclass(frozen=True, slots=True)
class When:
    """Working days from the due date (negative: before); `every` repeats until the item is done."""

    shift: int
    every: int = 0


@lru_cache(maxsize=4096)
def parse_when(text: str) -> When:
    """Read `到期前5个工作日`, `到期当天`, `逾期5个工作日起每5个工作日`; ValueError says why not."""
    found = _WHEN.fullmatch(tidy(text))
    if found is None:
        raise ValueError(
            f"看不懂提醒时间“{text}”，可写：到期前5个工作日、到期当天、逾期1个工作日、逾期5个工作日起每5个工作日"
        )
    before, after, every = (int(number) if number else 0 for number in found.groups())
    if every == 0 and (found[3] is not None):
        raise ValueError("重复间隔至少为1个工作日")
    return When(after - before, every)


class Late(StrEnum):
    """What becomes of a stage whose day was missed, for instance during an outage."""

    MERGE = "合并"
    """Said late, unless a later stage is due by now."""
    SKIP = "跳过"
    """Not said any more."""
    SEND = "照发"
    """Said late even when a later stage is due."""


class Degree(StrEnum):
    """Of a 督办函: how grave it is."""

    BLUE = "蓝色"
    YELLOW = "黄色"
    RED = "红色"

    @property
    def rank(self) -> int:
        return list(Degree).index(self)

    @property
    def colour(self) -> str:
        """In English, as stylesheets call it."""
        return self.name.lower()


Addressee = Literal[Role.LIAISON, Role.SUBSTITUTE, Role.LEADER, Role.HEAD]
TO_LIAISON: tuple[Addressee, ...] = (Role.LIAISON,)


class Stage(Frozen):
    id: Id
    name: Name
    when: Annotated[str, BeforeValidator(lambda text: parse_when(text) and text)]
    late: Late = Late.MERGE
    to: tuple[Addressee, ...] = Field(default=TO_LIAISON, min_length=1)
    """Everybody who is told; of the department's own people, and at last of the office's."""
    degree: Degree | None = None
    """Makes it a 督办函 instead of a reminder."""

    @property
    def moment(self) -> When:
        return parse_when(self.when)


class Ladder(Frozen):
    id: Id
    name: Name
    stages: tuple[Stage, ...]
    stale: int = Field(default=10, ge=0, le=250)
    """A first notice later than this many working days after due is not sent any more."""

    def days(self, due: date, workdays: WorkCalendar) -> Iterator[tuple[str, date]]:
        """Stage labels with their working days, in order; endless where the last one repeats.

        A due date that is a day off is reminded on the working day before it.
        """
        base = workdays.before(due)
        for stage in self.stages:
            when = stage.moment
            yield stage.id, workdays.count(base, when.shift)
            if when.every:
                for number in count(2):
                    shift = when.shift + (number - 1) * when.every
                    yield f"{stage.id}-{number}", workdays.count(base, shift)

    def late(self, label: str) -> Late:
        """What becomes of the stage when it is missed."""
        known = self.stage(label)
        return known.late if known else Late.MERGE

    def to(self, label: str) -> tuple[Addressee, ...]:
        """Whom the stage addresses."""
        known = self.stage(label)
        return known.to if known else TO_LIAISON

    def degree(self, label: str) -> Degree | None:
        known = self.stage(label)
        return known.degree if known else None

    @property
    def escalates(self) -> bool:
        """Whether any of its stages is a 督办函."""
        return any(stage.degree for stage in self.stages)

    def rank(self, label: str) -> tuple[int, int] | None:
        """Where a stage stands in the order of saying; None for one that this ladder has not."""
        known = self.stage(label)
        if known is None:
            return None
        number = label.removeprefix(known.id).removeprefix("-")
        return self.stages.index(known), int(number or 1)

    def stage(self, label: str) -> Stage | None:
        """The stage of that label, repeated or not; None for one that this ladder has not."""
        base, _, number = label.rpartition("-")
        names = {label, base} if number.isdigit() else {label}
        return next((stage for stage in self.stages if stage.id in names), None)

    def label(self, stage: str) -> str:
        """The Chinese words for a stage label; `逾期提醒（第3次）` for a repeated one."""
        if stage in FIXED:
            return FIXED[stage]
        for known in self.stages:
            if stage == known.id:
                return known.name
            if stage.startswith(f"{known.id}-") and stage[len(known.id) + 1 :].isdigit():
                return f"{known.name}（第{stage[len(known.id) + 1 :]}次）"
        return stage
