"""Lines of the account as the auditor's page asks for them: an office's, newest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from state.items import PAGE
from state.personal import plain
from state.scope import Scope
from state.tables import assignment, event

SITE = ""
"""The office of lines that belong to none: log-ins, accounts, what was exported or erased."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; a field left out asks for nothing."""

    act: str = ""
    actor: str = ""
    """A part of it."""
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    item: str = ""
    """An item's key or its beginning, or a part of its names."""
    site: bool = False
    """The lines of no office instead."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line and the item that it speaks of, if any."""

    id: int
    at: datetime
    act: str
    actor: str
    before: str
    """State of the item, or standing of the letter; empty where nothing moved."""
    after: str
    reason: str
    via: str
    letter: int | None
    item: int | None
    key: str
    name: str
    """Of activity and step."""
    department: str
    seal: int | None


def some(
    connection: Connection,
    scope: Scope,
    wanted: Wanted,
    before: int | None = None,
    most: int = PAGE,
) -> list[Told]:
    """Those with smaller numbers than `before`, the newest first."""
    query = _wanted(scope, wanted)
    if before is not None:
        query = query.where(event.c.id < before)
    rows = connection.execute(query.order_by(event.c.id.desc()).limit(most))
    return [_told(row) for row in rows]


def pages(connection: Connection, scope: Scope, wanted: Wanted, most: int) -> Iterator[list[Told]]:
    """All of them, `most` at a time."""
    before = None
    while found := some(connection, scope, wanted, before, most):
        yield found
        before = found[-1].id


def _wanted(scope: Scope, wanted: Wanted) -> Select[Any]:
    c = event.c
    office = SITE if wanted.site else scope.office
    conditions: list[ColumnElement[bool]] = [c.office == office]
    if scope.departments is not None:
        conditions.append(assignment.c.department.in_(sorted(scope.departments)))
    if wanted.act:
        conditions.append(c.act == wanted.act)
    if wanted.actor:
        conditions.append(c.actor.like(f"%{plain(wanted.actor)}%", escape="\\"))
    if wanted.since:
        conditions.append(c.at >= wanted.since)
    if wanted.until:
        conditions.append(c.at < wanted.until)
    if wanted.item:
        conditions.append(_item(wanted.item))
    return _ITEMS.where(*conditions)


def _item(words: str) -> ColumnElement[bool]:
    a, part = assignment.c, f"%{plain(words)}%"
    return (
        a.key.like(f"{plain(words)}%", escape="\\")
        | a.name.like(part, escape="\\")
        | a.step_name.like(part, escape="\\")
    )


_ITEMS = select(
    event, assignment.c.key, assignment.c.name, assignment.c.step_name, assignment.c.department
).outerjoin(assignment, assignment.c.id == event.c.assignment_id)


def _told(row: Any) -> Told:
    return Told(
        row.id,
        row.at,
        row.act,
        row.actor,
        row.from_state or "",
        row.to_state or "",
        row.reason,
        row.via,
        row.letter_id,
        row.assignment_id,
        row.key or "",
        " · ".join(part for part in (row.name, row.step_name) if part),
        row.department or "",
        row.seal_id,
    )
