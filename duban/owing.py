"""Who owes a step, and who looks at it first."""

from dataclasses import dataclass, replace
from datetime import date

from duban.assignment import Duty
from duban.desk import Desk
from duban.office import Department
from duban.officeyear import ReportTo
from duban.piece import Piece
from duban.step import Step, Who


@dataclass(frozen=True, slots=True)
class Owing:
    department: Department
    duty: Duty
    since: date | None = None
    """The day on which it was passed on to that department."""


def owed_by(desk: Desk, piece: Piece, step: Step) -> list[Owing]:
    """Who owes the step, after what was passed on. Who gets what he owes already owes it once, leading
    where one of the two leads."""
    owing: dict[str, Owing] = {}
    for duty, departments in ((Duty.LEAD, piece.lead), (Duty.SUPPORT, piece.support)):
        if step.who in (Who.ALL, Who.LEAD if duty is Duty.LEAD else Who.SUPPORT):
            owing.update({one.id: Owing(one, duty) for one in departments})
    for before, after, day in desk.transfers(piece.occasion.id, piece.occasion.year, step.id):
        if gone := owing.pop(before, None):
            has = owing.get(after.id, Owing(after, gone.duty, day))
            leads = Duty.LEAD in (gone.duty, has.duty)
            owing[after.id] = replace(has, duty=Duty.LEAD if leads else has.duty)
    return list(owing.values())


def reviewers(piece: Piece, owing: list[Owing]) -> str:
    """Who leads this step, or where nobody does, the whole."""
    if piece.report_to is ReportTo.OFFICE:
        return ""
    leads = [one.department.id for one in owing if one.duty is Duty.LEAD]
    return ",".join(sorted(leads or [one.id for one in piece.lead]))
