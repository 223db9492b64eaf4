"""The preview: who gets which letter on which day, if nobody answers. It writes the letters by the
very function that the tick uses, so it cannot leave out a check."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from duban.agenda import Agenda
from duban.assignment import Assignment
from duban.desk import Desk
from duban.digest import USUAL, Times
from duban.foreseeing import Foresight
from duban.known import NOTHING, Known
from duban.letter import Letter
from duban.morning import Morning, write


def mornings(
    desk: Desk,
    agenda: Agenda,
    items: Iterable[Assignment],
    first: date,
    last: date,
    told: Collection[str] = frozenset(),
    mailed: Collection[str] = frozenset(),
    times: Times = USUAL,
    elsewhere: Mapping[date, Collection[str]] | None = None,
    known: Known = NOTHING,
) -> Iterator[tuple[date, Morning]]:
    """Every working day from `first` to `last` with its morning.

    `items` stand as they do before `first`; `told`: digest periods already settled; `mailed`: who
    already got a letter on `first`; `times`: when digests are owed; `elsewhere`: who gets one of the
    office above on which day; `known`: of the changes that are owed by now.
    """
    others = elsewhere or {}
    now = {item.key: item for item in items}
    queue = [(item.next_on, key) for key, item in now.items() if item.next_on]
    heapq.heapify(queue)
    foresight = Foresight(desk, times, set(told))
    for day in _days(first, last):
        if not desk.workdays.working(day):
            continue
        due = [now[key] for key in _pop(queue, day)]
        digests = foresight.find(day, now.values())
        had = {*(mailed if day == first else ()), *others.get(day, ())}
        morning = write(desk, agenda, day, due, digests, had, known=known)
        foresight.settle(morning.digests)
        moved = {step.before.key for step in morning.spent}
        for step in morning.spent:
            now[step.after.key] = step.after
        waiting = {item.key for item in due} - moved
        for key in moved | waiting:
            if when := now[key].next_on:
                heapq.heappush(queue, (max(when, day + timedelta(1)), key))
        yield day, morning


def letters(mornings: Iterable[tuple[date, Morning]]) -> list[Letter]:
    return [letter for _, morning in mornings for letter in morning.letters]


def _pop(queue: list[tuple[date, str]], day: date) -> list[str]:
    keys = []
    while queue and queue[0][0] <= day:
        keys.append(heapq.heappop(queue)[1])
    return sorted(keys)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(number) for number in range((last - first).days + 1))
