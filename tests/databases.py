"""New databases for tests, each of its own: SQLite, or PostgreSQL in a cluster of our own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

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
        with TemporaryDirectory() as folder:
            if template == MIGRATED:
                shutil.copy(request.getfixturevalue("migrated_file"), folder)
            yield sqlite_in(folder)
        return
    with _copied_in(request.getfixturevalue("cluster"), template) as url:
        yield url


@contextmanager
def copy_of(request: pytest.FixtureRequest, url: str) -> Iterator[str]:
    """The URL of a copy of a database that nobody uses at the moment; it is gone afterwards."""
    if url.startswith("sqlite"):
        with TemporaryDirectory() as folder:
            shutil.copy(url.removeprefix("sqlite:///"), folder)
            yield sqlite_in(folder)
        return
    with _copied_in(request.getfixturevalue("cluster"), urlsplit(url).path.strip("/")) as copy:
        yield copy


@contextmanager
def _copied_in(cluster: Cluster, template: str) -> Iterator[str]:
    name = f"test{next(_numbers)}"
    yield cluster.create(name, template)
    cluster.drop(name)


def sqlite_in(folder: Path | str) -> str:
    """The URL of the SQLite database that is, or will be, in `folder`."""
    return f"sqlite:///{folder}/duban.db"


def make_tables(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()
