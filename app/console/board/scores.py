"""Scores (考核) by department, of a month, a quarter, a year, or a phase of a programme."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import quote

from starlette.responses import Response

from app.console.visit import Visit
from duban import period
from duban.lamp import Lamp
from duban.period import Period
from duban.score import Score, Term, terms
from duban.verdict import Outcome
from flows.scoring import stamp
from state import scores
from state.database import Connection
from state.scores import Standing

OUTCOMES = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class Row:
    """One department. `rank`: several may share one; None where nothing is counted."""

    id: str
    name: str
    score: Score
    lamp: Lamp
    rank: int | None
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What both pages of scores say: the period, which others there are, and from when it is."""

    period: Period
    choices: list[Period]
    phases: list[Period]
    standing: Standing | None
    stale: bool
    """Whether the rules are others by now."""

    @property
    def closed(self) -> bool:
        return self.standing is not None and self.period.closed(self.standing.day)

    @property
    def until(self) -> date:
        """The last day that is counted; before the period's first one where none of it is past."""
        day = self.standing.day if self.standing else self.period.first
        return min(self.period.last, day - timedelta(1))


def show(visit: Visit) -> Response:
    """`?period=2026-03`, `2026-Q1`, `2026`, or a phase's id; the present year without one."""
    with visit.site.database.reading() as connection:
        shown = frame(visit, connection)
        chosen = shown.period
        found = scores.by_department(
            connection, visit.scope, chosen.first, chosen.last, chosen.phase
        )
    return visit.page(
        "board/scores.html",
        frame=shown,
        rows=_rows(visit, found, chosen.id),
        whole=sum(found.values(), Score()),
        outcomes=OUTCOMES,
        rules=visit.desk.book.common.scoring,
        mark=mark,
    )


def frame(visit: Visit, connection: Connection) -> Frame:
    standings = scores.standings(connection, visit.office)
    months = scores.span(connection, visit.scope) or (visit.today, visit.today)
    known = [term for some in terms(visit.desk.branch.programmes).values() for term in some]
    now = stamp(visit.desk)
    return Frame(
        _chosen(visit, known, months),
        list(period.within(*months)),
        _phases(known, scores.phases(connection, visit.scope)),
        max(standings.values(), key=lambda one: one.day, default=None),
        any(one.stamp != now for one in standings.values()),
    )


def _chosen(visit: Visit, known: Iterable[Term], months: tuple[date, date]) -> Period:
    """What is no period is this year, or the last one that has a score."""
    said = period.read(visit.query.get("period", "")[:85], known)
    return said or period.year(min(visit.today.year, months[1].year))


def _phases(known: Iterable[Term], scored: Collection[str]) -> list[Period]:
    return [
        Period(one.id, one.name, one.first, one.last, one.id) for one in known if one.id in scored
    ]


def _rows(visit: Visit, found: dict[str, Score], chosen: str) -> list[Row]:
    """The best first; those without a score last."""
    lamps = visit.desk.book.common.scoring.lamps
    called = visit.desk.called
    ordered = sorted(found, key=lambda id: (-_tenths(found[id]), called(id)))
    rows, place = [], 1
    for tenths, some in groupby(ordered, key=lambda id: _tenths(found[id])):
        alike = list(some)
        for id in alike:
            href = f"/o/{visit.office}/scores/{quote(id, safe='')}?period={quote(chosen, safe='')}"
            rank = place if tenths >= 0 else None
            rows.append(Row(id, called(id), found[id], found[id].lamp(lamps), rank, href))
        place += len(alike)
    return rows


def _tenths(score: Score) -> int:
    """-1 where nothing is counted."""
    return -1 if score.tenths is None else score.tenths


def mark(score: Score) -> str:
    """`92.5`; a dash where nothing is counted."""
    return "—" if score.tenths is None else f"{score.tenths // 10}.{score.tenths % 10}"
