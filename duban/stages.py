"""Which stage of its ladder an assignment has reached, and which one comes next."""

from dataclasses import replace
from datetime import date

from duban.assignment import Assignment
from duban.completion import Act, State, move
from duban.desk import Desk
from duban.ladder import NOTICE
from duban.step import Answer

Next = tuple[str, date]


def upcoming(desk: Desk, item: Assignment) -> Next | None:
    """The next stage and its working day; None when nothing more has to be said.

    A pure function of what is stored: the tick, the preview and every change of date or state use it.
    """
    if not item.state.chased or item.target is None:
        return None
    if item.state is State.PLANNED:
        notice = None if item.stage_on else item.asked.notice_on
        return (NOTICE, notice) if notice else None
    for label, day in desk.ladder(item.asked.ladder).days(item.target, desk.workdays):
        if item.stage_on is None or day > item.stage_on:
            return label, day
    return None


def reached(desk: Desk, item: Assignment, day: date) -> str | None:
    """The latest stage due by `day` that was not sent: missed ones merge into it. None when none."""
    if item.state is State.PLANNED:
        return NOTICE
    if item.target is None:
        return None
    found = None
    for label, when in desk.ladder(item.asked.ladder).days(item.target, desk.workdays):
        if when > day:
            break
        if item.stage_on is None or when > item.stage_on:
            found = label
    return found


def past(desk: Desk, item: Assignment, day: date) -> bool:
    """Whether there is no use in mentioning it any more on `day`.

    A day that only had to be known is over; or a first notice comes later than the ladder's `stale`.
    """
    if item.target is None or item.target >= day:
        return False
    if item.asked.answer is Answer.KNOW:
        return True
    late = desk.workdays.between(item.target, day)
    return item.state is State.PLANNED and late > desk.ladder(item.asked.ladder).stale


def scheduled(desk: Desk, item: Assignment) -> Assignment:
    """The same assignment with its next stage computed afresh."""
    stage, on = upcoming(desk, item) or (None, None)
    return replace(item, next_stage=stage, next_on=on)


def spent(desk: Desk, item: Assignment, stage: str | None, day: date) -> Assignment:
    """After `stage` was put into a letter on `day` (None: dropped): every stage up to `day` is spent.

    An item dropped before its notice (`planned`, with a day spent) is not taken up again.
    """
    state = move(item.state, Act.NOTIFY) if stage == NOTICE else item.state
    after = replace(item, state=state, stage=stage or item.stage, stage_on=day)
    return scheduled(desk, after)
