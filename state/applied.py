"""The applied calendar: one versioned document a scope, the only one that flows read."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, literal_column, select

from duban.book import COMMON, Book
from state.bulk import write_many
from state.tables import applied

NOTHING = "0"
"""The stamp before anything was applied."""


def load(connection: Connection) -> Book | None:
    """The calendar in force; None when none was ever applied."""
    documents = _newest(connection)
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
    return documents(connection, [row])[row]


def documents(connection: Connection, rows: Collection[int]) -> dict[int, str]:
    """By number."""
    found = connection.execute(_DOCUMENTS, {"rows": list(rows)})
    return {row.id: row.document for row in found}


_DOCUMENTS = select(applied.c.id, applied.c.document).where(
    applied.c.id.in_(bindparam("rows", expanding=True))
)


def save(connection: Connection, book: Book, at: datetime, by: str) -> list[str]:
    """Keep the book; returns the scopes that are different now. Unchanged ones get no new version."""
    known, shelf = digests(connection), Shelf(connection, at, by)
    changed = []
    for scope, document in book.documents().items():
        if digest_of(document) != known.get(scope):
            shelf.put(scope, document)
            changed.append(scope)
    return changed


class Shelf:
    """Where new documents are put, each with the next number of its scope."""

    def __init__(self, connection: Connection, at: datetime, by: str) -> None:
        self._connection, self._at, self._by = connection, at, by
        newest = select(applied.c.scope, func.max(applied.c.version).label("version"))
        rows = connection.execute(newest.group_by(applied.c.scope))
        self._versions = {row.scope: row.version for row in rows}

    def put(self, scope: str, document: str) -> None:
        self._versions[scope] = version = self._versions.get(scope, 0) + 1
        row = {
            "scope": scope,
            "version": version,
            "sha256": digest_of(document),
            "document": document,
            "applied_at": self._at,
            "applied_by": self._by,
        }
        write_many(self._connection, _PUT, [row])


_PUT = insert(applied)


def digest_of(document: str) -> str:
    """Its SHA-256, as `digests` tells it."""
    return hashlib.sha256(document.encode()).hexdigest()


def _newest(connection: Connection) -> dict[str, str]:
    """By scope: the document in force."""
    newest = select(func.max(applied.c.id)).group_by(applied.c.scope)
    query = select(applied.c.scope, applied.c.document).where(applied.c.id.in_(newest))
    return {row.scope: row.document for row in connection.execute(query)}
