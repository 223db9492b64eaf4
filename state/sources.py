"""The files that each calendar was applied from, kept so that it can be brought back."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, func, insert, select, update

from state.tables import applied, source

MOST = 200_000_000
"""Bytes of all files of a version; ours are far smaller."""


@dataclass(frozen=True, slots=True)
class Version:
    """One document of one apply."""

    row: int
    scope: str
    number: int
    at: datetime
    by: str


def save(connection: Connection, files: Mapping[str, str]) -> None:
    """Keep the files that the calendar in force came from; the newest ones, where it is the same."""
    newest = connection.scalar(select(func.max(applied.c.id)))
    if newest is None:
        return
    packed = _packed(files)
    known = connection.scalar(select(source.c.files).where(source.c.applied_id == newest))
    if known is None:
        connection.execute(insert(source).values(applied_id=newest, files=packed))
    elif known != packed:
        connection.execute(update(source).where(source.c.applied_id == newest).values(files=packed))


def files_of(connection: Connection, row: int) -> dict[str, str] | None:
    """The files as they were when that row of `applied` came into force; None where none were kept.

    An apply that changed several documents keeps its files at the last of them.
    """
    found = connection.execute(_FILES, {"row": row}).first()
    return _unpacked(found.files) if found and found.own else None


_AT = select(applied.c.applied_at).where(applied.c.id == bindparam("row")).scalar_subquery()
_FILES = (
    select(source.c.files, (applied.c.applied_at == _AT).label("own"))
    .join(applied, applied.c.id == source.c.applied_id)
    .where(source.c.applied_id >= bindparam("row"))
    .order_by(source.c.applied_id)
    .limit(1)
)
"""The next files that were kept, and whether by the same apply: one is written after the other."""


def in_force(connection: Connection) -> dict[str, str] | None:
    """The files of the calendar in force; None where it was applied before files were kept."""
    newest = connection.scalar(select(func.max(applied.c.id)))
    return None if newest is None else files_of(connection, newest)


def versions(connection: Connection, scopes: list[str], first: int, most: int) -> list[Version]:
    """Of these scopes, the newest first."""
    rows = connection.execute(_VERSIONS, {"scopes": scopes, "first": first, "most": most})
    return [Version(*row) for row in rows.all()]


_VERSIONS = (
    select(
        applied.c.id, applied.c.scope, applied.c.version, applied.c.applied_at, applied.c.applied_by
    )
    .where(applied.c.scope.in_(bindparam("scopes", expanding=True)))
    .order_by(applied.c.id.desc())
    .offset(bindparam("first", type_=Integer))
    .limit(bindparam("most", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Change:
    """A version and the one of its scope before it; the documents, and the files where they were kept."""

    version: Version
    before: str
    after: str
    files_before: dict[str, str] | None
    files: dict[str, str] | None


def change(connection: Connection, row: int) -> Change | None:
    """What the version of that number changed; None where there is none."""
    found = connection.execute(select(applied).where(applied.c.id == row)).first()
    if found is None:
        return None
    earlier = connection.execute(
        select(applied.c.id, applied.c.document)
        .where(applied.c.scope == found.scope, applied.c.id < row)
        .order_by(applied.c.id.desc())
        .limit(1)
    ).first()
    files = files_of(connection, row)
    one = Version(row, found.scope, found.version, found.applied_at, found.applied_by)
    if earlier is None:
        return Change(one, "", found.document, None, files)
    before = files_of(connection, earlier.id)
    return Change(one, earlier.document, found.document, before, files)


def _packed(files: Mapping[str, str]) -> bytes:
    text = json.dumps(dict(sorted(files.items())), ensure_ascii=False)
    return zlib.compress(text.encode(), 6)


def _unpacked(packed: bytes) -> dict[str, str]:
    reader = zlib.decompressobj()
    read: dict[str, str] = json.loads(reader.decompress(packed, MOST))
    return read
