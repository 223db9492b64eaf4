"""The list of items: filtered by what stands in the address, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from starlette.responses import Response

from app.console.lights import light
from app.console.paging import paging
from app.console.visit import Visit
from duban.assignment import Assignment
from duban.completion import State
from duban.desk import OFFICE
from duban.lamp import Lamp, lamp, late_by
from duban.tally import LAMPS
from state import items
from state.items import Filter

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    item: Assignment
    lamp: Lamp
    days: int
    """Working days since the due date; negative: still to go."""


def show(visit: Visit) -> Response:
    wanted, lit = asked(visit), light(visit.desk, visit.today)
    with visit.site.database.reading() as connection:
        turn = paging(visit, items.count(connection, visit.scope, wanted, lit))
        found = items.some(connection, visit.scope, wanted, lit, start=turn.start)
    return visit.page(
        "desk/items.html",
        rows=_rows(visit, found),
        turn=turn,
        wanted=wanted,
        lamps=LAMPS,
        states=list(State),
        departments=departments(visit, wanted.department),
        activities=activities(visit, wanted.activity),
        years=sorted({piece.occasion.year for piece in visit.agenda.pieces.values()}),
    )


def row(visit: Visit, item: Assignment) -> Row:
    return _rows(visit, [item])[0]


def _rows(visit: Visit, found: Iterable[Assignment]) -> list[Row]:
    desk, day = visit.desk, visit.today
    workdays, yellow = desk.workdays, desk.office.yellow
    return [
        Row(one, lamp(one, day, workdays, yellow), late_by(one, day, workdays)) for one in found
    ]


def asked(visit: Visit) -> Filter:
    """What is no lamp, state or year asks for nothing."""
    year = visit.query.get("year", "")
    return Filter(
        lamp=_one(Lamp, visit.query.get("lamp", "")),
        state=_one(State, visit.query.get("state", "")),
        department=visit.query.get("department", "")[:40],
        activity=visit.query.get("activity", "")[:90],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        words=visit.query.get("words", "").replace("\0", "").strip()[:60],
    )


def _one(kind: type[E], value: str) -> E | None:
    return next((one for one in kind if one.value == value), None)


def departments(visit: Visit, chosen: str = "") -> list[tuple[str, str]]:
    """Id and short name of each; the office itself, too, where it is the one that is chosen."""
    found = [(one.id, one.short) for one in visit.desk.branch.departments]
    if chosen == OFFICE:
        found.append((OFFICE, "本办自己"))
    elif chosen and chosen not in dict(found):
        found.append((chosen, chosen))
    return found


def activities(visit: Visit, chosen: str = "") -> list[tuple[str, str]]:
    """Id and name of each that the calendar has, by its latest name."""
    found: dict[str, str] = {}
    for piece in sorted(visit.agenda.pieces.values(), key=lambda piece: piece.occasion.year):
        if not piece.occasion.id.endswith(".date"):
            found[piece.occasion.id] = piece.occasion.name
    if chosen:
        found.setdefault(chosen, chosen)
    return sorted(found.items(), key=lambda one: one[1])
