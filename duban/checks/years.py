"""Checks of the offices' years."""

from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from duban.activity import Activity
from duban.book import Branch
from duban.checks.activities import known_date
from duban.checks.duties import Shelves, duty
from duban.checks.register import repeated
from duban.fault import Fault
from duban.officeyear import Entry, OfficeYear
from duban.unread import Unread


def years(branch: Branch, shelves: Shelves, unread: Unread) -> Iterator[Fault]:
    rightly = [year for year in branch.years if not any(_place(branch, year))]
    yield from repeated(rightly, "year", "年份")
    for year in branch.years:
        misplaced = list(_place(branch, year))
        yield from misplaced
        yield from _twice(year, shelves)
        for entry in year.activities:
            yield from _unknown(entry, shelves)
            if misplaced:  # it may be the year that is wrong
                yield from duty(entry, shelves, date.min, date.max)
            else:
                yield from duty(entry, shelves, date(year.year, 1, 1), date(year.year, 12, 31))
                yield from _existing(entry, year.year, shelves, unread)
                yield from _local_date(entry, year.year)


def _place(branch: Branch, year: OfficeYear) -> Iterator[Fault]:
    """The file's folder and name say which office's year it is; what it holds says the same."""
    if year.office != branch.office.id:
        message = f"这是“{branch.office.id}”的年历，office 却写“{year.office}”"
        yield year.fault("office", message=message)
    stem = PurePosixPath(year.place.file).stem
    if stem.isdecimal() and int(stem) != year.year:
        yield year.fault("year", message=f"文件名是{stem}，year 却写{year.year}")


def _twice(year: OfficeYear, shelves: Shelves) -> Iterator[Fault]:
    first: dict[str, Entry] = {}
    for entry in year.activities:
        activity = shelves.activities.find(entry.activity)
        if activity and (other := first.setdefault(activity.id, entry)) is not entry:
            message = f"“{entry.activity}”在这一年写了两次，{other.place.key}已经有了"
            yield entry.fault("activity", message=message, hint="请并成一条")


def _unknown(entry: Entry, shelves: Shelves) -> Iterator[Fault]:
    name, known = entry.activity, shelves.activities
    if known.unknown(name):
        yield entry.fault("activity", message=f"没有活动“{name}”", hint=known.hint(name))


def _existing(entry: Entry, year: int, shelves: Shelves, unread: Unread) -> Iterator[Fault]:
    """No step before its activity exists, none after it was given up."""
    activity = shelves.activities.find(entry.activity)
    if activity and activity.place not in unread.damaged and activity.rule(year) is None:
        message = f"“{entry.activity}”在{year}年不举办：{_existence(activity)}"
        yield entry.fault("activity", message=message, hint="请删去，或在活动里补上那一年的规则")


def _existence(activity: Activity) -> str:
    """When it exists: `2025年起`, `到2018年为止`, `2003年至2010年、2015年起`."""
    spans = []
    for rule in sorted(activity.rules, key=lambda rule: rule.since or 0):
        if rule.since and rule.until:
            spans.append(f"{rule.since}年至{rule.until}年")
        else:
            spans.append(f"{rule.since}年起才有" if rule.since else f"到{rule.until}年为止")
    return "、".join(spans)


def _local_date(entry: Entry, year: int) -> Iterator[Fault]:
    if entry.dates is None:
        return
    if entry.dates.year != year:
        message = f"年历是{year}年的，日期却是{entry.dates.year}年的"
        yield entry.dates.fault("year", message=message)
    else:
        yield from known_date(entry.dates)
