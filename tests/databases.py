"""New databases for tests, each of its own: SQLite, or PostgreSQL in a cluster of our own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from state.database import Database
from state.migrate import migrate
from tests.postgres import Cluster

BOTH = ("sqlite", "postgresql")
MIGRATED, EMPTY = "migrated", "empty"
_numbers = count(1)


@contextmanager
def new_database(
    request: pytest.FixtureRequest, kind: str, template: str = MIGRATED
) -> Iterator[str]:
    """The URL of a copy of the template, `kind` of BOTH; it is gone afterwards."""
    if kind == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp("database")
        if template == MIGRATED:
            shutil.copy(request.getfixturevalue("migrated_file"), folder / "duban.db")
        yield f"sqlite:///{folder / 'duban.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"test{next(_numbers)}"
    yield cluster.create(name, template)
    cluster.drop(name)


def make_tables(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()
