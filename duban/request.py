"""Requests (申请): what a department asks the secretariat to decide about one of its items."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from duban.assignment import Assignment
from duban.completion import CHASED, IllegalMove


class Kind(StrEnum):
    EXTENSION = "extension"
    """延期: another date, with the reason and how far it has come."""
    TRANSFER = "transfer"
    """转办: somebody else is to do it, a department or a person of the same one."""
    NOT_OURS = "not-ours"
    """非本单位: it is not this department's business."""

    @property
    def label(self) -> str:
        return {"extension": "申请延期", "transfer": "申请转办", "not-ours": "非本单位"}[self.value]


class Standing(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    DROPPED = "dropped"
    """The item was closed or withdrawn before anybody decided."""

    @property
    def label(self) -> str:
        return {"open": "待决定", "granted": "已同意", "refused": "未同意", "dropped": "不必再定"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Request:
    id: int
    row: int
    """The assignment's number."""
    office: str
    department: str
    kind: Kind
    standing: Standing
    asked_at: datetime
    asked_by: str
    reason: str
    progress: str = ""
    wanted: date | None = None
    """The new date that an extension asks for."""
    towards: str = ""
    """The department's id, or the person's name and address, that is to take it over."""
    decided_at: datetime | None = None
    decided_by: str = ""
    answer: str = ""


def check(item: Assignment, kind: Kind, wanted: date | None, today: date) -> None:
    """Raises IllegalMove, in words for the department, when this cannot be asked of this item now."""
    if item.state not in CHASED:
        raise IllegalMove(f"这一项现在是“{item.state.label}”，不必再{kind.label}")
    if kind is not Kind.EXTENSION:
        return
    if item.target is None:
        raise IllegalMove("这一项的日期还没有公布，不必申请延期")
    if wanted is None or wanted <= item.target:
        raise IllegalMove("延到哪一天要晚于现在的时限")
    if wanted < today:
        raise IllegalMove("延到哪一天不能早于今天")
