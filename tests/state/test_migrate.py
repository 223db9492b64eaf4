from pathlib import Path

import pytest

from state.database import Database, DatabaseFault
from state.migrate import behind, drift, migrate


def test_migrating_from_empty_gives_the_tables_of_the_models(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'duban.db'}")
    empty = database.empty()

    migrate(database)

    assert empty
    assert drift(database) == []
    assert not behind(database)


def test_migrating_twice_does_nothing(database: Database) -> None:
    before, after = migrate(database)

    assert before == after


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseFault, match="更新的版本"):
        migrate(database)


def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("这不是数据库" * 100, encoding="utf-8")

    with pytest.raises(DatabaseFault, match="不是 duban 的数据库"):
        Database(f"sqlite:///{file}").empty()


def test_an_unreadable_address_is_explained() -> None:
    with pytest.raises(DatabaseFault, match="数据库地址写得不对"):
        Database("sqlit:///x")
