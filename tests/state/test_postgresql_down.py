"""A server that is stopped, crashes, and comes back, under a program that goes on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from state.database import Database
from state.faults import DatabaseFault
from tests.postgres import Cluster, programs

pytestmark = pytest.mark.skipif(
    programs() is None, reason="no PostgreSQL here (apt install postgresql)"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """One that may be broken, and keeps what is committed."""
    made = Cluster(lasting=True)
    try:
        made.start()
        made.create("site")
        made.run("CREATE TABLE kept (id int)", database="site")
        yield made
    finally:
        made.close()


@pytest.fixture
def database(server: Cluster) -> Iterator[Database]:
    made = Database(server.url("site", tcp=True))
    yield made
    made.close()


def write(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO kept VALUES (1)"))


def count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM kept")) or 0)


def test_the_first_transaction_after_a_restart_works(server: Cluster, database: Database) -> None:
    before = count(database)

    server.restart()
    write(database)

    assert count(database) == before + 1


def test_while_it_is_stopped_it_is_told_and_afterwards_all_is_well(
    server: Cluster, database: Database
) -> None:
    before = count(database)

    server.stop()
    with pytest.raises(DatabaseFault, match="连不上数据库服务器") as fault:
        write(database)
    server.start()

    assert server.password not in str(fault.value)
    assert count(database) == before


def test_a_crash_keeps_what_was_committed_and_drops_what_was_not(
    server: Cluster, database: Database
) -> None:
    before = count(database)
    write(database)

    def interrupted() -> None:
        with database.writing() as held:
            held.execute(text("INSERT INTO kept VALUES (2)"))
            server.crash()
            held.execute(text("INSERT INTO kept VALUES (3)"))

    with pytest.raises(DatabaseFault, match=r"正在启动或关闭|连接断了"):
        interrupted()
    server.start()

    assert count(database) == before + 1


def test_a_commit_that_the_server_never_answered_is_told(
    server: Cluster, database: Database
) -> None:
    def interrupted() -> None:
        with database.writing() as held:
            held.execute(text("INSERT INTO kept VALUES (4)"))
            server.crash()

    before = count(database)

    with pytest.raises(DatabaseFault, match=r"正在启动或关闭|连接断了"):
        interrupted()
    server.start()

    assert count(database) == before


def test_a_server_that_is_shutting_down_says_so(server: Cluster, database: Database) -> None:
    with server.connected("site"):
        server.shut_down_when_free()
        with pytest.raises(DatabaseFault, match="正在启动或关闭"):
            count(database)

    server.await_end()
    server.start()
