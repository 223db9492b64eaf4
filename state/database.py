"""The database: one engine and two kinds of transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import finalize

from sqlalchemy import Connection, Engine, inspect

from state.engine import PATIENCE, open_engine, password_of
from state.faults import DatabaseFault, in_our_words

__all__ = ["Connection", "Database", "DatabaseFault"]


class Database:
    """An engine with `reading()` and `writing()`; both raise DatabaseFault when it cannot be used.

    On SQLite: WAL, foreign keys, and `BEGIN IMMEDIATE` for every write (a deferred one that reads first
    fails under several writers). On PostgreSQL: READ COMMITTED for a write, a snapshot for a read, and
    a connection that died in the pool is replaced before it is used.
    """

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        """`patience`: seconds to wait for a connection, and for what others hold."""
        self.engine = open_engine(url, patience)
        finalize(self, self.engine.dispose)
        self._password = password_of(self.engine.url)
        self._writer = self.engine.execution_options(duban_write=True)
        self._reader = self.engine
        if self.dialect == "postgresql":
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot from the first look to the last; nothing can be written."""
        with self._transaction(self._reader) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commits at the end, rolls back when anything is raised."""
        with self._transaction(self._writer) as connection:
            yield connection

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with in_our_words(self._password), engine.connect() as connection, connection.begin():
            yield connection

    def writer(self) -> "Writer":
        """For somebody who writes again and again."""
        return Writer(self._writer, self._password)

    def empty(self) -> bool:
        """Whether nothing of ours was ever made here."""
        with self.reading() as connection:
            return not inspect(connection).has_table("alembic_version")

    def close(self) -> None:
        self.engine.dispose()


class Writer:
    """One connection kept for transaction after transaction; after a fault a new one is opened."""

    def __init__(self, engine: Engine, password: str | None) -> None:
        self._engine, self._password = engine, password
        self._connection: Connection | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """As Database.writing."""
        with in_our_words(self._password):
            try:
                if self._connection is None:
                    self._connection = self._engine.connect()
                with self._connection.begin():
                    yield self._connection
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
