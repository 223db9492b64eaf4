"""Which stage of its ladder an assignment has reached, and which one comes next."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from duban.assignment import Assignment
from duban.completion import Act, State, move
from duban.desk import Desk
from duban.ladder import AGAIN, CANCEL, CHANGE, NOTICE, Late
from duban.step import Answer

Next = tuple[str, date]
PATIENCE = 3
"""Working days after a return at which its department is reminded, however far the due date is."""


def upcoming(desk: Desk, item: Assignment) -> Next | None:
    """The next stage and its working day; None when nothing more has to be said.

    A pure function of what is stored: the tick, the preview and every change of date or state use it.
    A change that the department was not told of yet goes before everything else.
    """
    if change := owed(item):
        return change, desk.workdays.after(_morrow(item))
    if not item.state.chased or item.target is None:
        return None
    if item.state is State.PLANNED:
        notice = None if item.stage_on else item.asked.notice_on
        return (NOTICE, notice) if notice else None
    if item.unheard and item.stage and item.stage_on:
        return item.stage, item.stage_on
    for label, day in _days(desk, item):
        if item.stage_on is None or day > item.stage_on:
            return label, day
    return None


def _days(desk: Desk, item: Assignment) -> Iterator[Next]:
    """The stages of its ladder with their days, without those that were said for its date.

    A holiday notice can move the day of a stage that was said already; it is not said again.
    """
    if item.counted_from is None:
        return
    ladder = desk.ladder(item.asked.ladder)
    fresh = item.rearmed and (item.stage_on is None or item.stage_on <= item.rearmed)
    told = item.stage and item.told == item.target and not fresh
    said = ladder.rank(item.stage) if item.stage and told else None
    again = _again(desk, item) if fresh else None
    for label, day in ladder.days(item.counted_from, desk.workdays):
        if said is not None and (ladder.rank(label) or said) <= said:
            continue
        if again and item.stage_on and item.stage_on < day:
            if again < day:
                yield AGAIN, again
            again = None
        yield label, day
    if again:
        yield AGAIN, again


def _again(desk: Desk, item: Assignment) -> date | None:
    """When a returned item is mentioned next, unless its ladder has something to say before."""
    if item.state is not State.RETURNED or item.rearmed is None:
        return None
    return desk.workdays.count(desk.workdays.before(item.rearmed), PATIENCE)


def owed(item: Assignment) -> str | None:
    """`change` or `cancel` when the department knows of another date than the one that holds.

    One that acted before it was ever written to knows of none.
    """
    if item.asked.answer is Answer.CONFIRM or _over(item):
        return None
    if item.state is State.WITHDRAWN:
        return CANCEL if item.told else None
    informed = item.state.open and item.state is not State.PLANNED and item.stage is not None
    return CHANGE if informed and item.told != item.target else None


def _over(item: Assignment) -> bool:
    """A day that only had to be known went by, as past() says, and so did what was to be said of it."""
    if item.asked.answer is not Answer.KNOW or item.stage_on is None:
        return False
    latest = _latest(item)
    return latest is not None and latest < item.stage_on


def _latest(item: Assignment) -> date | None:
    """The later one of the date that holds and the date that the department knows of."""
    target, told = item.target, item.told
    return max(target, told) if target and told else target or told


def _morrow(item: Assignment) -> date:
    """The first day that is not spent."""
    return (
        item.stage_on + timedelta(1) if item.stage_on else item.asked.notice_on or date(2000, 1, 3)
    )


def reached(desk: Desk, item: Assignment, day: date) -> str | None:
    """The stage to be said on `day`: the latest one due by then, missed ones merge into it.

    A missed stage is left out when it is older than the ladder's `stale` or its `late` is 跳过; one whose
    `late` is 照发 is said even when a later one is due. None when nothing is to be said.
    """
    if change := owed(item):
        return change
    if item.state is State.PLANNED:
        return NOTICE
    ladder = desk.ladder(item.asked.ladder)
    found = item.stage if item.unheard else None
    insisting = None
    for label, when in _days(desk, item):
        if when > day:
            break
        if item.stage_on is not None and when <= item.stage_on:
            continue
        late = ladder.late(label)
        if when < day and desk.workdays.between(when, day) > ladder.stale:
            continue
        if when == day or late is not Late.SKIP:
            found = label
        if when < day and late is Late.SEND:
            insisting = insisting or label
    return insisting or found


def meant(desk: Desk, item: Assignment, stage: str) -> date | None:
    """The day on which `stage` should have been said; None for a change, which has no day."""
    if stage == NOTICE:
        return item.asked.notice_on
    if item.counted_from is None or stage in (CHANGE, CANCEL):
        return None
    if stage == AGAIN:
        return _again(desk, item)
    days = desk.ladder(item.asked.ladder).days(item.counted_from, desk.workdays)
    return next((day for label, day in days if label == stage), None)


def past(desk: Desk, item: Assignment, day: date) -> bool:
    """Whether there is no use in mentioning it any more on `day`.

    A day that only had to be known is over; a first notice comes later than the ladder's `stale`; the
    year is over in which a date had to be confirmed.
    """
    latest = _latest(item)
    if latest is None or latest >= day:
        return False
    if item.asked.answer is Answer.KNOW:
        return True
    if item.asked.answer is Answer.CONFIRM:
        return day.year > item.asked.year
    late = desk.workdays.between(max(latest, item.asked.notice_on or latest), day)
    return item.state is State.PLANNED and late > desk.ladder(item.asked.ladder).stale


def scheduled(desk: Desk, item: Assignment) -> Assignment:
    """The same assignment with its next stage computed afresh."""
    stage, on = upcoming(desk, item) or (None, None)
    return replace(item, next_stage=stage, next_on=on)


def acted(desk: Desk, item: Assignment, doing: Act, day: date) -> Assignment:
    """After somebody did `doing` on `day`. Raises IllegalMove.

    A return begins another round: the ladder counts from that day, and says each stage anew. So does what
    is taken up again after it was completed, because the office above returned it.
    """
    after = replace(item, state=move(item.state, doing), unheard=None)
    if item.state is not State.PLANNED:
        after = replace(after, stage_on=max(item.stage_on or day, day))
    if doing in (Act.RETURN, Act.REOPEN):
        after = replace(after, rearmed=after.stage_on or day, version=item.version + 1)
    return scheduled(desk, after)


def spent(desk: Desk, item: Assignment, stage: str | None, day: date) -> Assignment:
    """After `stage` was put into a letter on `day` (None: dropped): every stage up to `day` is spent.

    An item dropped before its notice (`planned`, with a day spent) is not taken up again.
    """
    if stage is None:
        return scheduled(desk, replace(item, stage_on=day))
    state = move(item.state, Act.NOTIFY) if stage == NOTICE else item.state
    held = None if stage == NOTICE else item.held
    known = item.target if state.open and state is not State.PLANNED else None
    fresh = stage in (NOTICE, CHANGE) and known is not None and known < day
    after = replace(
        item,
        state=state,
        held=held,
        stage=stage,
        stage_on=day,
        told=known,
        rearmed=day if fresh else item.rearmed,
        unheard=None,
    )
    return scheduled(desk, after)
