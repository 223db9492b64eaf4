"""Checks of the working-day notices: years that contradict themselves or one another."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import PurePosixPath

from duban.checks.register import repeated
from duban.fault import Fault
from duban.workdays import Amendment, Holiday, WorkYear


def workdays(years: tuple[WorkYear, ...]) -> Iterator[Fault]:
    yield from repeated(years, "year", "年份")
    for year in years:
        yield from _file_name(year)
        yield from _published(year)
        for notice in _notices(year):
            yield from repeated(notice.holidays, "name", "节日")
            for holiday in notice.holidays:
                yield from _days(year, holiday)
    yield from _together(years)


def _notices(year: WorkYear) -> list[WorkYear | Amendment]:
    return [year, *year.amendments]


def _file_name(year: WorkYear) -> Iterator[Fault]:
    stem = PurePosixPath(year.place.file).stem
    if re.fullmatch(r"\d{4}", stem) and int(stem) != year.year:
        yield year.fault("year", message=f"文件名是{stem}，year 却写{year.year}")


def _published(year: WorkYear) -> Iterator[Fault]:
    """Each notice in its year or the one before, the later ones after the earlier ones."""
    for one in _notices(year):
        if one.published and one.published.year not in (year.year - 1, year.year):
            message = f"{one.published}公布的通知不会是{year.year}年的"
            yield one.fault("published", message=message, hint="通知在上一年年底或当年公布")
    for earlier, later in pairwise(_notices(year)):
        if earlier.published and later.published and later.published <= earlier.published:
            message = f"{later.published}公布的调整没有排在{earlier.published}的通知之后"
            yield later.fault("published", message=message, hint="请按公布的先后排列")


def _days(year: WorkYear, holiday: Holiday) -> Iterator[Fault]:
    """Each day in the notice's year or a neighbour of it, the first not after the last."""
    if holiday.end < holiday.start:
        message = f"“{holiday.name}”结束{holiday.end}早于开始{holiday.start}"
        yield holiday.fault("end", message=message)
    dated = [("start", holiday.start), ("end", holiday.end)]
    for key, day in dated:
        if not _near(year, day):
            yield holiday.fault(key, message=_far(year, day))
    for number, day in enumerate(holiday.work):
        if not _near(year, day):
            yield holiday.fault("work", number, message=_far(year, day))


def _near(year: WorkYear, day: date) -> bool:
    return abs(day.year - year.year) <= 1


def _far(year: WorkYear, day: date) -> str:
    return f"{day}不在{year.year}年，也不在相邻的年份"


def _together(years: tuple[WorkYear, ...]) -> Iterator[Fault]:
    """What holidays say of one another, as first published and after each amendment."""
    faults: dict[Fault, None] = {}
    for number in range(max((len(year.amendments) for year in years), default=0) + 1):
        sound = [one for year in years for one in year.amended(number) if _sound(year, one)]
        faults |= dict.fromkeys([*_overlaps(sound), *_work(sound)])
    yield from faults


def _sound(year: WorkYear, holiday: Holiday) -> bool:
    """Whether the days of a holiday can be counted at all."""
    days = (holiday.start, holiday.end)
    return holiday.start <= holiday.end and all(_near(year, day) for day in days)


def _overlaps(holidays: list[Holiday]) -> Iterator[Fault]:
    off: dict[date, Holiday] = {}
    for holiday in holidays:
        taken = [day for day in _span(holiday) if day in off]
        for day in _span(holiday):
            off.setdefault(day, holiday)
        if taken:
            message = f"“{holiday.name}”的{taken[0]}已在“{off[taken[0]].name}”里放假"
            yield holiday.fault("start", message=message)


def _work(holidays: list[Holiday]) -> Iterator[Fault]:
    off = {day: holiday for holiday in holidays for day in _span(holiday)}
    for holiday in holidays:
        for number, day in enumerate(holiday.work):
            if other := off.get(day):
                message = f"{day}既要上班，又在“{other.name}”里放假"
                yield holiday.fault("work", number, message=message)
            elif day.weekday() < 5:
                message = f"{day}本来就是工作日，不是调休上班"
                yield holiday.fault("work", number, message=message, hint="这里只写要上班的周末")


def _span(holiday: Holiday) -> Iterable[date]:
    days = (holiday.end - holiday.start).days + 1
    return (holiday.start + timedelta(number) for number in range(days))
