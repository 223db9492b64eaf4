"""The year: what falls due in which month, and how far each activity has come."""

from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from app.console.lights import light
from app.console.visit import Visit
from duban.agenda import Piece
from duban.lamp import Lamp
from duban.tally import LAMPS, Tally
from duban.yearview.months import LEVELS
from state import yearly
from state.yearly import Progress

BEFORE, AFTER = 0, 13
"""Columns of what falls due in other years than its own."""


@dataclass(frozen=True, slots=True)
class Cell:
    tally: Tally

    @property
    def level(self) -> int:
        """0: nothing is due, up to the number of LEVELS."""
        return sum(self.tally.total >= least for least in LEVELS)


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
        if 1 <= column <= 12 or any(row.cells[column].tally.total for row in rows)
    ]
    return visit.page(
        "desk/year.html",
        year=year,
        years=years,
        rows=rows,
        dated=[row for row in rows if row.progress.months],
        columns=columns,
        lamps=LAMPS,
        Lamp=Lamp,
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
    cells = [Tally() for _ in range(AFTER + 1)]
    for (in_year, month), tally in progress.months.items():
        column = month if in_year == year else BEFORE if in_year < year else AFTER
        for lamp, number in tally.counts.items():
            cells[column].add(lamp, number)
    name = piece.occasion.name if piece else progress.name
    return Row(id, name, piece, progress, tuple(map(Cell, cells)))


def _when(row: Row) -> tuple[bool, date, str]:
    span = row.piece and (row.piece.occasion.span or row.piece.expected)
    return span is None, span.start if span else date.max, row.name
