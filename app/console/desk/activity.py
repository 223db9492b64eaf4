"""One year of an activity or task: its steps by department, its letters, its answers, its history."""

from dataclasses import dataclass

from starlette.responses import Response

from app.console.desk.item import Told, told
from app.console.desk.year import asked_year
from app.console.lights import light
from app.console.visit import NotFound, Visit
from duban.assignment import Duty
from duban.completion import State
from duban.desk import OFFICE
from duban.lamp import Lamp
from duban.letter import Blocker, Kind
from duban.piece import Piece
from state import mentions, yearly
from state.items import Line as Account
from state.yearly import Point

MOST = 60
"""Departments on the page; the others are a link away."""


@dataclass(frozen=True, slots=True)
class Line:
    """One department with what it owes, by step."""

    id: str
    name: str
    duty: str
    cells: dict[str, Point]


@dataclass(frozen=True, slots=True)
class Chapter:
    """One act, and to what it was done: `市水利局·方案报送`."""

    told: Told
    about: list[str]


def show(visit: Visit) -> Response:
    id, scope = visit.params["id"], visit.scope
    with visit.site.database.reading() as connection:
        year = asked_year(visit, yearly.years(connection, scope))
        found = yearly.of_activity(connection, scope, light(visit.desk, visit.today), id, year)
        letters = mentions.of_activity(connection, scope, id, year)
        history = mentions.history_of_activity(connection, scope, id, year)
    piece = visit.agenda.pieces.get(f"{visit.office}/{id}/{year}")
    if not found and piece is None:
        raise NotFound(f"{year}年没有这项活动")
    lines = _lines(visit, found)
    return visit.page(
        "desk/activity.html",
        id=id,
        year=year,
        called=piece.occasion.name if piece else found[0].name,
        piece=piece,
        steps=_steps(piece, found),
        lines=lines[:MOST],
        more=max(0, len(lines) - MOST),
        letters=letters,
        history=_chapters(visit, history),
        Kind=Kind,
        own=OFFICE,
        blocked=_blocked(visit, found),
    )


def _blocked(visit: Visit, found: list[Point]) -> list[Blocker]:
    """What supporting departments were told of and have not handed in, while who leads is still at it."""
    if not any(_owing(point, Duty.LEAD) for point in found):
        return []
    desk, day = visit.desk, visit.today
    owed = [
        Blocker(
            desk.called(point.department),
            point.step_name,
            point.target,
            desk.workdays.between(point.target, day),
            point.lamp is Lamp.RED,
        )
        for point in found
        if point.target and _owing(point, Duty.SUPPORT)
    ]
    return sorted(owed, key=lambda one: (not one.overdue, one.due, one.department))


def _owing(point: Point, duty: Duty) -> bool:
    """It was told of a report that it owes."""
    told = point.state.chased and point.state is not State.PLANNED
    return told and point.duty is duty and point.lamp is not Lamp.GREY


def _chapters(visit: Visit, history: list[tuple[Account, str, str]]) -> list[Chapter]:
    """What was done to many items at once stands in one line."""
    found: dict[tuple[object, ...], Chapter] = {}
    words: dict[tuple[object, ...], Told] = {}
    for line, step, department in history:
        key = (line.at, line.act, line.actor, line.reason)
        one = words.get(key) or words.setdefault(key, told(visit, line))
        chapter = found.setdefault((one.at, one.what, one.who, one.why), Chapter(one, []))
        chapter.about.append(f"{visit.desk.called(department)}·{step}")
    return list(found.values())


def _steps(piece: Piece | None, found: list[Point]) -> list[tuple[str, str]]:
    """Id and name, in the calendar's order; then those that it has dropped."""
    steps = {step.id: step.name for step in piece.steps} if piece else {}
    for item in found:
        if item.state is not State.WITHDRAWN:
            steps.setdefault(item.step, item.step_name or item.step)
    return list(steps.items())


def _lines(visit: Visit, found: list[Point]) -> list[Line]:
    """Leading departments first, else as the calendar names them; without what is withdrawn."""
    lines: dict[str, Line] = {}
    for item in found:
        if item.state is State.WITHDRAWN:
            continue
        line = lines.get(item.department)
        if line is None:
            called = visit.desk.called(item.department)
            line = Line(item.department, called, item.duty.label, {})
            lines[item.department] = line
        line.cells[item.step] = item
    return sorted(lines.values(), key=lambda line: line.duty != "牵头")
