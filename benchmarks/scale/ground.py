"""Where the country lives: a PostgreSQL cluster of our own, and a database for each size of it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.delivery.crew import Failed
from benchmarks.process import REPOSITORY
from tests.postgres import Cluster

START = "2026-01-01T08:00"
"""When the calendar is applied."""
SEED = 7
FILLED = ("applied", "assignment", "event", "source", "source_file", "source_text")
"""Tables; the others are empty. One that was analyzed while it was empty is read from end to end for each
foreign key, until autovacuum looks at it again."""
SETTINGS = {
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
}


class Ground:
    """`keep`: a folder in which everything stays for the next run; None: a passing one."""

    def __init__(self, keep: Path | None = None) -> None:
        self._kept = keep is not None
        self.folder = keep or Path(mkdtemp(prefix="duban-scale-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        pg = self.folder / "postgresql" if self._kept else None
        self.cluster = Cluster(lasting=True, folder=pg, **SETTINGS)
        self.cluster.start()

    def close(self) -> None:
        self.cluster.close()
        if not self._kept:
            subprocess.run(["rm", "-rf", str(self.folder)], check=False)

    def country(self, counties: int) -> str:
        """The name of a filled database; it is filled now where it is not there."""
        name = f"country_{counties}"
        if not self._has(name):
            self._fill(name, counties)
        return name

    def _has(self, name: str) -> bool:
        found = self.cluster.run(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608
        return bool(found)

    def _fill(self, name: str, counties: int) -> None:
        site = self.site(counties)
        url = self.cluster.create(f"{name}_raw")
        began = time.monotonic()
        self.duban(site, url, "apply", "--yes", "--at", START)
        print(f"applied {counties:,} counties in {time.monotonic() - began:,.0f} s", flush=True)
        filled = ", ".join(FILLED)
        self.cluster.run(f"VACUUM ANALYZE {filled}", database=f"{name}_raw")
        self.cluster.run(f'ALTER DATABASE "{name}_raw" RENAME TO "{name}"', "CHECKPOINT")

    def site(self, counties: int) -> Path:
        """The generated files."""
        folder = self.folder / f"site_{counties}"
        if not (folder / "config").exists():
            into = ("--into", str(folder), "--seed", str(SEED))
            self.duban(REPOSITORY, "", "generate", "--offices", str(counties), *into)
        return folder

    def duban(self, folder: Path, url: str, *arguments: str) -> str:
        """A command of ours in that folder; what it printed. Raises Failed."""
        said = {**os.environ, "PYTHONPATH": str(REPOSITORY), "DUBAN_DATABASE": url}
        command = [sys.executable, "-m", "app", *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env={name: value for name, value in said.items() if value},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"duban {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """The URL of a copy, for a measurement that changes it."""
        copied = f"{name}_copy"
        self.cluster.drop(copied)
        url = self.cluster.create(copied, template=name)
        try:
            self.cluster.run("CHECKPOINT")
            yield url
        finally:
            self.cluster.drop(copied)
