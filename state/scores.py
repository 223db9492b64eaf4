"""Scores as rows, and the lines of the account that they are made from.

They are stored by the years of the items: an office's years change at different times, and what a month or
phase has of each year is added up by whoever asks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from duban.score import Part, Score
from state.bulk import write_many
from state.scope import Scope, narrowed
from state.tables import assignment, event, score, scored

COUNTS = ("kept", "late", "missing", "omitted", "weight", "points")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the scores of an office's year were made from."""

    year: int
    day: date
    """What was due before it is counted."""
    upto: int
    """The last event that was looked at."""
    next_on: date | None
    """The first day that has something not counted yet."""
    stamp: str
    """Of the rules and days that were applied."""
    at: datetime


def standings(connection: Connection, office: str) -> dict[int, Standing]:
    """By year."""
    rows = connection.execute(select(scored).where(scored.c.office == office))
    return {row.year: _standing(row) for row in rows}


def _standing(row: Any) -> Standing:
    return Standing(row.year, row.day, row.upto, row.next_on, row.stamp, row.at)


def last_scored(connection: Connection) -> datetime | None:
    """When any office was; None before the first time."""
    found: datetime | None = connection.scalar(select(func.max(scored.c.at)))
    return found


def newest_event(connection: Connection, office: str) -> int:
    """0 where there is none."""
    return connection.scalar(select(func.max(event.c.id)).where(event.c.office == office)) or 0


def years(connection: Connection, office: str) -> set[int]:
    """Of its items."""
    query = select(assignment.c.year).where(assignment.c.office == office).distinct()
    return set(connection.scalars(query))


def touched(connection: Connection, office: str, after: int) -> set[int]:
    """Years of the items about which something was written after that event."""
    query = (
        select(assignment.c.year)
        .join(event, event.c.assignment_id == assignment.c.id)
        .where(event.c.office == office, event.c.id > after)
        .distinct()
    )
    return set(connection.scalars(query))


def put(
    connection: Connection, office: str, standing: Standing, scores: Mapping[Part, Score]
) -> None:
    """In the place of what is stored of that year."""
    for table in (score, scored):
        mine = (table.c.office == office, table.c.year == standing.year)
        connection.execute(delete(table).where(*mine))
    connection.execute(
        insert(scored).values(
            office=office,
            year=standing.year,
            day=standing.day,
            upto=standing.upto,
            next_on=standing.next_on,
            stamp=standing.stamp,
            at=standing.at,
        )
    )
    rows = [_row(office, standing.year, part, one) for part, one in scores.items()]
    write_many(connection, _SCORE, rows)


_SCORE = insert(score)


def _row(office: str, year: int, part: Part, one: Score) -> dict[str, Any]:
    key = {
        "office": office,
        "department": part.department,
        "phase": part.phase,
        "first": part.first,
        "year": year,
    }
    return {**key, **{name: getattr(one, name) for name in COUNTS}}


def keep(connection: Connection, office: str, day: date, upto: int, at: datetime) -> None:
    """What is stored holds on that day as well."""
    values = {"day": day, "upto": upto, "at": at}
    connection.execute(update(scored).where(scored.c.office == office).values(values))


def stored(connection: Connection, office: str, year: int) -> dict[Part, Score]:
    """All of one year of items."""
    query = select(score).where(score.c.office == office, score.c.year == year)
    return {
        Part(row.department, row.first, row.phase): _score(row) for row in connection.execute(query)
    }


def _score(row: Any) -> Score:
    return Score(*(int(getattr(row, name)) for name in COUNTS))


# --- sums for pages ---


def by_department(
    connection: Connection, scope: Scope, first: date, last: date, phase: str = ""
) -> dict[str, Score]:
    """By id: of the months that begin on these days, or of a programme's phase."""
    asked = {**scope.values, "first": first, "last": last, "phase": phase}
    statement = _OF_PHASE if phase else _OF_MONTHS
    rows = connection.execute(statement[scope.few], asked)
    return {row.department: _score(row) for row in rows}


def by_month(
    connection: Connection, offices: Collection[str], first: date, last: date
) -> dict[tuple[str, date], Score]:
    """By office and first day of a month: of all departments together."""
    asked = {"offices": sorted(offices), "first": first, "last": last}
    return {(row.office, row.first): _score(row) for row in connection.execute(_MONTHS, asked)}


def item_years(
    connection: Connection, scope: Scope, first: date, last: date, phase: str = ""
) -> set[int]:
    """Years of the items that make up these scores."""
    asked = {**scope.values, "first": first, "last": last, "phase": phase}
    statement = _YEARS_OF_PHASE if phase else _YEARS
    return set(connection.scalars(statement[scope.few], asked))


def span(connection: Connection, scope: Scope) -> tuple[date, date] | None:
    """The first and the last month that has a score; None where none has."""
    first, last = connection.execute(_SPAN[scope.few], scope.values).one()
    return (first, last) if first else None


def phases(connection: Connection, scope: Scope) -> set[str]:
    """Those that have a score."""
    return set(connection.scalars(_PHASES[scope.few], scope.values))


_SUMS = tuple(func.sum(score.c[name]).label(name) for name in COUNTS)
_EACH = (
    select(score.c.department, *_SUMS)
    .where(score.c.department != "", score.c.phase == bindparam("phase"))
    .group_by(score.c.department)
)
_BETWEEN = score.c.first.between(bindparam("first"), bindparam("last"))
_OF_PHASE = {few: narrowed(_EACH, score, few) for few in (False, True)}
_OF_MONTHS = {few: narrowed(_EACH.where(_BETWEEN), score, few) for few in (False, True)}
_MONTHS = (
    select(score.c.office, score.c.first, *_SUMS)
    .where(score.c.office.in_(bindparam("offices", expanding=True)), score.c.department == "")
    .where(score.c.phase == "", _BETWEEN)
    .group_by(score.c.office, score.c.first)
)
_FIRSTS = select(func.min(score.c.first), func.max(score.c.first)).where(score.c.phase == "")
_SPAN = {few: narrowed(_FIRSTS, score, few) for few in (False, True)}
_SEEN = select(score.c.phase).where(score.c.phase != "").distinct()
_PHASES = {few: narrowed(_SEEN, score, few) for few in (False, True)}
_YEAR = select(score.c.year).where(score.c.phase == bindparam("phase")).distinct()
_YEARS_OF_PHASE = {few: narrowed(_YEAR, score, few) for few in (False, True)}
_YEARS = {few: narrowed(_YEAR.where(_BETWEEN), score, few) for few in (False, True)}
