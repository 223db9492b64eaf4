"""The agenda: what an office's calendar asks of whom and by when, computed from the book alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from duban.activity import Certainty
from duban.ahead import AHEAD
from duban.assignment import Duties, Duty, Occasion
from duban.cascade import ADOPT, DECLINED, Adopting, Demand, adopt, asked_of, refused
from duban.confirming import Asked, expected_announcement, missing_notices
from duban.desk import CONFIRM_LADDER, EVENT_LADDER, OFFICE, Desk
from duban.handing import to_decide
from duban.office import Department
from duban.officeyear import Entry
from duban.offset import Offset, parse_offset
from duban.owing import Owing, owed_by, reviewers
from duban.piece import Piece, due_day, notice_day
from duban.programme import Programme, Task
from duban.rule import Span
from duban.step import Answer, Step

TASK_NOTICE = "到期前60天"
ACTIVITY_NOTICE = "开始前30天"


class Agenda:
    """All that one office's calendar asks for, by key; each part is computed when it is first asked for.

    A morning needs few of them: of the duties, of which there are most, none where the office has nothing to
    do with the ones above and below.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @cached_property
    def pieces(self) -> Mapping[str, Piece]:
        """By occasion key `office/activity/year`."""
        return self._whole.pieces if self._related else self._own

    @property
    def duties(self) -> dict[str, Duties]:
        return self._whole.duties

    @cached_property
    def expected(self) -> Mapping[str, tuple[Piece, ...]]:
        """By department: pieces whose days are not known, only when they usually fall."""
        return _expected(self._found)

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What the office above asks of this one."""
        return self._whole.demands if self._related else ()

    @property
    def adopted(self) -> Mapping[str, tuple[str, ...]]:
        """By the key of an item of the office above: this office's own ones that it is done by."""
        return self._whole.adopted if self._related else {}

    @property
    def reasons(self) -> Mapping[str, str]:
        """By key: why the office itself is asked."""
        return self._whole.reasons if self._related else {}

    def piece(self, duties: Duties) -> Piece | None:
        key = f"{duties.office}/{duties.activity}/{duties.year}"
        return self.pieces.get(key) if _between(duties) else self._own.get(key)

    def reason(self, duties: Duties) -> str:
        """Why the office itself is asked, where it is for another office's sake."""
        return self.reasons.get(duties.key, "") if _between(duties) else ""

    @cached_property
    def _found(self) -> list[Piece]:
        return [*_activities(self._desk), *_tasks(self._desk)]

    @cached_property
    def _asked(self) -> list["_Confirm"]:
        """What the office itself has to find out or to decide."""
        desk = self._desk
        return [*_to_confirm(desk), *_to_import(desk), *_to_hand_over(desk)]

    @cached_property
    def _own(self) -> dict[str, Piece]:
        every = (*self._found, *(asked.piece for asked in self._asked))
        return {piece.occasion.key: piece for piece in every}

    @cached_property
    def _related(self) -> bool:
        """Whether it asks something of an office, or is asked by one."""
        above = self._desk.above
        return bool(self._desk.below) or bool(above and self._desk.office.id in above.branch.linked)

    @cached_property
    def _whole(self) -> "_Whole":
        return _whole(self._desk, self._found, self._asked, self._own)


def _between(duties: Duties) -> bool:
    """Whether it is there only because of the office above, or of one below."""
    return duties.activity.endswith((ADOPT, DECLINED))


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is asked, after the offices above and below had their say."""

    pieces: dict[str, Piece]
    duties: dict[str, Duties]
    demands: tuple[Demand, ...]
    adopted: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, str]


def agenda(desk: Desk) -> Agenda:
    """Everything from the office's first day with duban on, known dates and unknown ones; what the office
    above asks is in it (duban/cascade.py). A desk's agenda is computed once."""
    known = desk.computed.get(Agenda)
    if known is None:
        known = desk.computed[Agenda] = Agenda(desk)
    return known


def _whole(
    desk: Desk, found: list[Piece], asked: list["_Confirm"], pieces: dict[str, Piece]
) -> _Whole:
    own = {piece.occasion.key: piece for piece in found}
    duties = {duty.key: duty for piece in own.values() for duty in _duties(desk, piece)}
    duties |= {one.duty.key: one.duty for one in asked}
    duties = {key: duty for key, duty in duties.items() if _wanted(desk, duty)}
    demands = _demands(desk)
    adopting = adopt(desk, demands, pieces, duties) if demands else Adopting(duties)
    answered = refused(desk, adopting.duties) if desk.below else Adopting(adopting.duties)
    return _Whole(
        {**pieces, **adopting.pieces, **answered.pieces},
        dict(answered.duties),
        tuple(demands),
        adopting.adopted,
        {**adopting.reasons, **answered.reasons},
    )


def _demands(desk: Desk) -> list[Demand]:
    """What was due before this office used duban is history to it."""
    if desk.above is None or desk.office.id not in desk.above.branch.linked:
        return []
    every = agenda(desk.above)
    found = asked_of(desk.above, desk.office.id, every.pieces, every.duties)
    return [demand for demand in found if _wanted(desk, demand.asked)]


def _expected(pieces: list[Piece]) -> dict[str, tuple[Piece, ...]]:
    found: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.expected and piece.occasion.span is None:
            for department in (*piece.lead, *piece.support):
                found.setdefault(department.id, []).append(piece)
    return {id: tuple(every) for id, every in found.items()}


def _wanted(desk: Desk, duty: Duties) -> bool:
    """What was due before the office used duban is history, not work; a date still to find out is not."""
    since = desk.office.since
    if duty.answer is Answer.CONFIRM:
        return duty.year >= since.year
    return duty.due >= since if duty.due else duty.year >= since.year


def _activities(desk: Desk) -> Iterator[Piece]:
    for year in desk.branch.years:
        for entry in year.activities:
            if piece := _activity(desk, year.year, entry):
                yield piece


def _activity(desk: Desk, year: int, entry: Entry) -> Piece | None:
    activity = desk.activity(entry.activity)
    days = activity and desk.occurrence(activity, year, entry.dates)
    if activity is None or not days:
        return None
    steps, notice = _steps(desk, entry.steps, entry.notice, ACTIVITY_NOTICE)
    lead, support = _people(desk, entry, days.span.start if days.span else date(year, 12, 31))
    occasion = Occasion(
        desk.office.id,
        activity.id,
        year,
        days.name,
        days.span,
        days.certainty,
        _named(desk, entry.lead),
        _named(desk, entry.support),
        days.source,
    )
    ladder = entry.ladder or desk.office.ladder
    stages = desk.stages(activity, year)
    return Piece(
        occasion,
        lead,
        support,
        steps,
        notice,
        ladder,
        days.expected,
        stages=stages,
        ahead=_ahead(desk, entry),
        report_to=entry.report_to,
    )


def _tasks(desk: Desk) -> Iterator[Piece]:
    for programme in desk.branch.programmes:
        whole = Span(programme.start, programme.end)
        for task in programme.tasks:
            for year in range(whole.start.year, whole.last.year + 1):
                first = max(whole.start, date(year, 1, 1))
                last = min(whole.last, date(year, 12, 31))
                yield from _task(desk, programme, task, Span(first, last), year, (None, year))
        for phase, review in programme.reviewed:
            span = Span(phase.start, phase.end)
            for year in range(span.start.year, span.last.year + 1):
                once = (None, year) if year == span.last.year else (year,)
                yield from _task(desk, programme, review, span, year, once)


def _task(
    desk: Desk,
    programme: Programme,
    task: Task,
    span: Span,
    year: int,
    once: tuple[int | None, ...],
) -> Iterator[Piece]:
    """The piece of one year in which a step of the task is due. `once`: the years of these steps."""
    steps, notice = _steps(desk, task.steps, task.notice, TASK_NOTICE)
    due = tuple(step for step in steps if step.offset.once in once)
    if not due:
        return
    lead, support = _people(desk, task, span.last)
    occasion = Occasion(
        desk.office.id,
        f"{programme.id}.{task.id}",
        year,
        task.name,
        span,
        Certainty.RULE,
        _named(desk, task.lead),
        _named(desk, task.support),
        task.source or programme.document,
        programme.name,
    )
    ladder = task.ladder or desk.office.ladder
    yield Piece(
        occasion,
        lead,
        support,
        due,
        notice,
        ladder,
        ahead=_ahead(desk, task),
        report_to=task.report_to,
    )


def _ahead(desk: Desk, entry: Entry | Task) -> Offset:
    return (entry.cascade or desk.office.cascade or AHEAD).offset


def _steps(
    desk: Desk, steps: str | tuple[Step, ...], notice: str | None, default: str
) -> tuple[tuple[Step, ...], Offset]:
    if isinstance(steps, str):
        shared = desk.steps(steps)
        return shared.steps, parse_offset(notice or shared.notice)
    return steps, parse_offset(notice or default)


def _people(
    desk: Desk, entry: Entry | Task, day: date
) -> tuple[tuple[Department, ...], tuple[Department, ...]]:
    """Lead and support; who leads does not support as well."""
    lead = desk.members(entry.lead, day)
    taken = {one.id for one in lead}
    support = tuple(one for one in desk.members(entry.support, day) if one.id not in taken)
    return lead, support


def _named(desk: Desk, names: tuple[str, ...]) -> tuple[str, ...]:
    """As people write them: a group keeps its name, a department gets its short one."""
    return tuple(desk.short(name) for name in names)


def _duties(desk: Desk, piece: Piece) -> Iterator[Duties]:
    for step in piece.steps:
        due = due_day(desk, piece, step, piece.span(step))
        expected = due_day(desk, piece, step, piece.usual(step)) if due is None else None
        notice = notice_day(desk, piece, step, due)
        every = owed_by(desk, piece, step)
        lead = reviewers(piece, every)
        for owing in every:
            told = notice and max(notice, desk.workdays.after(owing.since or notice))
            duty = _duty(piece, step, owing, told, due, expected)
            yield replace(duty, reviewers=lead) if lead and owing.duty is Duty.SUPPORT else duty


def _duty(
    piece: Piece,
    step: Step,
    owing: Owing,
    notice: date | None,
    due: date | None,
    expected: date | None,
) -> Duties:
    occasion, days = piece.occasion, piece.days(step)
    return Duties(
        key=f"{occasion.key}/{step.id}/{owing.department.id}",
        office=occasion.office,
        activity=occasion.id,
        year=occasion.year,
        step=step.id,
        department=owing.department.id,
        duty=owing.duty,
        answer=step.answer,
        ladder=EVENT_LADDER if step.answer is Answer.KNOW else piece.ladder,
        certainty=days.certainty if due and days else Certainty.UNKNOWN,
        notice_on=notice,
        due=due,
        due_at=step.offset.at,
        expected=expected,
        name=occasion.name,
        step_name=step.name,
    )


@dataclass(frozen=True, slots=True)
class _Confirm:
    """One thing that the office itself is asked for."""

    piece: Piece
    duty: Duties


def _to_confirm(desk: Desk) -> Iterator[_Confirm]:
    """Activities of the office's years whose days somebody has to announce and has not yet."""
    for year in desk.branch.years:
        for entry in year.activities:
            activity = desk.activity(entry.activity)
            if activity is None:
                continue
            days = desk.occurrence(activity, year.year, entry.dates)
            if days is None or days.span:
                continue
            if asked := expected_announcement(activity, year.year, days.expected):
                yield _confirm(desk, activity.id, year.year, days.name, "日期待公布", asked)


def _to_import(desk: Desk) -> Iterator[_Confirm]:
    years = (year.year for year in desk.branch.years)
    for year, asked in missing_notices(years, desk.workdays):
        yield _confirm(desk, "workdays", year, f"{year}年节假日安排", "放假通知待录入", asked)


def _to_hand_over(desk: Desk) -> Iterator[_Confirm]:
    """Programmes that follow another one of whose targets and tasks something is still to be decided."""
    for one in desk.branch.programmes:
        if asked := to_decide(one, desk.branch.programmes):
            year = one.start.year
            yield _confirm(desk, f"{one.id}.handover", year, one.name, "接续事项待定", asked)


def _confirm(desk: Desk, id: str, year: int, name: str, what: str, asked: Asked) -> _Confirm:
    occasion = Occasion(desk.office.id, f"{id}.date", year, name, None, Certainty.UNKNOWN, (), ())
    step = Step(id="confirm", name=what, due="开始当天")
    piece = Piece(occasion, (), (), (step,), step.offset, CONFIRM_LADDER, reason=asked.reason)
    day = desk.workdays.after(asked.by)
    duty = Duties(
        key=f"{occasion.key}/confirm/{OFFICE}",
        office=desk.office.id,
        activity=occasion.id,
        year=year,
        step=step.id,
        department=OFFICE,
        duty=Duty.LEAD,
        answer=Answer.CONFIRM,
        ladder=CONFIRM_LADDER,
        certainty=Certainty.UNKNOWN,
        notice_on=day,
        due=day,
        name=name,
        step_name=what,
    )
    return _Confirm(piece, duty)
