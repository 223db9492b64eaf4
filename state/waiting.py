"""Which offices have something to be done now: a few questions about all of them, so that the others need
not be looked at one by one. Each may name an office too many, never one too few."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Select,
    String,
    exists,
    literal_column,
    or_,
    select,
)

from duban.cascade import ADOPT
from duban.completion import CHASED, State
from duban.desk import OFFICE as OWN
from duban.step import Answer
from state.given import as_rows, given
from state.receipts import UNTOLD_LEADS, UNTOLD_OWN
from state.standing import Standing
from state.tables import assignment, delivery, digest, event, failure_told, letter
from state.words import word, words

OFFICE, PERIOD = String(40), String(85)


def due(connection: Connection, days: Mapping[str, date]) -> set[str]:
    """Those with an assignment whose next stage falls on their day or before. `days`: by office."""
    rows = given(connection, office=OFFICE, day=Date())
    c = assignment.c
    some = exists().where(c.office == rows.c.office, c.next_on <= rows.c.day)
    said = ({"office": office, "day": day.isoformat()} for office, day in days.items())
    return _ask(connection, select(rows.c.office).where(some), said)


def unsettled(connection: Connection, owed: Iterable[tuple[str, str]]) -> set[str]:
    """Those of which a digest is owed and not said yet. `owed`: office and period of each."""
    rows = given(connection, office=OFFICE, period=PERIOD)
    said = exists().where(digest.c.office == rows.c.office, digest.c.period == rows.c.period)
    pairs = ({"office": office, "period": period} for office, period in owed)
    return _ask(connection, select(rows.c.office).where(~said), pairs)


def failed(connection: Connection, offices: Collection[str], since: date) -> set[str]:
    """Those of which letters from that day on failed, and no letter told them."""
    query = (
        select(delivery.c.office)
        .join(letter, letter.c.id == delivery.c.letter_id)
        .where(
            delivery.c.state == word(Standing.FAILED),
            letter.c.day >= since,
            ~exists().where(failure_told.c.letter_id == delivery.c.letter_id),
        )
        .distinct()
    )
    return set(connection.scalars(query)).intersection(offices)


def deeds(connection: Connection, offices: Iterable[str], since: datetime) -> set[str]:
    """Those where something was done since then of which a contact has to be told (state.receipts)."""
    rows = given(connection, office=OFFICE)
    done = (
        exists()
        .select_from(event.join(assignment, assignment.c.id == event.c.assignment_id))
        .where(event.c.office == rows.c.office, event.c.at >= since)
    )
    some = or_(done.where(*UNTOLD_OWN), done.where(*UNTOLD_LEADS))
    said = ({"office": office} for office in offices)
    return _ask(connection, select(rows.c.office).where(some), said)


# --- what a district does for its city ---


@dataclass(frozen=True, slots=True)
class Link:
    """An office that is a department of the one above it."""

    office: str
    above: str
    department: str
    names: tuple[tuple[str, str], ...] = ()
    """Ids by which it does what the office above asks by another id: its own, and the other's."""


def rolling(connection: Connection, links: Collection[Link]) -> set[str]:
    """Those that seem to have done all of what the office above waits for, or that are still asked for what
    it has closed."""
    plain = [_row(one) for one in links]
    named = [_row(one, own, asked) for one in links for own, asked in one.names]
    wanted = _links(connection)
    c, above = assignment.c, _ABOVE.c
    same = c.activity.in_([above.activity, above.activity + ADOPT])
    other = (above.activity == wanted.c.asked) & (c.activity == wanted.c.own)
    return (
        _ask(connection, _done(wanted, same), plain)
        | _ask(connection, _done(wanted, other), named)
        | _ask(connection, _closed(wanted), plain)
    )


_ABOVE, _OTHER = assignment.alias("above"), assignment.alias("other")
_OPEN = [state for state in State if state.open]


def _links(connection: Connection) -> FromClause:
    return given(
        connection,
        office=OFFICE,
        above=OFFICE,
        department=OFFICE,
        own=String(90),
        asked=String(90),
    )


def _row(one: Link, own: str = "", asked: str = "") -> dict[str, str]:
    return {
        "office": one.office,
        "above": one.above,
        "department": one.department,
        "own": own,
        "asked": asked,
    }


def _asked_above(wanted: FromClause, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Looked up link by link: the offset keeps PostgreSQL, which takes them for a hundred, from joining."""
    above = _ABOVE.c
    asked = (
        select(above.id)
        .where(above.office == wanted.c.above, above.department == wanted.c.department)
        .where(*conditions)
        .offset(literal_column("0"))
        .correlate(wanted)
    )
    return select(wanted.c.office).where(asked.exists())


def _done(wanted: FromClause, by: ColumnElement[bool]) -> Select[Any]:
    """Something that `by` the office above still waits for was completed, and nothing of it is open."""
    c, above, other = assignment.c, _ABOVE.c, _OTHER.c
    still = (
        exists()
        .where(other.office == c.office, other.year == c.year, other.activity == c.activity)
        .where(other.step == c.step, other.answer == c.answer, other.state.in_(words(_OPEN)))
    )
    whole = (
        select(c.id)
        .where(c.office == wanted.c.office, c.year == above.year, c.step == above.step, by)
        .where(c.answer == word(Answer.REPORT), c.state == word(State.COMPLETED), ~still)
        .offset(literal_column("0"))
        .correlate(wanted, _ABOVE)
    )
    waits = above.state.in_(words(CHASED)) & (above.answer == word(Answer.REPORT))
    return _asked_above(wanted, waits, whole.exists())


def _closed(wanted: FromClause) -> Select[Any]:
    c, above = assignment.c, _ABOVE.c
    still = (
        select(c.id)
        .where(c.office == wanted.c.office, c.department == literal_column(f"'{OWN}'"))
        .where(c.year == above.year, c.step == above.step, c.activity == above.activity + ADOPT)
        .where(c.state.in_(words(_OPEN)))
        .offset(literal_column("0"))
        .correlate(wanted, _ABOVE)
    )
    closed = above.state.in_(words((State.COMPLETED, State.EXEMPTED)))
    return _asked_above(wanted, closed, still.exists())


def _ask(connection: Connection, query: Select[Any], rows: Iterable[dict[str, Any]]) -> set[str]:
    said = list(rows)
    return set(connection.scalars(query, {"rows": as_rows(said)})) if said else set()
