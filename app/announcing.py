"""Announcements as somebody fills them in, on the command line or on a page."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from adapters.explain import explain
from duban.announcement import Announcement
from duban.book import Book
from duban.desk import desks
from duban.trouble import Trouble

OPTIONS = {"recorded_by": "by"}
"""Keys that people fill in under another name."""


class Unfit(Trouble):
    """What was filled in is no announcement. `faults`: what is wrong, by key."""

    exit_code = 2

    def __init__(self, faults: Mapping[str, str]) -> None:
        lines = (f"{OPTIONS.get(key, key)}：{words}" for key, words in faults.items())
        super().__init__("\n".join(lines))
        self.faults = faults


class Overtaken(Trouble):
    """A record of a later time would go before this one."""

    exit_code = 2


def announcement(**fields: Any) -> Announcement:
    """Raises Unfit."""
    try:
        return Announcement(**fields)
    except ValidationError as fault:
        found = explain(Announcement, fields, fault.errors(include_url=False))
        faults: dict[str, str] = {}
        for one in found:
            words = one.message + (f"（{one.hint}）" if one.hint else "")
            faults.setdefault(str(one.path[0]) if one.path else "", words)
        raise Unfit(faults) from None


def holds(book: Book, record: Announcement) -> None:
    """Raises Overtaken when a record of a later time would go before this one."""
    desk = desks(book)[0]
    activity = desk.activity(record.activity)
    for other in book.common.announcements:
        same = (other.year, other.office) == (record.year, record.office)
        later = same and other.recorded_at > record.recorded_at
        if later and desk.activity(other.activity) is activity:
            when = other.recorded_at.isoformat(" ", "minutes")
            raise Overtaken(f"已有一条更晚的记录（{when}），这一条不会起作用；请改 --at")
