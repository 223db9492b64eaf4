"""What a city asks of its districts: how far they are, and what a district is asked itself."""

from collections.abc import Callable
from typing import Any, NamedTuple

from starlette.responses import Response

from app.console.paging import paging
from app.console.visit import Visit
from duban.cascade import inner_due
from duban.demanded import Count, Demanded, Part, counted, demanded
from duban.desk import Desk
from state import cascade
from state.items import PAGE
from state.scope import Scope


class Cell(NamedTuple):
    """A number of demands, and where they are."""

    part: str
    label: str
    number: int
    href: str


class Row(NamedTuple):
    name: str
    every: int
    href: str
    cells: list[Cell]


def show(visit: Visit) -> Response:
    """`?year=2026`; `district`, `activity` and `part` narrow the list."""
    year = _year(visit)
    below, above = _below(visit, year), _above(visit, year)
    wanted = {key: visit.query.get(key, "")[:90] for key in ("district", "activity", "part")}
    chosen = [one for one in below if _meant(one, wanted)]
    turn = paging(visit, len(chosen))
    return visit.page(
        "board/cascade.html",
        year=year,
        years=_years(visit, year),
        parts=list(Part),
        districts=_rows(visit, below, year, "district", lambda one: one.office),
        activities=_rows(visit, below, year, "activity", lambda one: one.item.asked.activity),
        wanted=wanted,
        words=_words(visit, wanted, below),
        rows=chosen[turn.start : turn.start + PAGE],
        turn=turn,
        called=lambda one: visit.desk.called(one.item.asked.department),
        enters=visit.account.enters,
        above=above,
        inner=_inner(visit),
        Part=Part,
    )


def _year(visit: Visit) -> int:
    said = visit.query.get("year", "")
    whole = said.isascii() and said.isdigit() and len(said) == 4
    return int(said) if whole else visit.today.year


def _years(visit: Visit, chosen: int) -> list[int]:
    found = {piece.occasion.year for piece in visit.agenda.pieces.values()}
    return sorted(found | {chosen, visit.today.year})


def _below(visit: Visit, year: int) -> list[Demanded]:
    """What this office asks of those below it."""
    if not visit.desk.below:
        return []
    return _found(visit, visit.desk, {one.office for one in visit.desk.branch.departments}, year)


def _above(visit: Visit, year: int) -> list[Demanded]:
    """What the office above asks of this one; nothing else of that office is looked at."""
    desk = visit.desk
    if desk.above is None or desk.office.id not in desk.above.below:
        return []
    return _found(visit, desk.above, {desk.office.id}, year)


def _found(visit: Visit, city: Desk, offices: set[str | None], year: int) -> list[Demanded]:
    linked = {one.id: one.office for one in city.branch.departments if one.office}
    chosen = {id: office for id, office in linked.items() if office in offices}
    with visit.site.database.reading() as connection:
        scope = Scope(city.office.id, frozenset(chosen))
        items = cascade.asked_of(connection, scope, year)
        own = cascade.progress(connection, set(chosen.values()), visit.today, year)
    return demanded(city, items, own, visit.today)


def _meant(one: Demanded, wanted: dict[str, str]) -> bool:
    return (
        wanted["district"] in ("", one.office)
        and wanted["activity"] in ("", one.item.asked.activity)
        and (wanted["part"] == "" or wanted["part"] in one.parts)
    )


def _rows(
    visit: Visit, found: list[Demanded], year: int, key: str, by: Callable[[Demanded], str]
) -> list[Row]:
    names = {
        by(one): visit.desk.called(one.item.asked.department)
        if key == "district"
        else one.item.asked.name
        for one in found
    }
    base = f"?year={year}&{key}="
    return [_row(names[id], f"{base}{id}", count) for id, count in counted(found, by).items()]


def _row(name: str, href: str, count: Count) -> Row:
    cells = [
        Cell(part.value, part.label, count.parts[part], f"{href}&part={part.value}#rows")
        for part in Part
    ]
    return Row(name, count.every, f"{href}#rows", cells)


def _words(visit: Visit, wanted: dict[str, str], found: list[Demanded]) -> str:
    """What the list is narrowed to, in words."""
    said = []
    for one in found:
        if wanted["district"] == one.office:
            said.append(visit.desk.called(one.item.asked.department))
        if wanted["activity"] == one.item.asked.activity:
            said.append(one.item.asked.name)
    said += [part.label for part in Part if part.value == wanted["part"]]
    return "，".join(dict.fromkeys(said))


def _inner(visit: Visit) -> dict[str, Any]:
    """By the city's item: by when this office's own departments have to be done."""
    return {one.asked.key: inner_due(visit.desk, one) for one in visit.agenda.demands}
