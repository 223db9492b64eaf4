"""Lines of the account as the auditor's page asks for them: an office's, newest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, select

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
    said = _said(scope, wanted, before)
    values = {**scope.values, **said, "most": most}
    return [_told(row) for row in connection.execute(_page(frozenset(said), scope.few), values)]


def pages(connection: Connection, scope: Scope, wanted: Wanted, most: int) -> Iterator[list[Told]]:
    """All of them, `most` at a time."""
    before = None
    while found := some(connection, scope, wanted, before, most):
        yield found
        before = found[-1].id


def _said(scope: Scope, wanted: Wanted, before: int | None) -> dict[str, Any]:
    """What is asked for, by name."""
    every = {
        "act": wanted.act,
        "actor": f"%{plain(wanted.actor)}%" if wanted.actor else "",
        "since": wanted.since,
        "until": wanted.until,
        "part": f"%{plain(wanted.item)}%" if wanted.item else "",
        "begins": f"{plain(wanted.item)}%" if wanted.item else "",
    }
    said = {name: value for name, value in every.items() if value}
    said["account"] = SITE if wanted.site else scope.office
    return said if before is None else {**said, "before": before}


@lru_cache(maxsize=128)
def _page(said: frozenset[str], few: bool) -> Select[Any]:
    """By the names that _said gives."""
    c, a = event.c, assignment.c
    conditions: dict[str, ColumnElement[bool]] = {
        "account": c.office == bindparam("account"),
        "act": c.act == bindparam("act"),
        "actor": c.actor.like(bindparam("actor"), escape="\\"),
        "since": c.at >= bindparam("since"),
        "until": c.at < bindparam("until"),
        "part": a.key.like(bindparam("begins"), escape="\\")
        | a.name.like(bindparam("part"), escape="\\")
        | a.step_name.like(bindparam("part"), escape="\\"),
        "before": c.id < bindparam("before"),
    }
    query = _ITEMS.where(*(conditions[name] for name in sorted(said - {"begins"})))
    if few:
        query = query.where(a.department.in_(bindparam("departments", expanding=True)))
    return query.order_by(c.id.desc()).limit(bindparam("most", type_=Integer))


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
