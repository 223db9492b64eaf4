"""Scores as rows, and the lines of the account that they are made from.

They are stored by the years of the items: an office's years change at different times, and what a month or
phase has of each year is added up by whoever asks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from duban.score import Part, Score
from state.bulk import write_many
from state.scope import Scope, within
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

_SUMS = tuple(func.sum(score.c[name]).label(name) for name in COUNTS)


def by_department(
    connection: Connection, scope: Scope, first: date, last: date, phase: str = ""
) -> dict[str, Score]:
    """By id: of the months that begin on these days, or of a programme's phase."""
    c = score.c
    query = select(c.department, *_SUMS).where(c.department != "").group_by(c.department)
    rows = connection.execute(within(_chosen(query, first, last, phase), score, scope))
    return {row.department: _score(row) for row in rows}


def by_month(
    connection: Connection, offices: Collection[str], firsts: Collection[date]
) -> dict[tuple[str, date], Score]:
    """By office and first day of a month: of all departments together."""
    c = score.c
    query = (
        select(c.office, c.first, *_SUMS)
        .where(c.office.in_(sorted(offices)), c.department == "", c.phase == "")
        .where(c.first.in_(sorted(firsts)))
        .group_by(c.office, c.first)
    )
    return {(row.office, row.first): _score(row) for row in connection.execute(query)}


def item_years(
    connection: Connection, scope: Scope, first: date, last: date, phase: str = ""
) -> set[int]:
    """Whose items make up these scores."""
    query = select(score.c.year).distinct()
    return set(connection.scalars(within(_chosen(query, first, last, phase), score, scope)))


def _chosen(query: Select[Any], first: date, last: date, phase: str) -> Select[Any]:
    query = query.where(score.c.phase == phase)
    return query if phase else query.where(score.c.first.between(first, last))


def span(connection: Connection, scope: Scope) -> tuple[date, date] | None:
    """The first and the last month that has a score; None where none has."""
    query = select(func.min(score.c.first), func.max(score.c.first)).where(score.c.phase == "")
    first, last = connection.execute(within(query, score, scope)).one()
    return (first, last) if first else None


def phases(connection: Connection, scope: Scope) -> set[str]:
    """Those that have a score."""
    query = select(score.c.phase).where(score.c.phase != "").distinct()
    return set(connection.scalars(within(query, score, scope)))
