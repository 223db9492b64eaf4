"""The year: what falls due in which month, and how far each activity has come."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from starlette.responses import Response

from app.console.lights import light
from app.console.visit import Visit
from duban.lamp import Lamp
from duban.piece import Piece
from duban.tally import LAMPS, Tally, together
from duban.yearview.months import LEVELS
from state import yearly
from state.yearly import Progress

BEFORE, AFTER = 0, 13
"""Columns of what falls due in other years than its own."""


class Cell(NamedTuple):
    level: int
    """0: nothing is due, up to the number of LEVELS."""
    due: int
    late: int


@dataclass(frozen=True, slots=True)
class Row:
    """One activity or task of the year."""

    id: str
    name: str
    piece: Piece | None
    """None for what the calendar has dropped."""
    progress: Progress
    cells: tuple[Cell, ...]
    """By column: the year before, twelve months, the year after."""


def show(visit: Visit) -> Response:
    with visit.site.database.reading() as connection:
        years = yearly.years(connection, visit.scope)
        year = asked_year(visit, years)
        found = yearly.progress(connection, visit.scope, light(visit.desk, visit.today), year)
    rows = _rows(visit, year, found)
    columns = [
        column
        for column in range(BEFORE, AFTER + 1)
        if 1 <= column <= 12 or any(row.cells[column].due for row in rows)
    ]
    return visit.page(
        "desk/year.html",
        year=year,
        years=years,
        rows=rows,
        dated=[(row, [row.cells[c] for c in columns]) for row in rows if row.progress.months],
        columns=columns,
        shown=[(lamp, lamp.value, lamp.label) for lamp in LAMPS],
        this_month=visit.today.month if visit.today.year == year else None,
        items=sum(row.progress.items for row in rows),
        done=sum(row.progress.done for row in rows),
    )


def asked_year(visit: Visit, years: list[int]) -> int:
    """This year where none is asked for, or one that has nothing."""
    said = visit.query.get("year", "")
    chosen = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else 0
    return chosen if chosen in years else visit.today.year


def _rows(visit: Visit, year: int, found: dict[str, Progress]) -> list[Row]:
    """In the order of their days; those whose days are not known by when they usually fall, at the end."""
    known = {
        piece.occasion.id: piece
        for piece in visit.agenda.pieces.values()
        if piece.occasion.year == year and not piece.occasion.id.endswith(".date")
    }
    rows = [
        _row(year, id, known.get(id), found.get(id) or Progress(id))
        for id in {**known, **found}
        if id in found or known[id].occasion.span is None
    ]
    return sorted(rows, key=_when)


def _row(year: int, id: str, piece: Piece | None, progress: Progress) -> Row:
    columns: dict[int, list[Tally]] = {}
    for (in_year, month), tally in progress.months.items():
        column = month if in_year == year else BEFORE if in_year < year else AFTER
        columns.setdefault(column, []).append(tally)
    cells = [_EMPTY] * (AFTER + 1)
    for column, some in columns.items():
        cells[column] = _cell(some[0] if len(some) == 1 else together(some))
    name = piece.occasion.name if piece else progress.name
    return Row(id, name, piece, progress, tuple(cells))


def _cell(tally: Tally) -> Cell:
    return Cell(bisect_right(LEVELS, tally.total), tally.total, tally.of(Lamp.RED))


_EMPTY = Cell(0, 0, 0)


def _when(row: Row) -> tuple[bool, date, str]:
    span = row.piece and (row.piece.occasion.span or row.piece.expected)
    return span is None, span.start if span else date.max, row.name
