"""The board: lamps by department and activity, what is overdue, and how dates were kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.responses import Response

from app.console.board.chart import draw
from app.console.board.districts import District, districts
from app.console.lights import light
from app.console.visit import Visit
from duban.assignment import Assignment
from duban.desk import OFFICE
from duban.lamp import Lamp, late_by
from duban.punctual import Month, together
from duban.tally import LAMPS, Tally
from duban.tally import together as all_of
from state import board, items
from state.items import PAGE, Filter, Light
from state.punctual import by_month

ALL = "all"
"""Instead of a year."""
LATE = 20
"""Overdue items of one page."""


class Cell(NamedTuple):
    """A number of items, and where they are; no address where there are none."""

    lamp: str
    label: str
    number: int
    href: str


class Row(NamedTuple):
    """One line of a table of lamps."""

    name: str
    cells: tuple[Cell, ...]
    total: int
    href: str


@dataclass(frozen=True, slots=True)
class Late:
    """One overdue item and its age in working days."""

    item: Assignment
    days: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the database knows."""

    years: dict[int, Tally]
    year: int | None
    departments: dict[str, Tally]
    activities: dict[str, tuple[str, Tally]]
    late: list[Assignment]
    months: list[Month]


def show(visit: Visit) -> Response:
    """`?year=2026` or `all`; `page` of the overdue list; `full=1`: every line of both tables."""
    page, full = page_of(visit), "full" in visit.query
    found = _find(visit, light(visit.desk, visit.today), page)
    whole = all_of(found.departments.values())
    return visit.page(
        "board/board.html",
        **_tables(visit, found, full),
        lamps=LAMPS,
        whole=whole,
        year=found.year,
        years=found.years,
        late=[Late(one, late_by(one, visit.today, visit.desk.workdays)) for one in found.late],
        elsewhere=_elsewhere(found, whole),
        page=page,
        pages=pages_of(whole.of(Lamp.RED), LATE),
        months=found.months,
        rate=together(found.months),
        chart=draw(found.months),
        districts=[_district(one, found.year) for one in districts(visit, found.year)],
        base=_base(visit, found.year),
        full=full,
    )


def page_of(visit: Visit) -> int:
    """Which page is asked for, from 1; what is no number is the first."""
    said = visit.query.get("page", "")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else 1


def pages_of(rows: int, each: int = PAGE) -> int:
    return max(1, -(-rows // each))


def _find(visit: Visit, light: Light, page: int) -> Found:
    scope, office = visit.scope, visit.desk.office
    with visit.site.database.reading() as connection:
        parts = board.parts(connection, scope, light)
        years = board.by_year(parts)
        year = _year(visit, years, visit.today)
        return Found(
            years,
            year,
            board.by_department(connection, scope, light, year),
            board.by_activity(parts, year),
            items.some(
                connection,
                scope,
                Filter(lamp=Lamp.RED, year=year),
                light,
                start=(page - 1) * LATE,
                most=LATE,
            ),
            by_month(connection, [office.id], visit.today)[office.id],
        )


def _year(visit: Visit, years: Iterable[int], today: date) -> int | None:
    """The one that is asked for; this year where none is, or one that has nothing."""
    said = visit.query.get("year", "")
    if said == ALL:
        return None
    chosen = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else today.year
    return chosen if chosen in years else today.year


def _tables(visit: Visit, found: Found, full: bool) -> dict[str, Any]:
    """Both tables, the worst first, and how many lines of each are left out; what the office itself has to
    find out stands on a line of its own."""
    base, called = _base(visit, found.year), visit.desk.called
    departments = [
        (id, called(id), tally) for id, tally in found.departments.items() if id != OFFICE
    ]
    activities = [(id, name or id, tally) for id, (name, tally) in found.activities.items()]
    own = found.departments.get(OFFICE)
    return {
        "own": [_row(f"{base}department=", OFFICE, "", own)] if own else [],
        **_table("departments", f"{base}department=", departments, full),
        **_table("activities", f"{base}activity=", activities, full),
    }


def _table(name: str, base: str, rows: list[tuple[str, str, Tally]], full: bool) -> dict[str, Any]:
    rows.sort(key=lambda row: (*row[2].worst, row[1]))
    shown = rows if full else rows[:PAGE]
    return {name: [_row(base, *row) for row in shown], f"more_{name}": len(rows) - len(shown)}


def _row(base: str, id: str, name: str, tally: Tally) -> Row:
    href = f"{base}{quote(id, safe='')}"
    return Row(name, _cells(f"{href}&", tally), tally.total, href)


def _cells(base: str, tally: Tally) -> tuple[Cell, ...]:
    """`base`: where the rows of all lamps are; empty: nowhere."""
    counts = tally.counts
    return tuple(
        Cell(value, label, counts[lamp], f"{base}lamp={value}" if base else "")
        if lamp in counts
        else none
        for lamp, value, label, none in _LAMPS
    )


_LAMPS = [(one, one.value, one.label, Cell(one.value, one.label, 0, "")) for one in LAMPS]
"""Each with its words, and the cell of none."""


def _district(one: District, year: int | None) -> tuple[District, Row]:
    """Its numbers lead nowhere for those who may not enter it."""
    base = f"/o/{one.office.id}/items?{f'year={year}&' if year else ''}"
    cells = _cells(base if one.enters else "", one.tally)
    return one, Row(one.office.short, cells, one.tally.total, "")


def _elsewhere(found: Found, whole: Tally) -> int:
    """Overdue items of other years than the one that is shown."""
    return all_of(found.years.values()).of(Lamp.RED) - whole.of(Lamp.RED)


def _base(visit: Visit, year: int | None) -> str:
    """Where the rows behind a number are; more is added to it."""
    only = f"year={year}&" if year else ""
    return f"/o/{visit.office}/items?{only}"
