"""What the secretariat itself has to find out: dates that somebody announces every year, and the
working days of a year whose notice has not come. It is asked like a department, by its own ladder."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from duban.activity import Activity
from duban.rule import DayOf, Span
from duban.workdays import WorkCalendar

LEAD = timedelta(30)
"""How long before its usual window a date is asked for when no earlier announcement is known."""
NOTICE_DAY = (10, 25)
"""From here on the next year's working days are asked for; the earliest notices (2021, 2023) were of
that day, and most come by early December."""


@dataclass(frozen=True, slots=True)
class Asked:
    """When to ask, and why then."""

    by: date
    reason: str


def expected_announcement(activity: Activity, year: int, expected: Span | None) -> Asked | None:
    """When the days of `year` should be known by, going by the three years before.

    None for a day that follows from another activity: that one is asked for.
    """
    rule = activity.rule(year)
    if rule is None or isinstance(rule.parsed, DayOf):
        return None
    earlier = [
        date(known.announced.year + year - known.year, known.announced.month, known.announced.day)
        for known in activity.dates
        if known.announced and year - 3 <= known.year < year and not _leap_day(known.announced)
    ]
    if earlier:
        years = "、".join(str(n) for n in _announced_years(activity, year))
        return Asked(max(earlier), f"{years}年此时均已公布")
    if expected:
        start = expected.start
        return Asked(start - LEAD, f"通常{start.month}月{start.day}日前后举行，尚未记录日期")
    return Asked(date(year, 1, 31), "没有已知的日期")


def _announced_years(activity: Activity, year: int) -> list[int]:
    return sorted(
        known.year for known in activity.dates if known.announced and year - 3 <= known.year < year
    )


def _leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)


def missing_notices(years: Iterator[int], workdays: WorkCalendar) -> Iterator[tuple[int, Asked]]:
    """The years in use whose working-day notice is not known, with the day from which to ask."""
    for year in sorted(set(years)):
        if year not in workdays.years:
            by = date(year - 1, *NOTICE_DAY)
            yield year, Asked(by, "国务院办公厅通常在10月下旬至12月上旬公布")
