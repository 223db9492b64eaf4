"""The database itself: where it is, how it keeps what it is told, how big it is."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for any other, and for one in memory."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    name = parsed.database or ""
    if parsed.get_backend_name() != "sqlite" or name in ("", ":memory:"):
        return None
    return Path(name)


def exists(url: str) -> bool:
    """False only where a SQLite database has no file yet."""
    file = file_of(url)
    return file is None or file.exists()


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server."""

    version: str
    """`15.4`"""
    now: datetime
    size: int
    """Of our database, in bytes."""
    durable: bool
    """Whether what is committed survives a power cut."""
    where: str
    """`user@host:port/database`, `user@local/database` on a socket."""


def postgresql(connection: Connection) -> Server:
    row = connection.execute(
        text(
            "SELECT split_part(current_setting('server_version'), ' ', 1), clock_timestamp(),"
            " pg_database_size(current_database()),"
            " current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on',"
            " current_user || '@' || coalesce(host(inet_server_addr()) || ':' || inet_server_port(),"
            " 'local') || '/' || current_database()"
        )
    ).one()
    return Server(*row)


def journal_mode(connection: Connection) -> str:
    """SQLite's: `wal` as we ask for it, another where the file system cannot do that."""
    return str(connection.scalar(text("PRAGMA journal_mode")))


def sqlite_version(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT sqlite_version()")))
