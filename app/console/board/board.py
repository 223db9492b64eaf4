"""The board: lamps by department and activity, what is overdue, and how dates were kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from app.console.board.chart import draw
from app.console.board.districts import districts
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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of lamps."""

    id: str
    name: str
    tally: Tally


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
        own=found.departments.get(OFFICE),
        OFFICE=OFFICE,
        lamps=LAMPS,
        whole=whole,
        year=found.year,
        years=found.years,
        late=[Late(one, late_by(one, visit.today, visit.desk.workdays)) for one in found.late],
        elsewhere=_elsewhere(found, whole),
        page=page,
        pages=pages_of(whole.of(Lamp.RED)),
        first=(page - 1) * PAGE + 1,
        months=found.months,
        rate=together(found.months),
        chart=draw(found.months),
        districts=districts(visit, found.year),
        base=_base(visit, found.year),
        full=full,
    )


def page_of(visit: Visit) -> int:
    """Which page is asked for, from 1; what is no number is the first."""
    said = visit.query.get("page", "")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else 1


def pages_of(rows: int) -> int:
    return max(1, -(-rows // PAGE))


def _find(visit: Visit, light: Light, page: int) -> Found:
    scope, office = visit.scope, visit.desk.office
    with visit.site.database.reading() as connection:
        years = board.by_year(connection, scope, light)
        year = _year(visit, years, visit.today)
        return Found(
            years,
            year,
            board.by_department(connection, scope, light, year),
            board.by_activity(connection, scope, light, year),
            items.some(
                connection,
                scope,
                Filter(lamp=Lamp.RED, year=year),
                light,
                start=(page - 1) * PAGE,
            ),
            by_month(connection, [office.id], visit.today, ZoneInfo(office.zone))[office.id],
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
    departments = [
        Row(id, visit.desk.called(id), tally)
        for id, tally in found.departments.items()
        if id != OFFICE
    ]
    activities = [Row(id, name or id, tally) for id, (name, tally) in found.activities.items()]
    tables: dict[str, Any] = {}
    for name, rows in (("departments", departments), ("activities", activities)):
        rows.sort(key=lambda row: (*row.tally.worst, row.name))
        tables[name] = rows if full else rows[:PAGE]
        tables[f"more_{name}"] = len(rows) - len(tables[name])
    return tables


def _elsewhere(found: Found, whole: Tally) -> int:
    """Overdue items of other years than the one that is shown."""
    return all_of(found.years.values()).of(Lamp.RED) - whole.of(Lamp.RED)


def _base(visit: Visit, year: int | None) -> str:
    """Where the rows behind a number are; more is added to it."""
    only = f"year={year}&" if year else ""
    return f"/o/{visit.office}/items?{only}"
