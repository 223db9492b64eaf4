"""A copy of a database sends nothing until a person confirms, through the flows and the command line."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import copies
from tests.faults.figures import table
from tests.faults.sink import SinkProcess
from tests.sites import write_site
from tests.sitting import REPOSITORY

SETTINGS = """\
mail: {{mode: smtp, host: 127.0.0.1, port: {port}, tls: none}}
"""
FIRST, NEXT = "2026-02-24T09:00", "2026-03-02T09:00"


def test_a_copy_sends_nothing_until_a_person_confirms(tmp_path: Path) -> None:
    figures = copies.measure(tmp_path)

    print(table(figures))
    assert not any(one.complaints for one in figures), table(figures)


@dataclass
class Home:
    """A site's folder, used through the real command line."""

    folder: Path
    database: Path | None = None
    """Another one than the folder's."""

    def duban(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        named = {"DUBAN_DATABASE": f"sqlite:///{self.database}"} if self.database else {}
        return subprocess.run(
            [sys.executable, "-P", "-m", "app", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **named},
            capture_output=True,
            text=True,
        )

    def run(self, when: str) -> tuple[int, str]:
        """How many letters were accepted, and why no more."""
        done = self.duban("run", "--at", when, "--json")
        assert "Traceback" not in done.stderr
        said = json.loads(done.stdout)
        assert done.returncode == (3 if said["closed"] else 0), done.stderr
        return said["delivered"].get("accepted", 0), said["closed"]


def elsewhere(home: Home) -> Home:
    """The whole folder, seats and all."""
    there = home.folder.with_name("there")
    shutil.copytree(home.folder, there)
    return Home(there)


def only_the_database(home: Home) -> Home:
    there = home.folder.with_name("there") / "duban.db"
    there.parent.mkdir()
    shutil.copy(home.folder / "var" / "duban.db", there)
    return Home(home.folder, there)


def seats_lost(home: Home) -> Home:
    shutil.rmtree(home.folder / "var" / "seats")
    return home


slow = pytest.mark.slow


@pytest.mark.parametrize(
    "moved",
    [
        elsewhere,
        pytest.param(only_the_database, marks=slow),
        pytest.param(seats_lost, marks=slow),
    ],
)
def test_the_command_line_sends_from_a_copy_only_when_told_to(tmp_path: Path, moved) -> None:
    log = tmp_path / "log"
    with SinkProcess(log) as sink:
        settings = {"config/settings.yaml": SETTINGS.format(port=sink.port)}
        home = Home(write_site(tmp_path / "home", settings))
        shutil.copytree(REPOSITORY / "templates", home.folder / "templates")
        applied = home.duban("apply", "--yes")
        assert applied.returncode == 0, applied.stdout + applied.stderr
        first, _ = home.run(FIRST)
        copy = moved(home)
        second, closed = copy.run(NEXT)
        unconfirmed = len(log.read_text().splitlines())
        confirmed = copy.duban("outbox", "confirm", "--yes")
        third, open_ = copy.run(NEXT)

    assert first
    assert (second, unconfirmed) == (0, first)
    assert "duban outbox confirm" in closed
    assert confirmed.returncode == 0
    assert "已确认" in confirmed.stdout
    assert third
    assert open_ == ""
    assert len(log.read_text().splitlines()) == first + third
    assert len({line.split()[0] for line in log.read_text().splitlines()}) == first + third
