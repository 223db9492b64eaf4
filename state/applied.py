"""The applied calendar: one versioned document a scope, the only one that flows read."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, func, insert, literal_column, select

from duban.book import COMMON, Book
from state.tables import applied

NOTHING = "0"
"""The stamp before anything was applied."""


def load(connection: Connection) -> Book | None:
    """The calendar in force; None when none was ever applied."""
    documents = {scope: document for scope, (_, _, document) in _newest(connection).items()}
    return Book.from_documents(documents) if COMMON in documents else None


def stamp(connection: Connection) -> str:
    """Changes whenever another calendar is applied; cheap to ask."""
    return str(connection.scalar(_STAMP))


_STAMP = select(func.coalesce(func.max(applied.c.id), literal_column("0")))


def newest(connection: Connection) -> dict[str, int]:
    """By scope: the number of the document in force."""
    query = select(applied.c.scope, func.max(applied.c.id).label("id")).group_by(applied.c.scope)
    return {row.scope: row.id for row in connection.execute(query)}


def digests(connection: Connection) -> dict[str, str]:
    """By scope: the SHA-256 of the document in force."""
    newest = select(func.max(applied.c.id)).group_by(applied.c.scope)
    query = select(applied.c.scope, applied.c.sha256).where(applied.c.id.in_(newest))
    return {row.scope: row.sha256 for row in connection.execute(query)}


def document(connection: Connection, row: int) -> str:
    query = select(applied.c.document).where(applied.c.id == row)
    return str(connection.execute(query).scalar_one())


def save(connection: Connection, book: Book, at: datetime, by: str) -> list[str]:
    """Keep the book; returns the scopes that are different now. Unchanged ones get no new version."""
    known = _newest(connection)
    changed = []
    for scope, document in book.documents().items():
        version, digest, _ = known.get(scope, (0, "", ""))
        sha256 = hashlib.sha256(document.encode()).hexdigest()
        if sha256 == digest:
            continue
        changed.append(scope)
        connection.execute(
            insert(applied).values(
                scope=scope,
                version=version + 1,
                sha256=sha256,
                document=document,
                applied_at=at,
                applied_by=by,
            )
        )
    return changed


def _newest(connection: Connection) -> dict[str, tuple[int, str, str]]:
    newest = select(func.max(applied.c.id)).group_by(applied.c.scope)
    rows = connection.execute(select(applied).where(applied.c.id.in_(newest)))
    return {row.scope: (row.version, row.sha256, row.document) for row in rows}
