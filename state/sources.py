"""The files that each calendar was applied from, kept so that it can be brought back."""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    true,
)

from duban.book import COMMON
from state.bulk import write_many
from state.tables import applied, source, source_file, source_text

AT_ONCE = 500
"""Files that are read or written with one statement."""
OWN = ("config/departments/", "config/contacts/", "calendar/offices/")
"""Where the files of single offices lie. Programmes name their office themselves."""


@dataclass(frozen=True, slots=True)
class Version:
    """One document of one apply."""

    row: int
    scope: str
    number: int
    at: datetime
    by: str


def save(connection: Connection, files: Mapping[str, str]) -> None:
    """Keep all files that the calendar in force came from."""
    known = manifest(connection)
    contents = {path: text.encode() for path, text in files.items()}
    gone: dict[str, bytes | None] = {path: None for path in known if path not in files}
    others = {path: one for path, one in contents.items() if known.get(path) != digest_of(one)}
    save_changed(connection, [*gone.items(), *others.items()])


def save_changed(connection: Connection, files: Iterable[tuple[str, bytes | None]]) -> None:
    """Keep the files of the calendar in force that are others than of the one before (None: gone); the
    newest ones, where it is the same calendar."""
    newest = connection.scalar(select(func.max(applied.c.id)))
    if newest is None:
        return
    if connection.scalar(select(source.c.id).where(source.c.applied_id == newest)) is None:
        connection.execute(insert(source).values(applied_id=newest))
    some: dict[str, bytes | None] = {}
    for path, content in files:
        some[path] = content
        if len(some) == AT_ONCE:
            _save(connection, newest, some)
            some = {}
    _save(connection, newest, some)


def _save(connection: Connection, newest: int, files: Mapping[str, bytes | None]) -> None:
    digests = {path: None if one is None else digest_of(one) for path, one in files.items()}
    contents = {digest_of(one): one for one in files.values() if one is not None}
    c = source_text.c
    there = set(connection.scalars(select(c.sha256).where(c.sha256.in_(contents))))
    new = [
        {"sha256": digest, "packed": zlib.compress(content, 6)}
        for digest, content in contents.items()
        if digest not in there
    ]
    write_many(connection, _TEXT, new)
    same = and_(source_file.c.applied_id == newest, source_file.c.path.in_(digests))
    connection.execute(delete(source_file).where(same))
    rows = [{"applied_id": newest, "path": p, "sha256": digests[p]} for p in sorted(digests)]
    write_many(connection, _FILE, rows)


_TEXT, _FILE = insert(source_text), insert(source_file)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def manifest(connection: Connection, row: int | None = None, office: str = "") -> dict[str, str]:
    """By path: the SHA-256 of each file that was kept last, up to that row of `applied`. `office`: only its
    own, programmes, and what all share (COMMON: only these)."""
    c = source_file.c
    last = select(func.max(c.id)).group_by(c.path).where(_of(office))
    if row is not None:
        last = last.where(c.applied_id <= row)
    query = select(c.path, c.sha256).where(c.id.in_(last), c.sha256.is_not(None))
    return {found.path: found.sha256 for found in connection.execute(query)}


def _of(office: str) -> ColumnElement[bool]:
    path = source_file.c.path
    if not office:
        return true()
    shared = and_(*(path.not_like(f"{room}%") for room in OWN))
    if office == COMMON:
        return shared
    own = [f"config/departments/{office}.yaml", f"config/contacts/{office}.yaml"]
    return or_(shared, path.in_(own), path.like(f"calendar/offices/{office}/%"))


def kept(connection: Connection, row: int) -> int | None:
    """Up to which row of `applied` the files are those of the apply that wrote this one; None where it kept
    none. An apply that changed several documents keeps its files at the last of them."""
    found = connection.execute(_KEPT, {"row": row}).first()
    return int(found.applied_id) if found and found.own else None


_AT = select(applied.c.applied_at).where(applied.c.id == bindparam("row")).scalar_subquery()
_KEPT = (
    select(source.c.applied_id, (applied.c.applied_at == _AT).label("own"))
    .join(applied, applied.c.id == source.c.applied_id)
    .where(source.c.applied_id >= bindparam("row"))
    .order_by(source.c.applied_id)
    .limit(1)
)
"""The next files that were kept, and whether by the same apply: one is written after the other."""


def files_of(connection: Connection, row: int, office: str = "") -> dict[str, str] | None:
    """The files as they were when that row of `applied` came into force; None where none were kept.

    `office`: see manifest."""
    last = kept(connection, row)
    return None if last is None else _texts(connection, manifest(connection, last, office))


def in_force(connection: Connection, office: str = "") -> dict[str, str] | None:
    """The files of the calendar in force; None where it was applied before files were kept.

    `office`: see manifest."""
    last = _last(connection)
    return None if last is None else _texts(connection, manifest(connection, last, office))


def text(connection: Connection, path: str) -> str | None:
    """What that file of the calendar in force holds, nothing where there is none; None: none were kept."""
    last = _last(connection)
    if last is None:
        return None
    c = source_file.c
    query = select(c.sha256).where(c.path == path, c.applied_id <= last).order_by(c.id.desc())
    digest = connection.scalar(query.limit(1))
    return _unpacked(connection, [digest])[digest] if digest else ""


def in_force_manifest(connection: Connection) -> dict[str, str] | None:
    """As in_force, with the SHA-256 of each file instead of its text."""
    last = _last(connection)
    return None if last is None else manifest(connection, last)


def _last(connection: Connection) -> int | None:
    """As kept, of the calendar in force."""
    newest = connection.scalar(select(func.max(applied.c.id)))
    return None if newest is None else kept(connection, newest)


def _texts(connection: Connection, digests: Mapping[str, str]) -> dict[str, str]:
    wanted, found = sorted(set(digests.values())), {}
    for first in range(0, len(wanted), AT_ONCE):
        found.update(_unpacked(connection, wanted[first : first + AT_ONCE]))
    return {path: found[digest] for path, digest in digests.items()}


def _unpacked(connection: Connection, digests: Collection[str]) -> dict[str, str]:
    query = select(source_text).where(source_text.c.sha256.in_(digests))
    return {
        row.sha256: zlib.decompress(row.packed).decode("utf-8-sig")
        for row in connection.execute(query)
    }


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
    """A version and the one of its scope before it; the documents, and where they were kept the files: those
    of the scope, and what all share."""

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
    files = files_of(connection, row, found.scope)
    one = Version(row, found.scope, found.version, found.applied_at, found.applied_by)
    if earlier is None:
        return Change(one, "", found.document, None, files)
    before = files_of(connection, earlier.id, found.scope)
    return Change(one, earlier.document, found.document, before, files)
