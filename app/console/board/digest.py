"""The link of a digest: what the letter said, beside how it stands today. For whoever has the letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from starlette.responses import Response

from app.console.bearer import come_in
from app.console.board.board import page_of, pages_of
from app.console.door import BROKEN_LINK
from app.console.visit import NotFound, Visit
from duban.assignment import Assignment
from duban.completion import State
from duban.desk import Desk
from duban.digest import Which
from duban.lamp import Lamp, lamp
from duban.letter import Kind
from duban.punctual import Rate
from state import digests, told
from state.items import PAGE
from state.told import Told


@dataclass(frozen=True, slots=True)
class Row:
    now: Assignment
    lamp: Lamp
    due: date
    """As the letter told it, like `days` (working days since) and `state`."""
    days: int
    state: State

    @property
    def late(self) -> bool:
        """Whether it was overdue when the letter was written."""
        return self.days > 0 and self.state.chased

    @property
    def moved(self) -> bool:
        """Whether another date holds now."""
        return self.now.target != self.due


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    items: int
    """In the whole digest."""
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate as the letter told it."""

    label: str
    """Of the digest."""
    first: date
    last: date
    rate: Rate


def show(visit: Visit) -> Response:
    bearer = come_in(visit)
    page = page_of(visit)
    with visit.site.database.reading() as connection:
        said = digests.of_letter(connection, bearer.letter)
        digest = told.digest(connection, bearer.letter)
        if digest is None and not said:
            raise NotFound(BROKEN_LINK)
        digest = digest or told.NOTHING
        found = told.items(connection, bearer.letter, digest, start=(page - 1) * PAGE)
    return visit.page(
        "board/digest.html",
        day=bearer.day,
        digest=digest,
        own=bearer.kind == Kind.ACCOUNT,
        figures=_figures(said, digest),
        groups=_groups(visit, found, digest.departments, bearer.day),
        page=page,
        pages=pages_of(digest.total),
    )


def _figures(said: Mapping[Which, Mapping[str, Any]], digest: told.Digest) -> list[Figure]:
    """Of an account only the rate of the department that it is about."""
    found = []
    for which, facts in said.items():
        pairs = (
            [facts["departments"].get(id) for id in digest.departments]
            if "departments" in facts
            else []
        )
        pair = [facts["due"], facts["kept"]] if "due" in facts else next(iter(pairs), None)
        if pair:
            days = date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"])
            found.append(Figure(which.label, *days, Rate(*pair)))
    return found


def _groups(visit: Visit, found: list[Told], sizes: dict[str, int], day: date) -> list[Group]:
    desk = visit.desk
    return [
        Group(desk.called(id), sizes[id], [_row(desk, one, day, visit.today) for one in some])
        for id, some in groupby(found, key=lambda one: one.now.asked.department)
    ]


def _row(desk: Desk, one: Told, day: date, today: date) -> Row:
    return Row(
        one.now,
        lamp(one.now, today, desk.workdays, desk.office.yellow),
        one.due,
        desk.workdays.between(one.due, day),
        one.state,
    )
