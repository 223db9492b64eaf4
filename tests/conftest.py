from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.databases import BOTH, EMPTY, MIGRATED, copy_of, make_tables, new_database
from tests.postgres import Cluster, programs


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own with our tables: once on SQLite, once on PostgreSQL."""
    with new_database(request, request.param) as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own with nothing in it: once on SQLite, once on PostgreSQL."""
    with new_database(request, request.param, EMPTY) as url:
        yield url


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own with our tables, on PostgreSQL only."""
    with new_database(request, "postgresql") as url:
        yield url


@pytest.fixture
def empty_postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this test's own with nothing in it, on PostgreSQL only."""
    with new_database(request, "postgresql", EMPTY) as url:
        yield url


@pytest.fixture
def copied(request: pytest.FixtureRequest) -> Iterator[Callable[[str], str]]:
    """A function from a database's URL to that of a copy; nobody may use it meanwhile."""
    with ExitStack() as copies:
        yield lambda url: copies.enter_context(copy_of(request, url))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with tables and nothing in them."""
    file = tmp_path_factory.mktemp("migrated") / "duban.db"
    make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """PostgreSQL, running; without fsync, for speed. Shared: a test that breaks one makes its own."""
    if programs() is None:
        pytest.skip("no PostgreSQL here: initdb and postgres are missing (apt install postgresql)")
    made = Cluster()
    try:
        made.start()
        made.create(EMPTY)
        make_tables(made.create(MIGRATED))
        made.freeze(MIGRATED)
        yield made
    finally:
        made.close()
