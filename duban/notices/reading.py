"""A notice on a year's holidays, read from its text as the General Office publishes it.

Nothing is guessed. What is not understood, and what contradicts itself, is a fault that quotes its
sentence. The sentences are those of the notices since 2007; docs/writing-calendars.md shows them.
"""

from collections import Counter
from collections.abc import Iterable

from duban.checks.workdays import workdays
from duban.fault import Fault, Place
from duban.notices.articles import article_drafts
from duban.notices.draft import Draft
from duban.notices.faults import Faults
from duban.notices.frame import Frame, read_frame
from duban.notices.names import HOLIDAYS
from duban.notices.table import Row, cut_rows, table_drafts
from duban.notices.text import Copy, untagged
from duban.notices.whole import whole_holiday
from duban.workdays import Holiday, WorkYear

MAX_CHARACTERS = 200_000


def read_notice(
    text: str, file: str = "", known: Iterable[WorkYear] = ()
) -> WorkYear | tuple[Fault, ...]:
    """The year's notice that `text` holds, or every fault of it with its line.

    A notice that only adjusts holidays of one of the `known` years gives a WorkYear of those alone.
    """
    if len(text) > MAX_CHARACTERS:
        return (Fault(Place(file), "文字太长，不像一份放假通知", "请只留通知的正文"),)
    faults = Faults(file)
    year = _read(text, {one.year: one for one in known}, faults)
    return year if year and not faults.found else faults.sorted()


def _read(text: str, known: dict[int, WorkYear], faults: Faults) -> WorkYear | None:
    """None where `faults` tell why."""
    lines = untagged(text.replace("\r\n", "\n").replace("\r", "\n"))
    rows, rest = cut_rows(lines, faults)
    copy = Copy(rest)
    frame = read_frame(copy, rows, faults)
    if not frame.year or not _adjustable(frame, known, faults):
        return None
    drafts = _drafts(copy, frame, rows, _adjusted(frame, known), faults)
    holidays = [one for draft in drafts if (one := whole_holiday(draft, frame.year, faults))]
    _check_complete(drafts, frame, faults)
    return None if faults.found else _year(frame, holidays, faults)


def _adjustable(frame: Frame, known: dict[int, WorkYear], faults: Faults) -> bool:
    """Whether what an adjustment adjusts is known."""
    if frame.partial and frame.year not in known:
        message = f"这是调整{frame.year}年安排的通知，而{frame.year}年的放假通知还没有"
        faults.tell(message, "请先导入原来的通知")
        return False
    return True


def _adjusted(frame: Frame, known: dict[int, WorkYear]) -> dict[str, Holiday]:
    """By name the year's holidays without this adjustment; empty for a year's own notice."""
    if not frame.partial:
        return {}
    return {one.name: one for one in known[frame.year].without(frame.number).amended()}


def _drafts(
    copy: Copy, frame: Frame, rows: list[Row], present: dict[str, Holiday], faults: Faults
) -> list[Draft]:
    if not rows:
        return article_drafts(copy, frame, present, faults)
    if frame.headings:
        faults.tell("既有表格又有条文", "请只留一种")
    return table_drafts(rows, faults)


def _check_complete(drafts: list[Draft], frame: Frame, faults: Faults) -> None:
    """Every holiday once, and all seven of them in a year's own notice."""
    named = Counter(part for draft in drafts for part in draft.parts)
    for name, times in named.items():
        if times > 1:
            faults.tell(f"“{name}”写了{times}次", "一个文件请只放一份通知")
    lacking = [name for name in HOLIDAYS if name not in named]
    if lacking and not frame.partial:
        told = "、".join(f"“{name}”" for name in lacking)
        faults.tell(f"没有读到{told}", "请核对是否漏了一段，每条应以节日名和冒号开头")
    if frame.partial and not drafts:
        faults.tell("没有读到要调整的节日", "请连标题一起复制")


def _year(frame: Frame, holidays: list[Holiday], faults: Faults) -> WorkYear:
    ordered = tuple(sorted(holidays, key=lambda one: one.start))
    year = WorkYear(
        year=frame.year, notice=frame.number, published=frame.published, holidays=ordered
    )
    for fault in workdays((year,)):
        faults.tell(fault.message, fault.hint or "请核对原文")
    return year
