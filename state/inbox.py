"""What waits for the secretariat: reports to review, dates to find out, mail that did not arrive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from duban.assignment import Assignment
from duban.completion import CHASED, Act, State
from duban.lamp import Lamp
from duban.step import Answer
from duban.tally import Tally
from state.assignments import fetch
from state.items import PAGE, Light, lamps
from state.scope import Scope, within
from state.standing import Standing
from state.tables import assignment, delivery, event, letter


def standing(connection: Connection, scope: Scope, light: Light) -> tuple[Tally, int]:
    """How the lamps of all items stand, and how many reports wait for a review."""
    tally, waiting = Tally(), 0
    for state, shown, number in lamps(connection, scope, light, assignment.c.state):
        tally.add(Lamp(shown), number)
        waiting += number if state == State.REPORTED.value else 0
    return tally, waiting


@dataclass(frozen=True, slots=True)
class Report:
    """An item that a department handed in; when, by whom, and how its words begin."""

    item: Assignment
    at: datetime | None
    actor: str
    said: str


def reports(
    connection: Connection, scope: Scope, *, start: int = 0, most: int = PAGE
) -> list[Report]:
    """Those to review, whoever waits longest first."""
    handed_in = (
        select(func.max(event.c.id))
        .where(event.c.assignment_id == assignment.c.id, event.c.act == Act.REPORT.value)
        .scalar_subquery()
    )
    query = select(assignment).where(assignment.c.state == State.REPORTED.value)
    query = query.order_by(handed_in.is_not(None), handed_in, assignment.c.id)
    items = fetch(
        connection, within(query, assignment, scope).offset(start).limit(most), ordered=True
    )
    said = _last_reports(connection, [item.row for item in items])
    return [
        Report(item, found.at, found.actor, found.reason)
        if (found := said.get(item.row))
        else Report(item, None, "", "")
        for item in items
    ]


def _last_reports(connection: Connection, rows: Collection[int]) -> dict[int, Any]:
    newest = (
        select(func.max(event.c.id))
        .where(event.c.assignment_id.in_(rows), event.c.act == Act.REPORT.value)
        .group_by(event.c.assignment_id)
    )
    found = connection.execute(select(event).where(event.c.id.in_(newest)))
    return {row.assignment_id: row for row in found}


def dates(
    connection: Connection, scope: Scope, day: date, *, start: int = 0, most: int = PAGE
) -> list[Assignment]:
    """What the office itself has to find out by `day`, the longest asked first."""
    query = _dates(select(assignment), scope, day)
    query = query.order_by(assignment.c.due, assignment.c.id).offset(start).limit(most)
    return fetch(connection, query, ordered=True)


def count_dates(connection: Connection, scope: Scope, day: date) -> int:
    query = _dates(select(func.count()).select_from(assignment), scope, day)
    return connection.scalar(query) or 0


def _dates(query: Select[Any], scope: Scope, day: date) -> Select[Any]:
    query = query.where(
        assignment.c.answer == Answer.CONFIRM.value,
        assignment.c.state.in_([state.value for state in CHASED]),
        assignment.c.due <= day,
    )
    return within(query, assignment, scope)


def of_rows(connection: Connection, scope: Scope, rows: Collection[int]) -> dict[int, Assignment]:
    """By number; those outside the scope are left out."""
    query = select(assignment).where(assignment.c.id.in_(rows))
    return {item.row: item for item in fetch(connection, within(query, assignment, scope))}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that a server refused, or that came back."""

    id: int
    day: date
    recipient: str
    name: str
    subject: str
    reply: str


def undelivered(
    connection: Connection, scope: Scope, since: date, most: int = PAGE
) -> list[Undelivered]:
    """Letters of the office from that day on, the newest first."""
    query = (
        select(
            letter.c.id,
            letter.c.day,
            letter.c.recipient,
            letter.c.recipient_name,
            letter.c.subject,
            delivery.c.reply,
        )
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .order_by(letter.c.id.desc())
        .limit(most)
    )
    rows = connection.execute(query.where(*_failed(scope, since)))
    return [
        Undelivered(
            row.id, row.day, row.recipient, row.recipient_name, row.subject, row.reply or ""
        )
        for row in rows
    ]


def count_undelivered(connection: Connection, scope: Scope, since: date) -> int:
    query = (
        select(func.count())
        .select_from(letter)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .where(*_failed(scope, since))
    )
    return connection.scalar(query) or 0


def _failed(scope: Scope, since: date) -> tuple[Any, ...]:
    return (
        letter.c.office == scope.office,
        letter.c.day >= since,
        delivery.c.state == Standing.FAILED.value,
    )


def sent_on(connection: Connection, scope: Scope, day: date) -> dict[Standing, int]:
    """Letters of that day, by where they stand."""
    query = (
        select(delivery.c.state, func.count().label("letters"))
        .join(letter, letter.c.id == delivery.c.letter_id)
        .where(letter.c.office == scope.office, letter.c.day == day)
        .group_by(delivery.c.state)
    )
    return {Standing(row.state): row.letters for row in connection.execute(query)}
