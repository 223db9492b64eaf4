"""A holiday as a whole: what all its sentences together have to make true."""

from collections.abc import Iterator
from datetime import date, timedelta

from duban.notices.days import LONGEST, say, stretch
from duban.notices.draft import Draft
from duban.notices.faults import Faults
from duban.notices.names import HOLIDAYS
from duban.workdays import Holiday

FIXED = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}
"""Month and day that such a holiday always has in it."""
FARTHEST = 31
"""Days from a holiday to a weekend that is worked for it."""
_ONE = timedelta(1)


def whole_holiday(draft: Draft, year: int, faults: Faults) -> Holiday | None:
    """The holiday, when all that was said of it is true of it."""
    if draft.bad:
        return None
    count = len(faults.found)
    days = _together(draft, faults)
    if not days:
        return None
    for kind, value, _ in draft.claims:
        if kind == "moved" and isinstance(value, list):
            draft.work.update(day for day in value if day not in days)
    for kind, value, spot in draft.claims:
        for told in _untrue(kind, value, days, draft.work):
            faults.tell(told, "请核对原文", spot)
    for told in _misplaced(draft, days, year):
        faults.tell(told, "请核对日期", draft.spot)
    if len(faults.found) > count:
        return None
    work = tuple(sorted(draft.work))
    return Holiday(name=draft.name, start=days[0], end=days[-1], work=work)


def _together(draft: Draft, faults: Faults) -> list[date]:
    """The days off in a row, with the weekends between and, where it says so, beside them."""
    if not draft.off:
        faults.tell(f"没有读到“{draft.name}”哪天放假", "请核对原文", draft.spot)
        return []
    days = stretch(min(draft.off), max(draft.off))
    if len(days) > LONGEST:
        faults.tell(f"放假{len(days)}天，太长", "请核对日期", draft.spot)
        return []
    gaps = [day for day in days if day not in draft.off]
    if any(day.weekday() < 5 or day in draft.work for day in gaps):
        faults.tell(f"放假的日子不相连，中间缺{say(gaps[0])}", "请核对原文", draft.spot)
        return []
    return _joined(draft, days, faults) if draft.join else days


def _joined(draft: Draft, days: list[date], faults: Faults) -> list[date]:
    """With the weekends before and after that are not worked."""
    before, after = days[0] - _ONE, days[-1] + _ONE
    while before.weekday() >= 5 and before not in draft.work:
        before -= _ONE
    while after.weekday() >= 5 and after not in draft.work:
        after += _ONE
    joined = stretch(before + _ONE, after - _ONE)
    if len(joined) == len(days):
        faults.tell("前后没有相连的周末", "请核对日期", draft.spot)
    return joined


def _untrue(kind: str, value: list[date] | int, days: list[date], work: set[date]) -> Iterator[str]:
    """Why a claim about the whole holiday does not hold."""
    if kind == "count" and value != len(days):
        yield f"写的是共{value}天，{say(days[0])}至{say(days[-1])}却是{len(days)}天"
    if kind == "unmoved" and work:
        yield "写了不调休，却有周末上班"
    if isinstance(value, list) and kind == "inside":
        yield from (f"{say(day)}不在放假的日子里" for day in value if day not in days)
    if isinstance(value, list) and kind == "back":
        back = days[-1] + _ONE
        while back.weekday() >= 5 and back not in work:
            back += _ONE
        if value != [back]:
            yield f"假后第一个工作日应是{say(back)}"


def _misplaced(draft: Draft, days: list[date], year: int) -> Iterator[str]:
    """Holidays away from their season, days worked away from their holiday or in it."""
    if not any(day.year == year for day in days):
        yield f"“{draft.name}”没有一天在{year}年"
    for part in HOLIDAYS:
        if part in draft.parts and part in FIXED and date(year, *FIXED[part]) not in days:
            yield f"{say(date(year, *FIXED[part]))}不在“{part}”的假期里"
    for day in sorted(draft.work):
        if day in days:
            yield f"{say(day)}既放假又上班"
        elif min(abs((day - days[0]).days), abs((day - days[-1]).days)) > FARTHEST:
            yield f"{say(day)}上班，离假期太远"
    if len(draft.name) > 100:
        yield "节日名太长"
