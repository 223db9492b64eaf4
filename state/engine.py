"""Opening a database from its address: SQLite or PostgreSQL, each with what the promise needs."""

from math import ceil
from pathlib import Path
from typing import Any

from psycopg.pq import Format
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from state.faults import DatabaseFault

PATIENCE = 30.0
"""Seconds to wait for rows, or a file, that others hold."""
POOL = {"pool_size": 5, "max_overflow": 15, "pool_timeout": 30}

PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=FULL",
    "wal_autocheckpoint=16000",
)
"""SQLite's, for each connection. The journal is carried over into the file once it has 64 MB: a morning's
letters, or an hour's sending, wait for that once."""
POOL_OF_FILE: dict[str, Any] = {"pool_size": 20, "max_overflow": 20}
"""SQLite's: to open a connection is to read the whole schema, so those of a busy console are kept."""

SESSION = {
    "timezone": "UTC",
    "random_page_cost": "1.1",  # as on an SSD: letters are looked up by number, however few there are
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "5min",
}
"""PostgreSQL's settings of each of our connections: nobody waits, or holds a row, for ever."""

CONNECT = 10
NETWORK = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "duban",
}
"""libpq's, as is CONNECT: seconds, but milliseconds for the last time-out. A dead line is noticed in a
minute."""


def open_engine(url: str, patience: float = PATIENCE) -> Engine:
    """An engine that has not connected yet. Raises DatabaseFault when the address cannot be read.

    `patience` is also the most, in seconds, that a connection may take.
    """
    try:
        parsed = _driven(make_url(url))
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, patience)
        return _postgresql(parsed, patience)
    except ValueError:  # its words may hold a part of the password
        raise _unreadable("端口不是数字") from None
    except (ArgumentError, NoSuchModuleError, ImportError) as fault:
        raise _unreadable(str(fault)) from None
    except OSError as fault:
        raise DatabaseFault(f"无法建立数据库所在的文件夹：{fault}") from None


def _driven(url: URL) -> URL:
    """The address with psycopg 3, for people write only `postgresql://`."""
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url


def password_of(url: URL) -> str | None:
    """Where it may stand: before the host, or among the parameters."""
    said = url.password or url.query.get("password")
    return str(said) if said else None


def _unreadable(reason: str) -> DatabaseFault:
    return DatabaseFault(
        f"数据库地址写得不对（{reason}）；应如 sqlite:///var/duban.db 或 "
        "postgresql://用户:密码@主机/库名（密码里的 @ : / 写成 %40 %3A %2F），"
        "请改 config/settings.yaml 的 database 或环境变量 DUBAN_DATABASE"
    )


def _sqlite(url: URL, patience: float) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    file = url.database and url.database != ":memory:"
    engine = create_engine(
        url, connect_args={"timeout": patience}, **(POOL_OF_FILE if file else {})
    )
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("duban_write")
    if connection.info.get("writes") is not bool(write):
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
        connection.info["writes"] = bool(write)
    if write:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # which cannot fail; a page begins several times
        connection.connection.cursor().execute("BEGIN")


def _postgresql(url: URL, patience: float) -> Engine:
    _check_host(url.host or "")
    connect = min(CONNECT, ceil(patience))
    ours = {**NETWORK, "connect_timeout": connect, "options": _options(url, patience)}
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        connect_args={key: ours[key] for key in ours if key not in url.query or key == "options"},
        **POOL,
    )
    event.listen(engine, "connect", _postgresql_connect)
    event.listen(engine, "before_cursor_execute", _postgresql_ask)
    return engine


def _check_host(host: str) -> None:
    if "@" in host:
        raise _unreadable("主机名里有 @")
    try:
        host.encode("idna")
    except UnicodeError:
        raise _unreadable(f"不是主机名：{host}") from None


def _options(url: URL, patience: float) -> str:
    """What the address asks for comes last, and so wins."""
    session = {**SESSION, "lock_timeout": f"{ceil(patience * 1000)}ms"}
    said = url.query.get("options", "")
    theirs = said if isinstance(said, str) else " ".join(said)
    return " ".join([*(f"-c {key}={value}" for key, value in session.items()), theirs]).strip()


def _postgresql_connect(connection: Any, _record: Any) -> None:
    """A commit is on the disk when it is told, whatever the server's usual setting."""
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'"
    )
    connection.commit()


def _postgresql_ask(
    _connection: Any, cursor: Any, _sql: str, _parameters: Any, context: Any, _many: bool
) -> None:
    """Bytes written as hexadecimal digits would take twice the time: a statement may ask for binary."""
    if context and context.execution_options.get("duban_binary"):
        cursor.format = Format.BINARY
