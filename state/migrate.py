"""Bringing a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from state.database import Database, DatabaseFault
from state.tables import metadata


def migrate(database: Database, to: str = "head") -> tuple[str | None, str | None]:
    """Upgrade to the newest tables, or to `to`; returns the revision before and after (None: empty).

    Raises DatabaseFault when the database was made by a newer version of duban.
    """
    before = current(database)
    config = _config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if before is not None and before not in known:
        raise DatabaseFault(f"数据库来自更新的版本（{before}），请先升级 duban")
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    return before, current(database)


def current(database: Database) -> str | None:
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
