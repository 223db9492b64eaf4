"""Databases, filled once and copied for every measurement."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from tests.postgres import Cluster


class Store(Protocol):
    """Where databases are made. Each is told as a SQLAlchemy URL."""

    label: str

    def make(self, name: str, fill: Callable[[str], None]) -> None:
        """Fill a new database, to be copied."""

    def copy(self, name: str) -> Any:
        """A context with the URL of a copy."""


class Sqlite:
    label = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    def make(self, name: str, fill: Callable[[str], None]) -> None:
        fill(f"sqlite:///{self.file(name)}")

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        with TemporaryDirectory(dir=self._folder) as folder:
            copied = Path(folder) / "copy.db"
            shutil.copyfile(self.file(name), copied)
            yield f"sqlite:///{copied}"


class Postgres:
    label = "PostgreSQL"

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def make(self, name: str, fill: Callable[[str], None]) -> None:
        fill(self._cluster.create(name))
        self._cluster.freeze(name)

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        copied = f"{name}_copy"
        try:
            url = self._cluster.create(copied, template=name)
            self._cluster.run("CHECKPOINT")
            yield url
        finally:
            self._cluster.drop(copied)


def for_django(url: str) -> dict[str, Any]:
    """An entry of DATABASES: as durable as ours, and with write-ahead logging, which is faster."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 30}
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parsed.database,
            "OPTIONS": options,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parsed.database,
        "USER": parsed.username,
        "HOST": parsed.query["host"],
        "PORT": parsed.query["port"],
    }
