"""Checks of the recorded announcements: they speak of activities and offices that there are."""

from collections.abc import Iterator

from duban.activity import Activity
from duban.announcement import Announcement
from duban.checks.register import Register
from duban.fault import Fault
from duban.office import Office


def announcements(
    entries: tuple[Announcement, ...], known: Register[Activity], offices: Register[Office]
) -> Iterator[Fault]:
    for entry in entries:
        if known.unknown(entry.activity):
            message, hint = f"没有活动“{entry.activity}”", known.hint(entry.activity)
            yield entry.fault("activity", message=message, hint=hint)
        if entry.office and offices.unknown(entry.office):
            message, hint = f"没有纲要办“{entry.office}”", offices.hint(entry.office)
            yield entry.fault("office", message=message, hint=hint)
        yield from out_of_year(entry)


def out_of_year(entry: Announcement) -> Iterator[Fault]:
    """Days that lie far from the year of which they are said."""
    if entry.start and abs(entry.start.year - entry.year) > 1:
        message = f"{entry.start}不在{entry.year}年前后"
        yield entry.fault("start", message=message, hint="请改日期，或改 year")
