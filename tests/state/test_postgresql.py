"""What only a server can do to us: refuse, restart, vanish, run full; and what it says is ours to say."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from state.database import Database
from state.faults import DatabaseFault
from tests.databases import MIGRATED
from tests.postgres import Cluster


@pytest.fixture
def own(cluster: Cluster) -> Iterator[str]:
    """The name of a database of this test's own."""
    cluster.create("own", MIGRATED)
    yield "own"
    cluster.drop("own")


def said(url: str) -> str:
    """What a user reads of a database that cannot be used."""
    database = Database(url)
    with pytest.raises(DatabaseFault) as fault, database.reading() as connection:
        connection.execute(text("SELECT 1"))
    database.close()
    return str(fault.value)


@pytest.fixture
def database(cluster: Cluster, own: str) -> Iterator[Database]:
    made = Database(cluster.url(own))
    yield made
    made.close()


def show(database: Database, setting: str, *, write: bool = False) -> str:
    with database.writing() if write else database.reading() as connection:
        return str(connection.scalar(text(f"SHOW {setting}")))


def end_connections(cluster: Cluster, database: str) -> None:
    ended = cluster.run(
        f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{database}'"
    )
    assert ended == [(True,)]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_address_that_people_write_is_opened(cluster: Cluster, own: str, scheme: str) -> None:
    address = cluster.url(own, tcp=True).replace("postgresql", scheme, 1)

    database = Database(address)

    assert not database.empty()
    database.close()


def test_each_connection_is_in_utc_and_waits_for_nothing_for_ever(database: Database) -> None:
    shown = {
        name: show(database, name)
        for name in ("timezone", "lock_timeout", "statement_timeout", "application_name")
    }

    assert shown == {
        "timezone": "UTC",
        "lock_timeout": "30s",
        "statement_timeout": "5min",
        "application_name": "duban",
    }


def test_what_the_address_asks_for_wins(cluster: Cluster, own: str) -> None:
    address = f"{cluster.url(own)}&application_name=two&options=-c%20lock_timeout%3D7s"

    database = Database(address)

    assert show(database, "application_name") == "two"
    assert show(database, "lock_timeout") == "7s"
    assert show(database, "timezone") == "UTC"
    database.close()


def test_a_commit_is_on_the_disk_whatever_the_server_usually_does(
    cluster: Cluster, own: str
) -> None:
    cluster.run(f"ALTER DATABASE {own} SET synchronous_commit = off")

    database = Database(cluster.url(own))

    assert show(database, "synchronous_commit", write=True) == "on"
    database.close()


def test_a_write_is_read_committed_and_a_read_is_a_snapshot(cluster: Cluster, own: str) -> None:
    cluster.run(f"ALTER DATABASE {own} SET default_transaction_isolation = 'serializable'")

    database = Database(cluster.url(own))

    assert show(database, "transaction_isolation", write=True) == "read committed"
    assert show(database, "transaction_isolation") == "repeatable read"
    assert show(database, "transaction_read_only", write=True) == "off"
    assert show(database, "transaction_read_only") == "on"
    database.close()


def test_a_wrong_password_is_told_without_the_password(cluster: Cluster, own: str) -> None:
    address = cluster.url(own, tcp=True).replace(cluster.password, "geheim")

    words = said(address)

    assert "用户名或密码" in words
    assert "geheim" not in words


def test_an_unknown_user_is_told(cluster: Cluster, own: str) -> None:
    assert "用户名或密码" in said(cluster.url(own, tcp=True, user="nobody-here"))
    assert "用户名或密码" in said(cluster.url(own, user="nobody-here"))


def test_a_missing_database_is_told(cluster: Cluster) -> None:
    words = said(cluster.url("elsewhere"))

    assert "没有这个数据库" in words
    assert "elsewhere" in words


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://u:geheim@127.0.0.1:1/db", "连不上数据库服务器"),
        ("postgresql://u:geheim@/db?host=/nonexistent", "连不上数据库服务器"),
        ("postgresql://u:geheim@127.0.0.1:1/db?colour=red", "不认识的参数"),
        ("postgresql://u@127.0.0.1:1/db?password=geheim", "连不上数据库服务器"),
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(address: str, words: str) -> None:
    told = said(address)

    assert words in told
    assert "geheim" not in told


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:ge@heim@host/db",
        "postgresql://u:ge@he:im@host/db",
        "postgresql://u@host:geheim/db",
        "postgresql+nothing://u:geheim@host/db",
        "postgresql//u:geheim@host/db",
        "postgresql://u:geheim@db..example/db",
    ],
)
def test_an_address_that_cannot_be_read_is_told_without_the_password(address: str) -> None:
    with pytest.raises(DatabaseFault, match="数据库地址写得不对") as fault:
        Database(address)

    assert "heim" not in str(fault.value)


def test_tables_that_are_missing_ask_for_migrate(database: Database) -> None:
    for statement in ("SELECT * FROM nowhere", "SELECT nothing FROM letter"):
        with pytest.raises(DatabaseFault, match="duban migrate"), database.reading() as connection:
            connection.execute(text(statement))


def test_a_connection_that_died_in_the_pool_does_not_break_the_next_transaction(
    cluster: Cluster, own: str, database: Database
) -> None:
    first = show(database, "application_name")
    end_connections(cluster, own)

    assert show(database, "application_name", write=True) == first


def test_a_connection_that_is_cut_within_a_transaction_is_told_and_the_next_one_works(
    cluster: Cluster, own: str, database: Database
) -> None:
    def interrupted() -> None:
        with database.writing() as held:
            held.execute(text("SELECT 1"))
            end_connections(cluster, own)
            held.execute(text("SELECT 1"))

    with pytest.raises(DatabaseFault, match="正在启动或关闭"):
        interrupted()

    assert show(database, "transaction_read_only", write=True) == "off"


def test_of_two_that_wait_for_each_other_one_is_told_to_try_again(
    cluster: Cluster, own: str
) -> None:
    cluster.run(
        "CREATE TABLE pair (id int PRIMARY KEY)", "INSERT INTO pair VALUES (1), (2)", database=own
    )
    database = Database(f"{cluster.url(own)}&options=-c%20deadlock_timeout%3D50ms")
    both_hold = threading.Barrier(2)
    told: list[str] = []

    def lock(first: int, second: int) -> None:
        query = text("SELECT * FROM pair WHERE id = :id FOR UPDATE")
        try:
            with database.writing() as connection:
                connection.execute(query, {"id": first})
                both_hold.wait(30)
                connection.execute(query, {"id": second})
        except DatabaseFault as fault:
            told.append(str(fault))

    other = threading.Thread(target=lock, args=(2, 1))
    other.start()
    lock(1, 2)
    other.join(30)
    database.close()

    assert len(told) == 1
    assert "请重试" in told[0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("53100", "磁盘已满"),
        ("53200", "内存不够"),
        ("58030", "读写磁盘出错"),
        ("40001", "请重试"),
        ("57014", "太久没有做完"),
        ("25006", "只能读"),
        ("XX001", "文件损坏"),
    ],
)
def test_what_the_server_reports_by_code_is_told(database: Database, code: str, words: str) -> None:
    complain = f"DO $$ BEGIN RAISE 'as it is' USING ERRCODE = '{code}'; END $$"

    with pytest.raises(DatabaseFault, match=f"{words}.*（as it is）"), database.writing() as asked:
        asked.execute(text(complain))


def test_a_mistake_of_ours_is_not_passed_off_as_the_databases(database: Database) -> None:
    with pytest.raises(ProgrammingError), database.reading() as connection:
        connection.execute(text("SELEKT"))


def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseFault, match="只能读"), database.reading() as connection:
        connection.execute(text("DELETE FROM letter"))


def test_a_row_that_another_holds_is_not_waited_for_for_ever(cluster: Cluster, own: str) -> None:
    database = Database(f"{cluster.url(own)}&options=-c%20lock_timeout%3D50ms")

    with cluster.connected(own) as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE letter IN ACCESS EXCLUSIVE MODE")
        with (
            pytest.raises(DatabaseFault, match="被另一个程序占用"),
            database.reading() as connection,
        ):
            connection.execute(text("SELECT * FROM letter"))
    database.close()


def test_a_server_without_free_connections_is_told(cluster: Cluster, own: str) -> None:
    cluster.run("CREATE ROLE guest LOGIN", f"ALTER DATABASE {own} CONNECTION LIMIT 0")

    words = said(cluster.url(own, user="guest"))
    cluster.run("DROP ROLE guest")

    assert "连接已满" in words


def test_a_user_without_rights_is_told(cluster: Cluster, own: str) -> None:
    cluster.run("CREATE ROLE guest LOGIN")
    database = Database(cluster.url(own, user="guest"))

    with pytest.raises(DatabaseFault, match="权限不够"), database.reading() as connection:
        connection.execute(text("SELECT * FROM letter"))
    database.close()
    cluster.run("DROP ROLE guest")
