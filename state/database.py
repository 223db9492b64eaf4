"""The database: one engine, two kinds of transaction, and our own words for its faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from duban.trouble import Trouble

__all__ = ["Connection", "Database", "DatabaseFault"]


class DatabaseFault(Trouble):
    """The database cannot be used; the message says why and what to do, in Chinese."""


class Database:
    """An engine with `reading()` and `writing()`.

    On SQLite: WAL, foreign keys, and `BEGIN IMMEDIATE` for every write (a deferred one that reads first
    fails under several writers).
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writer = self.engine.execution_options(duban_write=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with _in_our_words(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commits at the end, rolls back when anything is raised."""
        with _in_our_words(), self._writer.connect() as connection, connection.begin():
            yield connection

    def empty(self) -> bool:
        """Whether nothing of ours was ever made here."""
        with _in_our_words():
            return not inspect(self.engine).has_table("alembic_version")

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed, connect_args={"timeout": 30})
            event.listen(engine, "connect", _sqlite_connect)
            event.listen(engine, "begin", _sqlite_begin)
            return engine
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as fault:
        raise DatabaseFault(
            f"数据库地址写得不对（{fault}）；应如 sqlite:///var/duban.db，"
            "请改 config/settings.yaml 的 database 或环境变量 DUBAN_DATABASE"
        ) from None
    except OSError as fault:
        raise DatabaseFault(f"无法建立数据库所在的文件夹：{fault}") from None


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("duban_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as fault:
        raise DatabaseFault(_meaning(fault)) from fault
    except DBAPIError as fault:
        if fault.connection_invalidated or "file is not a database" in str(fault.orig):
            raise DatabaseFault(_meaning(fault)) from fault
        raise


def _meaning(fault: DBAPIError) -> str:
    text = str(fault.orig)
    known = {
        "no such table": "数据库还没有建好或版本太旧，请先运行 duban migrate",
        "no such column": "数据库版本太旧，请先运行 duban migrate",
        "database is locked": "数据库正被另一个程序占用，请稍后再试",
        "unable to open": "打不开数据库文件，请检查路径和权限",
        "readonly": "数据库文件不可写，请检查权限",
        "disk": "磁盘已满或读写出错，请先腾出空间",
        "not a database": "这个文件不是 duban 的数据库，请检查 database 设置",
    }
    for mark, words in known.items():
        if mark in text:
            return f"{words}（{text}）"
    return f"数据库用不了：{text}"
