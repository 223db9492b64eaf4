"""Facts (事实): what was asked of an item, as it held after a line of the account, for those who count later.

A line keeps them as JSON (`event.detail`) whenever they changed. Lines from before there were details say
the date alone, in their reasons.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from duban.assignment import Assignment, Duty
from duban.step import Answer


@dataclass(frozen=True, slots=True)
class Facts:
    due: date | None
    """As the calendar has it."""
    extended: date | None
    notice: date | None
    """When the notice was to go out."""
    duty: Duty
    answer: Answer


def facts(item: Assignment) -> Facts:
    asked = item.asked
    return Facts(asked.due, item.extended, asked.notice_on, asked.duty, asked.answer)


def detail(before: Assignment, after: Assignment) -> str | None:
    """For the line of this move; None where nothing of it changed, as for nearly every move."""
    if before.asked is after.asked and before.extended is after.extended:
        return None
    now = facts(after)
    return None if now == facts(before) else as_text(now)


@lru_cache(maxsize=1024)
def as_text(known: Facts) -> str:
    days = {"due": known.due, "extended": known.extended, "notice": known.notice}
    said = {name: day.isoformat() for name, day in days.items() if day}
    return json.dumps({**said, "duty": known.duty.value, "answer": known.answer.value})


def read(text: str) -> Facts:
    """Of what `as_text` made."""
    said = json.loads(text)
    due, extended, notice = (_day(said.get(name)) for name in ("due", "extended", "notice"))
    return Facts(due, extended, notice, Duty(said["duty"]), Answer(said["answer"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_GRANTED = re.compile(r"（延到 (\d{4}-\d{2}-\d{2})）$")
_DATED = re.compile(r"(?:.+ -> )?(\d{4}-\d{2}-\d{2}|待公布)")


def said_in(act: str, reason: str, before: Facts) -> Facts | None:
    """Of a line without a detail: `before` with the date that its reason tells; None where it tells none."""
    if act == "grant":
        granted = _GRANTED.search(reason)
        return replace(before, extended=_day(granted[1])) if granted else None
    dated = _DATED.fullmatch(reason) if act in ("new", "moved", "restored") else None
    if dated is None:
        return None
    due = None if dated[1] == "待公布" else _day(dated[1])
    kept = before.extended if before.extended and due and before.extended > due else None
    return replace(before, due=due, extended=kept)
