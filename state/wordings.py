"""Templates of letters as the secretariat changed them: every version is kept, the newest holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from state.tables import template


@dataclass(frozen=True, slots=True)
class Wording:
    """`source` None: the file's again."""

    name: str
    source: str | None
    at: datetime
    by: str
    row: int


def stamp(connection: Connection) -> int:
    """Changes with every edit; cheap to ask."""
    return int(connection.scalar(select(func.coalesce(func.max(template.c.id), 0))) or 0)


def newest(connection: Connection) -> dict[str, Wording]:
    """By name, those that were ever edited."""
    last = select(func.max(template.c.id)).group_by(template.c.name)
    rows = connection.execute(select(template).where(template.c.id.in_(last)))
    return {row.name: Wording(row.name, row.source, row.at, row.by, row.id) for row in rows}


def sources(connection: Connection) -> dict[str, str]:
    """Those that take the places of the files."""
    return {name: one.source for name, one in newest(connection).items() if one.source is not None}


def save(
    connection: Connection, name: str, source: str | None, seen: int, at: datetime, by: str
) -> bool:
    """Whether it was saved: not where the newest of that name is no longer the row `seen` (0: none)."""
    last = connection.scalar(select(func.max(template.c.id)).where(template.c.name == name)) or 0
    if last != seen:
        return False
    connection.execute(insert(template).values(name=name, source=source, at=at, by=by[:120]))
    return True
