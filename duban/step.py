"""Steps (节点): what has to be done for an activity or task, by whom, and by when."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator

from duban.frozen import Frozen, Id, Name
from duban.offset import Offset, parse_offset


class Who(StrEnum):
    LEAD = "牵头"
    SUPPORT = "责任"
    ALL = "全部"


class Answer(StrEnum):
    """Whether a department has to report, or only has to know."""

    REPORT = "报送"
    KNOW = "知悉"
    CONFIRM = "确认"
    """Only for the secretariat itself: a date or notice that it has to find out and record."""


class Shift(StrEnum):
    """Where a due date goes that falls on a day off."""

    BEFORE = "提前"
    AFTER = "顺延"
    STAY = "不变"


def _readable(text: str) -> str:
    parse_offset(text)
    return text


OffsetText = Annotated[str, AfterValidator(_readable)]


class Step(Frozen):
    id: Id
    name: Name
    due: OffsetText
    who: Who = Who.ALL
    answer: Literal[Answer.REPORT, Answer.KNOW] = Answer.REPORT
    stage: Id | None = None
    """The stage of the activity that 开始 and 结束 mean; None: the activity as a whole."""
    shift: Shift | None = None
    """Default: before the activity 提前, after it 顺延, a literal date 不变."""

    @property
    def offset(self) -> Offset:
        return parse_offset(self.due)

    @property
    def direction(self) -> Shift:
        if self.shift:
            return self.shift
        if self.offset.literal or self.answer is Answer.KNOW:
            return Shift.STAY
        before = self.offset.count < 0 or self.offset.anchor == "开始"
        return Shift.BEFORE if before else Shift.AFTER


class StepSet(Frozen):
    """A named list of steps that many activities share; `notice` is when the 通知 goes out."""

    id: Id
    name: Name
    notice: OffsetText = "开始前30天"
    steps: tuple[Step, ...]
