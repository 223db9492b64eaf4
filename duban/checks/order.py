"""Checks of computed days: steps in the order in which they are listed, none before the notice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from duban.activity import Activity, Certainty, Occurrence
from duban.assignment import Occasion
from duban.checks.activities import circling
from duban.checks.duties import Shelves
from duban.checks.shared import YEARS
from duban.desk import Desk
from duban.fault import Fault, Place
from duban.frozen import Frozen
from duban.occurrences import occurrence, stage_days
from duban.officeyear import Entry
from duban.offset import parse_offset
from duban.piece import Piece, due_day, notice_day
from duban.pieces import ACTIVITY_NOTICE, TASK_NOTICE
from duban.programme import Task
from duban.rule import Span
from duban.step import Step, StepSet
from duban.unread import Unread


@dataclass(frozen=True, slots=True)
class _Case:
    """The steps of one entry or task in one year, with what their days are computed from."""

    entry: Entry | Task
    shared: StepSet | None
    piece: Piece

    def fault(self, step: Step, message: str) -> Fault:
        """Told at the step when it stands in the entry, else at the entry's `steps`."""
        if self.shared:
            hint = f"请改节点套餐“{self.shared.id}”或这里的 notice"
            return self.entry.fault("steps", message=message, hint=hint)
        return step.fault("due", message=message, hint="请改时间，或调整先后")


class Sound:
    """Which entries are free of faults so far: the days of a faulty one mean nothing."""

    def __init__(self, faults: list[Fault], unread: Unread) -> None:
        self._damaged = unread.damaged
        self._touched = {
            Place(fault.place.file, fault.place.path[:depth])
            for fault in faults
            for depth in range(len(fault.place.path) + 1)
        }

    def free(self, entry: Frozen | None) -> bool:
        """Whether neither the entry nor anything in it is at fault; true where there is none."""
        return entry is None or (self.whole(entry) and entry.place not in self._touched)

    def whole(self, entry: Frozen) -> bool:
        """Whether the entry could be read whole."""
        return entry.place not in self._damaged


def order(desk: Desk, shelves: Shelves, sound: Sound) -> Iterator[Fault]:
    """A slip in a shared step set is told once, at the first entry that shows it."""
    told: set[tuple[Place | str, str]] = set()
    for case in (*_entries(desk, shelves, sound), *_tasks(desk, shelves, sound)):
        dues = _dues(desk, case.piece)
        for step, message in (*_in_order(dues), *_before_notice(desk, case.piece, dues)):
            key = (case.shared.id if case.shared else case.entry.place, step.id)
            if key not in told:
                told.add(key)
                yield case.fault(step, message)


def _entries(desk: Desk, shelves: Shelves, sound: Sound) -> Iterator[_Case]:
    loops = circling(desk.book.common.activities, shelves.activities)

    def find(name: str) -> Activity | None:
        found = shelves.activities.find(name)
        return None if found is None or found.id in loops else found

    for year in desk.branch.years:
        for entry in year.activities:
            activity = shelves.activities.find(entry.activity)
            if activity and sound.free(entry) and sound.free(activity):
                days = occurrence(activity, year.year, find, entry.dates)
                if days and days.span:
                    stages = stage_days(activity, year.year, find)
                    yield from _case(entry, shelves, sound, year.year, days.span, stages)


def _tasks(desk: Desk, shelves: Shelves, sound: Sound) -> Iterator[_Case]:
    for programme in desk.branch.programmes:
        first, last = programme.start, programme.end
        if not sound.whole(programme) or {first.year, last.year} - set(YEARS):
            continue
        for task in programme.tasks:
            for year in range(first.year, last.year + 1) if sound.free(task) else ():
                span = Span(max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))
                yield from _case(task, shelves, sound, year, span)


def _case(
    entry: Entry | Task,
    shelves: Shelves,
    sound: Sound,
    year: int,
    span: Span,
    stages: Mapping[str, Occurrence] | None = None,
) -> Iterator[_Case]:
    """The case of one year; none where its steps are unknown or at fault themselves."""
    shared = shelves.sets.find(entry.steps) if isinstance(entry.steps, str) else None
    steps = shared.steps if shared else entry.steps
    if isinstance(steps, str) or not sound.free(shared):
        return
    default = TASK_NOTICE if isinstance(entry, Task) else ACTIVITY_NOTICE
    notice = entry.notice or (shared.notice if shared else default)
    if isinstance(entry, Task):
        steps = tuple(step for step in steps if step.offset.once in (None, year))
    occasion = Occasion(
        office="",
        id="",
        year=year,
        name="",
        span=span,
        certainty=Certainty.RULE,
        lead=(),
        support=(),
    )
    piece = Piece(
        occasion=occasion,
        lead=(),
        support=(),
        steps=steps,
        notice=parse_offset(notice),
        ladder="",
        stages=stages or {},
    )
    yield _Case(entry, shared, piece)


_Due = tuple[Step, date]


def _in_order(dues: list[_Due]) -> Iterator[tuple[Step, str]]:
    for (earlier, first), (later, second) in pairwise(dues):
        if second < first:
            message = f"“{later.name}”{second}到期，早于列在它前面的“{earlier.name}”（{first}）"
            yield later, message


def _before_notice(desk: Desk, piece: Piece, dues: list[_Due]) -> Iterator[tuple[Step, str]]:
    for step, due in dues:
        notice = notice_day(desk, piece, step, due)
        if notice and due < notice:
            yield step, f"“{step.name}”{due}到期，早于通知发出的{notice}"


def _dues(desk: Desk, piece: Piece) -> list[_Due]:
    days = ((step, due_day(desk, piece, step, piece.span(step))) for step in piece.steps)
    return [(step, day) for step, day in days if day]
