"""What became of an item, in words for its department: what they and the office did, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from duban.acts import why
from duban.office import Office
from flows.premises import local
from state.answers import Answer
from state.items import Line

WORDS = {
    "new": "列入工作安排",
    "moved": "时限调整",
    "withdrawn": "撤销",
    "restored": "恢复",
    "notify": "发出通知",
    "correct": "发出更正通知",
    "remind": "发出提醒",
    "urge": "发出督办函",
    "acknowledge": "签收",
    "report": "报送",
    "return": "退回",
    "complete": "办结",
    "exempt": "免办",
    "extension": "申请延期",
    "transfer": "申请转办",
    "not-ours": "提出非本单位",
    "grant": "同意申请",
    "refuse": "没有同意申请",
}
"""What else is in the account is the office's own business."""
PROGRAM = "督办系统"
_PROGRAMS = ("duban", "rehearsal")


@dataclass(frozen=True, slots=True)
class Chapter:
    at: datetime
    """On the office's wall clock."""
    what: str
    act: str
    who: str
    said: str
    answer: Answer | None


def told(office: Office, lines: Sequence[Line], answers: Sequence[Answer]) -> list[Chapter]:
    """From both, the newest first."""
    waiting: dict[tuple[datetime, str], list[Answer]] = {}
    for one in reversed(answers):
        waiting.setdefault((one.at, one.actor), []).append(one)
    chapters: dict[tuple[object, ...], Chapter] = {}
    for line in lines:
        given = waiting.get((line.at, line.actor)) if line.act == "report" else None
        answer = given.pop() if given else None
        if line.act in WORDS:
            once = _mailed(line) or (line.id,)
            chapters.setdefault(once, _chapter(office, line, answer))
    return list(chapters.values())


def _mailed(line: Line) -> tuple[object, ...]:
    """What a morning's letters to several people have in common; empty for what people did."""
    if line.letter is None or _by_link(line):
        return ()
    return (line.at, line.act, line.reason)


def _chapter(office: Office, line: Line, answer: Answer | None) -> Chapter:
    mailed = bool(_mailed(line))
    what = WORDS[line.act]
    if mailed and line.act in ("remind", "urge") and line.reason:
        what = f"{what}：{line.reason}"
    said = why(line.act, line.reason) if answer is None and not mailed else ""
    return Chapter(local(office, line.at), what, line.act, _who(office, line), said, answer)


def _who(office: Office, line: Line) -> str:
    """People of the office are not named to departments: the office has decided."""
    if _by_link(line):
        return line.actor
    return PROGRAM if line.actor in _PROGRAMS else office.short


def _by_link(line: Line) -> bool:
    return line.via.startswith("link ") or line.via == "demo"
