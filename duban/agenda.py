"""The agenda: what an office's calendar asks of whom and by when, computed from the book alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from duban.activity import Certainty
from duban.assignment import Duties, Duty, Occasion
from duban.cascade import ADOPT, DECLINED, Adopting, Demand, adopt, asked_of, refused
from duban.confirming import Asked, expected_announcement, missing_notices
from duban.desk import CONFIRM_LADDER, EVENT_LADDER, OFFICE, Desk
from duban.handing import to_decide
from duban.owing import Owing, owed_by, reviewers
from duban.piece import Piece, due_day, notice_day
from duban.pieces import of_activities, of_tasks
from duban.step import Answer, Step


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
        return [*of_activities(self._desk), *of_tasks(self._desk)]

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
