"""The cascade (市区贯通): what a city's calendar asks of its districts, and what becomes of it there.

A department of an office may itself be an office below it (`Department.office`). Each step that such a
department has to report is a *demand* on that office. The district adopts it by an entry for the same
activity, or by one that names it (`adopts`): its own items of the same step are due `ahead` of the city's
date. Of what no entry adopts, the district's secretariat is asked itself. What the district declines, with
a reason, becomes an item of the city's secretariat. So no demand is silently dropped.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from duban.activity import Certainty
from duban.assignment import Assignment, Duties, Duty, Occasion
from duban.completion import State
from duban.desk import ADOPT_LADDER, OFFICE, Desk
from duban.office import Department
from duban.officeyear import Decline
from duban.offset import Anchor, Offset, Unit
from duban.piece import Piece, notice_day
from duban.step import Answer, Step

ADOPT, DECLINED = ".adopt", ".declined"
"""Behind an activity's id: what the office itself is asked because of it."""
PATIENCE = 5
"""Working days within which the city's secretariat is to decide on what was declined."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One step that the office above asks of this one."""

    asked: Duties
    """The item of the office above."""
    piece: Piece


@dataclass(frozen=True, slots=True)
class Adopting:
    """An office's duties as demands, or what was declined, make them."""

    duties: Mapping[str, Duties]
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    adopted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


def asked_of(
    desk: Desk, office: str, pieces: Mapping[str, Piece], duties: Mapping[str, Duties]
) -> Iterator[Demand]:
    """What `desk` asks of the office below it; steps that only have to be known are none."""
    members = {one.id for one in desk.branch.departments if one.office == office}
    for duty in duties.values() if members else ():
        if duty.department in members and duty.answer is Answer.REPORT:
            yield Demand(duty, pieces[f"{duty.office}/{duty.activity}/{duty.year}"])


def adopt(
    desk: Desk,
    demands: Iterable[Demand],
    pieces: Mapping[str, Piece],
    duties: Mapping[str, Duties],
) -> Adopting:
    found = _Adoption(desk, pieces, duties)
    for demand in demands:
        if declined(desk, demand.asked) is None:
            found.take(demand)
    return Adopting(found.duties, found.pieces, found.adopted, found.reasons)


class _Adoption:
    """Takes one demand after the other."""

    def __init__(
        self, desk: Desk, pieces: Mapping[str, Piece], duties: Mapping[str, Duties]
    ) -> None:
        self.desk, self.known, self.duties = desk, pieces, dict(duties)
        self.pieces: dict[str, Piece] = {}
        self.adopted: dict[str, tuple[str, ...]] = {}
        self.reasons: dict[str, str] = {}
        self.names = adopters(desk)
        self.own: dict[tuple[str, int, str], list[str]] = {}
        for duty in duties.values():
            if duty.answer is Answer.REPORT and duty.department != OFFICE:
                self.own.setdefault((duty.activity, duty.year, duty.step), []).append(duty.key)

    def take(self, demand: Demand) -> None:
        asked = demand.asked
        own = [
            key
            for id in sorted(self.names.get(asked.activity, ()))
            for key in self.own.get((id, asked.year, asked.step), ())
        ]
        for key in own:
            duty = self.duties[key]
            piece = self.known[f"{duty.office}/{duty.activity}/{duty.year}"]
            self.duties[key] = _earlier(self.desk, piece, duty, demand)
        self.adopted[asked.key] = tuple(own) or (self._ask_office(demand),)

    def _ask_office(self, demand: Demand) -> str:
        piece = _own_piece(self.desk, demand)
        duty = _own_duty(self.desk, piece, demand)
        self.pieces[piece.occasion.key] = piece
        self.duties[duty.key] = duty
        self.reasons[duty.key] = _asked_by(self.desk, demand.asked)
        return duty.key


def adopters(desk: Desk) -> dict[str, set[str]]:
    """By the id of what the office above asks: the ids by which this office does it."""
    found: dict[str, set[str]] = {}
    for year in desk.branch.years:
        for entry in year.activities:
            own = _id(desk, entry.activity)
            above = _id(desk, entry.adopts) if entry.adopts else own
            found.setdefault(above, set()).add(own)
    for programme in desk.branch.programmes:
        for task in programme.tasks:
            if task.adopts:
                found.setdefault(_id(desk, task.adopts), set()).add(f"{programme.id}.{task.id}")
    return found


def declined(desk: Desk, asked: Duties) -> Decline | None:
    """The office's word that it does not take that on."""
    return next((one for one in declines_of(desk, asked.year) if _meant(desk, one, asked)), None)


def declines_of(desk: Desk, year: int) -> Iterator[Decline]:
    for one in desk.branch.years:
        if one.year == year:
            yield from one.declines


def _meant(desk: Desk, decline: Decline, asked: Duties) -> bool:
    same = _id(desk, decline.activity) == asked.activity
    return same and decline.step in (None, asked.step)


def _id(desk: Desk, name: str) -> str:
    activity = desk.activity(name)
    return activity.id if activity else name


def inner_due(desk: Desk, demand: Demand) -> date | None:
    """By when the district's own departments have to be done; not before the district used duban."""
    due = demand.asked.due
    if due is None:
        return None
    day = demand.piece.ahead.day(due, demand.asked.year, desk.workdays)
    inner = desk.workdays.before(day)
    return inner if inner >= desk.office.since else due


def _earlier(desk: Desk, piece: Piece, duty: Duties, demand: Demand) -> Duties:
    """The district's own date, unless the city's leaves less time."""
    inner = inner_due(desk, demand)
    if inner is None or (duty.due and duty.due <= inner):
        return duty
    notice = duty.notice_on
    if notice is None or piece.notice.anchor is Anchor.DUE:
        notice = notice_day(desk, piece, piece.step(duty.step), inner) or demand.asked.notice_on
    return replace(
        duty,
        due=inner,
        due_at=None,
        expected=None,
        certainty=duty.certainty if duty.due else demand.asked.certainty,
        notice_on=_in_time(desk, notice, inner),
    )


def _in_time(desk: Desk, notice: date | None, due: date) -> date:
    return min(notice or due, desk.workdays.before(due))


def _own_piece(desk: Desk, demand: Demand) -> Piece:
    asked = demand.piece
    occasion = replace(
        asked.occasion,
        office=desk.office.id,
        id=f"{asked.occasion.id}{ADOPT}",
        year=demand.asked.year,
    )
    return replace(asked, occasion=occasion, lead=(), support=(), ladder=ADOPT_LADDER)


def _own_duty(desk: Desk, piece: Piece, demand: Demand) -> Duties:
    asked, due = demand.asked, inner_due(desk, demand)
    return replace(
        asked,
        key=f"{piece.occasion.key}/{asked.step}/{OFFICE}",
        office=desk.office.id,
        activity=piece.occasion.id,
        department=OFFICE,
        duty=Duty.LEAD,
        reviewers="",
        ladder=ADOPT_LADDER,
        notice_on=_in_time(desk, asked.notice_on, due) if due else None,
        due=due,
        due_at=None,
        step_name=f"{asked.step_name[:110]}（待分解）",
    )


def _asked_by(desk: Desk, asked: Duties) -> str:
    """Why the district's secretariat is asked."""
    above = desk.above.office.short if desk.above else "上级"
    until = f"{asked.due.month}月{asked.due.day}日前" if asked.due else ""
    return f"{above}要求{until}报送，年历里还没有分解到单位"


# --- what districts decline, seen from the city ---


def refused(desk: Desk, duties: Mapping[str, Duties]) -> Adopting:
    """The duties of a city, with an item of its own secretariat for each thing that a district declines."""
    grown = dict(duties)
    pieces: dict[str, Piece] = {}
    reasons: dict[str, str] = {}
    asked: dict[str, list[Duties]] = {}
    for duty in duties.values():
        if duty.answer is Answer.REPORT:
            asked.setdefault(duty.department, []).append(duty)
    for one in desk.branch.departments:
        if one.office in desk.below:
            for name, said in _refusals(desk, one, asked.get(one.id, [])):
                piece, duty = _to_decide(desk, one, name, said)
                known = pieces.get(piece.occasion.key)
                pieces[piece.occasion.key] = _both(known, piece) if known else piece
                grown[duty.key] = duty
                reasons[duty.key] = "；".join(dict.fromkeys(each.reason for each in said))
    return Adopting(grown, pieces, {}, reasons)


def _refusals(
    desk: Desk, one: Department, asked: list[Duties]
) -> Iterator[tuple[Duties, list[Decline]]]:
    """Of each activity and year that is asked of it, the first step, and what was declined of it."""
    lower = desk.below[one.office or ""]
    found: dict[tuple[str, int], tuple[Duties, dict[int, Decline]]] = {}
    for duty in asked:
        for year in lower.years:
            for number, decline in enumerate(year.declines):
                if year.year == duty.year and _meant(desk, decline, duty):
                    said = found.setdefault((duty.activity, duty.year), (duty, {}))[1]
                    said[number] = decline
    for duty, said in found.values():
        yield duty, list(said.values())


def _to_decide(
    desk: Desk, one: Department, asked: Duties, said: list[Decline]
) -> tuple[Piece, Duties]:
    first = min(decline.on or date(asked.year, 1, 1) for decline in said)
    day = desk.workdays.after(max(first, desk.office.since))
    offset = Offset(Anchor.DUE, 0, Unit.DAY)
    step = Step(id=one.id, name=f"{one.short[:100]}不承接，请处理", due="开始当天")
    id = f"{asked.activity}{DECLINED}"
    occasion = Occasion(
        desk.office.id, id, asked.year, asked.name, None, Certainty.RULE, (), (one.short,)
    )
    duty = replace(
        asked,
        key=f"{occasion.key}/{step.id}/{OFFICE}",
        activity=id,
        step=step.id,
        department=OFFICE,
        duty=Duty.LEAD,
        reviewers="",
        ladder=ADOPT_LADDER,
        certainty=Certainty.RULE,
        notice_on=day,
        due=desk.workdays.count(day, PATIENCE),
        due_at=None,
        expected=None,
        step_name=step.name,
    )
    return Piece(occasion, (), (), (step,), offset, ADOPT_LADDER), duty


def _both(known: Piece, other: Piece) -> Piece:
    """Several districts decline the same."""
    occasion = replace(known.occasion, support=known.occasion.support + other.occasion.support)
    return replace(known, occasion=occasion, steps=known.steps + other.steps)


# --- what comes back ---


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one of the district's items."""

    item: Assignment
    at: datetime | None
    """When it was completed, or let off."""
    said: str
    """What its department handed in last."""


MOST, LONGEST = 40, 80
"""Departments of one report, and characters of what each one said."""


def account(desk: Desk, done: list[Done]) -> str:
    """What the city reads: what was done in the district, by whom, and when."""
    asked = done[0].item.asked
    alone = asked.department == OFFICE
    who = "本办已办结" if alone else f"{len(done)}家单位的事项都已办结"
    lines = [
        f"{desk.office.short}：{who}（系统汇总）。",
        *(_line(desk, one) for one in done[:MOST]),
    ]
    more = len(done) - MOST
    return "\n".join([*lines, f"另有{more}家。"] if more > 0 else lines)


def _line(desk: Desk, one: Done) -> str:
    day = one.at.astimezone(ZoneInfo(desk.office.zone)) if one.at else None
    when = f"{day.month}月{day.day}日" if day else ""
    said = " ".join(one.said.split())
    short = f"{said[:LONGEST]}…" if len(said) > LONGEST else said
    words = f"：{short}" if short else ""
    return f"{desk.called(one.item.asked.department)} {when}{one.item.state.label}{words}"


def rolled_up(own: Iterable[Assignment]) -> bool:
    """Whether the district has done what the city asked: something was completed, and nothing is open."""
    items = list(own)
    done = any(item.state is State.COMPLETED for item in items)
    return done and not any(item.state.open for item in items)
