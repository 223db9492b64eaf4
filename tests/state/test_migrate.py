from pathlib import Path

import pytest

from state.database import Database
from state.faults import DatabaseFault
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


def test_an_older_database_learns_what_departments_were_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'duban.db'}")
    migrate(database, "0001")
    rows = [("a", "notified", "2026-03-06", None), ("b", "notified", "2026-03-06", "2026-03-20")]
    rows += [("c", "planned", "2026-03-06", None), ("d", "withdrawn", "2026-03-06", None)]
    with database.writing() as connection:
        for key, state, due, extended in rows:
            connection.exec_driver_sql(
                "INSERT INTO assignment (key, office, activity, year, step, department, duty, answer,"
                " ladder, certainty, state, version, due, extended)"
                " VALUES (?, 'o', 'a', 2026, 's', 'd', 'lead', '报送', 'l', 'rule', ?, 1, ?, ?)",
                (key, state, due, extended),
            )

    migrate(database)

    with database.reading() as connection:
        told = connection.exec_driver_sql("SELECT key, told FROM assignment ORDER BY key").all()
    assert told == [("a", "2026-03-06"), ("b", "2026-03-20"), ("c", None), ("d", None)]
