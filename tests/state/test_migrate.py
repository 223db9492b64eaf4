import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from state.database import Database
from state.faults import DatabaseFault
from state.migrate import behind, drift, migrate
from tests.databases import MIGRATED
from tests.postgres import Cluster


def test_migrating_from_empty_gives_the_tables_of_the_models(empty_url: str) -> None:
    database = Database(empty_url)
    empty = database.empty()

    migrate(database)

    assert empty
    assert drift(database) == []
    assert not behind(database)
    database.close()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    assert Database(f"sqlite:///{tmp_path / 'new' / 'duban.db'}").empty()


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


def test_an_older_database_learns_what_departments_were_told(empty_url: str) -> None:
    database = Database(empty_url)
    migrate(database, "0001")
    rows = [("a", "notified", "2026-03-06", None), ("b", "notified", "2026-03-06", "2026-03-20")]
    rows += [("c", "planned", "2026-03-06", None), ("d", "withdrawn", "2026-03-06", None)]
    old = text(
        "INSERT INTO assignment (key, office, activity, year, step, department, duty, answer,"
        " ladder, certainty, state, version, due, extended)"
        " VALUES (:key, 'o', 'a', 2026, 's', 'd', 'lead', '报送', 'l', 'rule', :state, 1, :due, :to)"
    )
    with database.writing() as connection:
        for key, state, due, extended in rows:
            connection.execute(old, {"key": key, "state": state, "due": due, "to": extended})

    migrate(database)

    with database.reading() as connection:
        told = connection.execute(text("SELECT key, told FROM assignment ORDER BY key")).all()
    database.close()
    assert [(key, told and str(told)) for key, told in told] == [
        ("a", "2026-03-06"),
        ("b", "2026-03-20"),
        ("c", None),
        ("d", None),
    ]


def test_of_many_who_migrate_at_once_one_does_it_and_the_others_wait(empty_url: str) -> None:
    database = Database(empty_url)
    start = threading.Barrier(4)
    done: list[tuple[str | None, str | None]] = []

    def work() -> None:
        start.wait(30)
        done.append(migrate(database))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    database.close()
    head = done[0][1]
    assert sorted(done, key=str) == [(head, head)] * 3 + [(None, head)]


def test_a_database_that_cannot_hold_chinese_is_refused(cluster: Cluster) -> None:
    cluster.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
    database = Database(cluster.url("latin"))

    with pytest.raises(DatabaseFault, match="存不了中文"):
        migrate(database)

    database.close()
    cluster.drop("latin")


def test_a_body_is_compressed_at_little_cost(cluster: Cluster) -> None:
    cluster.create("bodies", MIGRATED)
    base64 = b"TG9uZyBsZXR0ZXJzIGNvbXByZXNzIHdlbGwgZXZlbiBhcyBiYXNlNjQgdGhhdCByZXBlYXRz\r\n" * 128

    stored = cluster.run(
        "INSERT INTO letter (id, key, office, day, kind, recipient, recipient_name, departments,"
        " subject, message_id, written_at)"
        " VALUES (1, 'k', 'o', '2026-03-02', 'notice', 'a@b.example', 'a', '', 's', '<m>', now())",
        f"INSERT INTO letter_body VALUES (1, 'c@d.example', decode('{base64.hex()}', 'hex'))",
        "SELECT pg_column_compression(mime), octet_length(mime), pg_column_size(mime)"
        " FROM letter_body",
        database="bodies",
    )
    cluster.drop("bodies")

    ((how, long, short),) = stored
    assert how in ("lz4", None)
    assert long == len(base64)
    assert (short < long) is (how == "lz4")
