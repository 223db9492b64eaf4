"""Scoring: what the account says of how departments kept their dates, stored for those who look.

It may run twice, late, or on two machines: what is stored of an office's year is made anew whenever lines
were written about its items, a day passed that something was due on, or the rules changed.
"""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from duban.course import Line
from duban.desk import Desk
from duban.score import Part, Score, tally, terms
from duban.verdict import Verdict, judge
from flows.engine import flow
from flows.premises import Site, current, today
from state import scores, turns
from state.courses import courses
from state.database import Connection
from state.scope import Scope
from state.scores import Standing

log = structlog.get_logger()


@dataclass(slots=True)
class Scored:
    """One run."""

    at: datetime
    offices: int = 0
    years: int = 0
    """Years of offices that were made anew."""
    faults: list[str] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, Any]:
        """For the log."""
        return {"offices": self.offices, "years": self.years, "faults": self.faults}


@flow(name="score")
async def score(at: datetime | None = None, *, part: str = "") -> Scored:
    """Score every office at `at` (an aware instant; default: now), or those of a part, such as `2/8`.

    Raises NoPart.
    """
    site = current()
    return await asyncio.to_thread(run, site, at or site.now(), part=part)


def run(site: Site, at: datetime, only: str | None = None, *, part: str = "") -> Scored:
    """`only`: this office. One that fails leaves the others alone. Raises NoPart."""
    done = Scored(at)
    for office in site.desks().part(part) if only is None else [only]:
        done.offices += 1
        try:
            done.years += score_office(site, site.desk(office)[0], at)
        except Exception:
            log.exception("not scored", office=office)
            done.faults.append(office)
    return done


def score_office(site: Site, desk: Desk, at: datetime) -> int:
    """How many years of its items were made anew."""
    office, day = desk.office.id, today(desk.office, at)
    with site.database.writing() as connection:
        turns.take(connection, [office])
        known = scores.standings(connection, office)
        upto = scores.newest_event(connection, office)
        stale = _stale(connection, desk, known, day)
        for year in sorted(stale):
            standing, found = make(connection, desk, year, day, upto, at)
            scores.put(connection, office, standing, found)
        if stale or any(one.day != day or one.upto != upto for one in known.values()):
            scores.keep(connection, office, day, upto, at)
    return len(stale)


def _stale(connection: Connection, desk: Desk, known: dict[int, Standing], day: date) -> set[int]:
    """Years whose scores are not what they would be if they were made now."""
    office, mark = desk.office.id, stamp(desk)
    changed = {one.year for one in known.values() if one.stamp != mark or _passed(one, day)}
    after = min((one.upto for one in known.values()), default=0)
    new = scores.years(connection, office) - known.keys()
    return changed | new | scores.touched(connection, office, after)


def _passed(one: Standing, day: date) -> bool:
    return day < one.day or (one.next_on is not None and one.next_on < day)


def stamp(desk: Desk) -> str:
    """Another one when the rules, the working days, or the programmes' phases are others."""
    common = desk.book.common
    parts = [common.scoring, *common.workdays]
    parts += [phase for one in desk.branch.programmes for phase in one.phases]
    names = [one.id for one in desk.branch.programmes]
    said = "\n".join([desk.office.zone, *names, *(part.model_dump_json() for part in parts)])
    return sha256(said.encode()).hexdigest()[:16]


def make(
    connection: Connection, desk: Desk, year: int, day: date, upto: int, at: datetime
) -> tuple[Standing, dict[Part, Score]]:
    """The scores of what was due before `day`, of one year's items, by the events up to `upto`."""
    found = [one for one, _ in verdicts(connection, desk, Scope(desk.office.id), [year], upto)]
    past = (one for one in found if one.day < day)
    next_on = min((one.day for one in found if one.day >= day), default=None)
    standing = Standing(year, day, upto, next_on, stamp(desk), at)
    return standing, tally(past, terms(desk.branch.programmes))


def verdicts(
    connection: Connection, desk: Desk, scope: Scope, years: Collection[int], upto: int
) -> Iterator[tuple[Verdict, list[Line]]]:
    """Of all items that are scored once their day is past, also where it is not, with their lines."""
    rules, zone = desk.book.common.scoring, ZoneInfo(desk.office.zone)
    for item, lines in courses(connection, scope, years, upto, zone):
        if verdict := judge(item, lines, rules, desk.workdays):
            yield verdict, lines


# --- verifying ---


@dataclass(frozen=True, slots=True)
class Checked:
    """What is stored of an office, against what its events say."""

    parts: int = 0
    wrong: tuple[tuple[int, Part, Score, Score], ...] = ()
    """Year, part, as stored, as recomputed."""
    outdated: tuple[int, ...] = ()
    """Years that were scored by other rules than those that are applied."""


def verify(site: Site, desk: Desk) -> Checked:
    """Made anew from the same events as what is stored, as it was then, and compared."""
    office, mark = desk.office.id, stamp(desk)
    parts, wrong, outdated = 0, [], []
    with site.database.reading() as connection:
        for year, one in scores.standings(connection, office).items():
            if one.stamp != mark:
                outdated.append(year)
                continue
            _, anew = make(connection, desk, year, one.day, one.upto, one.at)
            known = scores.stored(connection, office, year)
            parts += len(anew)
            wrong += [
                (year, part, known.get(part, Score()), anew.get(part, Score()))
                for part in sorted(known.keys() | anew, key=_order)
                if known.get(part) != anew.get(part)
            ]
    return Checked(parts, tuple(wrong), tuple(outdated))


def _order(part: Part) -> tuple[str, date, str]:
    return part.phase, part.first, part.department
