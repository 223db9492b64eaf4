"""Bringing a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from state.database import Database
from state.faults import DatabaseFault
from state.tables import metadata

TURN = 0x64756261  # "duba", the number of PostgreSQL's advisory lock for one migration at a time


def migrate(database: Database, to: str = "head") -> tuple[str | None, str | None]:
    """Upgrade to the newest tables, or to `to`; returns the revision before and after (None: empty).

    All of it or nothing; a second one waits for its turn. Raises DatabaseFault when the database was
    made by a newer version of duban.
    """
    config = _config()
    with database.writing() as connection:
        if database.dialect == "postgresql":
            _wait_for_our_turn(connection)
        before = _revision(connection)
        if before is not None and not known(before):
            raise DatabaseFault(f"数据库来自更新的版本（{before}），请先升级 duban")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        return before, _revision(connection)


def _wait_for_our_turn(connection: Connection) -> None:
    """A migration may take long, but the wait for a table that others use stays short."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise DatabaseFault(
            f"数据库的编码是 {encoding}，存不了中文；请另建一个："
            "createdb --encoding=UTF8 --template=template0 库名"
        )
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL lock_timeout = '10min'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({TURN})")
    connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")


def current(database: Database) -> str | None:
    with database.reading() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def known(revision: str) -> bool:
    """Whether this version of duban has heard of it."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {script.revision for script in scripts}


def behind(database: Database) -> bool:
    """Whether `migrate` has something to do."""
    return current(database) != ScriptDirectory.from_config(_config()).get_current_head()


def drift(database: Database) -> list[object]:
    """Differences between the migrated tables and the models; empty when they agree."""
    with database.reading() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
