"""What stands behind a department's score: its items, how each was judged, by which lines of the account."""

from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from app.console.board.scores import OUTCOMES, Frame, frame, mark
from app.console.paging import paging
from app.console.visit import NotFound, Visit
from duban import acts
from duban.assignment import Assignment
from duban.course import Line
from duban.score import Score, falls_in
from duban.verdict import Outcome, Verdict
from flows.scoring import verdicts
from state import items, scores
from state.database import Connection
from state.items import PAGE
from state.scope import Scope


@dataclass(frozen=True, slots=True)
class Told:
    """A line that was judged by: when, what, the date from then on where it changed, its letter."""

    day: date
    what: str
    due: date | None
    letter: int | None


@dataclass(frozen=True, slots=True)
class Row:
    verdict: Verdict
    now: Assignment
    lines: list[Told]


Judged = tuple[Verdict, list[Line]]


def show(visit: Visit) -> Response:
    """`?period=…`; `outcome=late`: only those."""
    department = visit.params["department"]
    scope = Scope(visit.office, frozenset([department]))
    with visit.site.database.reading() as connection:
        shown = frame(visit, connection)
        found = _judged(visit, connection, scope, shown)
        if not found and department not in {one.id for one in visit.desk.branch.departments}:
            raise NotFound("没有这个单位")
        wanted = _wanted(visit, found)
        turn = paging(visit, len(wanted))
        page = wanted[turn.start : turn.start + PAGE]
        known = items.by_rows(connection, scope, [one.item.row for one, _ in page])
        score = _score(connection, scope, shown)
    return visit.page(
        "board/scoreitems.html",
        frame=shown,
        department=department,
        called=visit.desk.called(department),
        score=score,
        light=score.lamp(visit.desk.book.common.scoring.lamps),
        outcome=_outcome(visit),
        outcomes=OUTCOMES,
        rows=[Row(one, known[one.item.row], _told(lines)) for one, lines in page],
        turn=turn,
        mark=mark,
    )


def _judged(visit: Visit, connection: Connection, scope: Scope, shown: Frame) -> list[Judged]:
    """By the same lines as what is stored, the oldest first."""
    chosen, standing = shown.period, shown.standing
    if standing is None:
        return []
    years = scores.item_years(connection, scope, chosen.first, chosen.last, chosen.phase)
    every = verdicts(connection, visit.desk, scope, years, standing.upto) if years else ()
    found = [
        (one, lines)
        for one, lines in every
        if one.day < standing.day and falls_in(one, chosen.first, chosen.last, chosen.phase)
    ]
    return sorted(found, key=lambda pair: (pair[0].day, pair[0].item.row))


def _wanted(visit: Visit, found: list[Judged]) -> list[Judged]:
    outcome = _outcome(visit)
    return [pair for pair in found if outcome in (None, pair[0].outcome)]


def _outcome(visit: Visit) -> Outcome | None:
    said = visit.query.get("outcome", "")
    return next((one for one in OUTCOMES if one.value == said), None)


def _score(connection: Connection, scope: Scope, shown: Frame) -> Score:
    """As it is stored."""
    chosen = shown.period
    found = scores.by_department(connection, scope, chosen.first, chosen.last, chosen.phase)
    return sum(found.values(), Score())


def _told(lines: list[Line]) -> list[Told]:
    return [
        Told(
            line.day,
            acts.label(line.act),
            (line.facts.extended or line.facts.due) if line.facts else None,
            line.letter,
        )
        for line in lines
    ]
