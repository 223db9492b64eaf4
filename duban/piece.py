"""A piece of the agenda: one occasion with its departments and steps, before it is cut into duties."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from duban.activity import Occurrence
from duban.ahead import AHEAD
from duban.assignment import Occasion
from duban.desk import Desk
from duban.office import Department
from duban.officeyear import ReportTo
from duban.offset import Anchor, Offset
from duban.rule import Span
from duban.step import Shift, Step


@dataclass(frozen=True, slots=True)
class Piece:
    occasion: Occasion
    lead: tuple[Department, ...]
    support: tuple[Department, ...]
    steps: tuple[Step, ...]
    notice: Offset
    ladder: str
    expected: Span | None = None
    """Where the activity usually falls, while its days are not known."""
    reason: str = ""
    """For what the office has to confirm: why it is asked now."""

    stages: Mapping[str, Occurrence] = field(default_factory=dict)
    """The days of the activity's stages, by their ids."""
    ahead: Offset = AHEAD.offset
    """How long before its due date a district's own departments have to be done."""

    report_to: ReportTo = ReportTo.OFFICE

    def days(self, step: Step) -> Occurrence | Occasion | None:
        """What the step's 开始 and 结束 mean; None where its stage does not exist that year."""
        return self.stages.get(step.stage) if step.stage else self.occasion

    def span(self, step: Step) -> Span | None:
        days = self.days(step)
        return days.span if days else None

    def usual(self, step: Step) -> Span | None:
        """Where these days usually fall, while they are not known."""
        if step.stage is None:
            return self.expected
        stage = self.stages.get(step.stage)
        return stage.expected if stage else None

    def step(self, id: str) -> Step:
        return next(step for step in self.steps if step.id == id)


def due_day(desk: Desk, piece: Piece, step: Step, span: Span | None) -> date | None:
    """When the step is due, moved off a day off in its own direction; None where no date is known."""
    offset = step.offset
    if span is None and not offset.literal:
        return None
    anchor = offset.anchor_day(span) if span else date(piece.occasion.year, 1, 1)
    day = offset.day(anchor, piece.occasion.year, desk.workdays)
    if step.direction is Shift.STAY:
        return day
    return desk.workdays.before(day) if step.direction is Shift.BEFORE else desk.workdays.after(day)


def notice_day(desk: Desk, piece: Piece, step: Step, due: date | None) -> date | None:
    """The working day on which the notice goes out; None while the days are not known."""
    span, offset = piece.span(step), piece.notice
    if due is None or span is None:
        return None
    anchor = due if offset.anchor is Anchor.DUE else offset.anchor_day(span)
    return desk.workdays.before(offset.day(anchor, piece.occasion.year, desk.workdays))
