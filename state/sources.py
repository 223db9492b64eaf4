"""The files that each calendar was applied from, kept so that it can be brought back."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from state.tables import applied, source

MOST = 200_000_000
"""Bytes of all files of a version; ours are far smaller."""


@dataclass(frozen=True, slots=True)
class Version:
    """One document of one apply. `kept`: whether the files are there to go back to."""

    row: int
    scope: str
    number: int
    at: datetime
    by: str
    kept: bool


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
    at = select(applied.c.applied_at).where(applied.c.id == row).scalar_subquery()
    query = (
        select(source.c.files)
        .join(applied, applied.c.id == source.c.applied_id)
        .where(applied.c.id >= row, applied.c.applied_at == at)
        .order_by(applied.c.id)
        .limit(1)
    )
    packed = connection.scalar(query)
    return None if packed is None else _unpacked(packed)


def in_force(connection: Connection) -> dict[str, str] | None:
    """The files of the calendar in force; None where it was applied before files were kept."""
    newest = connection.scalar(select(func.max(applied.c.id)))
    return None if newest is None else files_of(connection, newest)


def versions(connection: Connection, scopes: list[str], first: int, most: int) -> list[Version]:
    """Of these scopes, the newest first."""
    query = (
        select(applied.c.id, applied.c.scope, applied.c.version, applied.c.applied_at, _KEPT)
        .add_columns(applied.c.applied_by)
        .where(applied.c.scope.in_(scopes))
        .order_by(applied.c.id.desc())
        .offset(first)
        .limit(most)
    )
    return [
        Version(row.id, row.scope, row.version, row.applied_at, row.applied_by, row.kept)
        for row in connection.execute(query)
    ]


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
    one = Version(
        row, found.scope, found.version, found.applied_at, found.applied_by, files is not None
    )
    if earlier is None:
        return Change(one, "", found.document, None, files)
    before = files_of(connection, earlier.id)
    return Change(one, earlier.document, found.document, before, files)


_LATER = applied.alias()
_KEPT = (
    select(source.c.id)
    .join(_LATER, _LATER.c.id == source.c.applied_id)
    .where(_LATER.c.id >= applied.c.id, _LATER.c.applied_at == applied.c.applied_at)
    .exists()
    .label("kept")
)


def _packed(files: Mapping[str, str]) -> bytes:
    text = json.dumps(dict(sorted(files.items())), ensure_ascii=False)
    return zlib.compress(text.encode(), 6)


def _unpacked(packed: bytes) -> dict[str, str]:
    reader = zlib.decompressobj()
    read: dict[str, str] = json.loads(reader.decompress(packed, MOST))
    return read
