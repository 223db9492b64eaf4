"""How long applying takes, and how much memory: everything from nothing, then one changed date."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psutil

if TYPE_CHECKING:
    from tests.postgres import Cluster

from benchmarks.delivery.crew import Failed
from benchmarks.delivery.table import Target
from benchmarks.process import REPOSITORY

START, LATER = "2026-01-01T08:00", "2026-01-02T08:00"
FIRST, MEMORY, AGAIN = 900.0, 1000.0, 2.0
"""Seconds for everything, MB for each process, seconds for one changed date."""
EVERY = 0.1
WORDS = "    lead:"
ANOTHER = "    dates: {year: 2026, start: 2026-10-20, source: 测试}\n"


class Ground(Protocol):
    """benchmarks/scale/ground.py has one."""

    cluster: "Cluster"

    def site(self, counties: int) -> Path:
        """A made-up country's files."""


@dataclass(slots=True)
class Timed:
    """One command, and what its processes took at most."""

    what: str
    seconds: float = 0.0
    peaks: dict[int, float] = field(default_factory=dict)
    """By process: MB."""

    @property
    def peak(self) -> float:
        return max(self.peaks.values(), default=0.0)


def measure(ground: Ground, counties: int) -> Iterator[Target]:
    """Prints a line for each command."""
    site, name = ground.site(counties), f"apply_{counties}"
    ground.cluster.drop(name)
    url = ground.cluster.create(name)
    print(f"\nApplying {counties:,} counties with their cities and provinces, PostgreSQL")
    print(f"{'':40}{'seconds':>10}{'rows/s':>10}  peak MB of each process")
    first = _run(site, url, "from nothing", "--at", START)
    rows = _rows(ground, name)
    _show(first, rows)
    _show(_run(site, url, "once more: nothing changed", "--at", LATER))
    with _another_date(site):
        again = _run(site, url, "one date of one county", "--at", LATER)
        _show(again)
    ground.cluster.drop(name)
    share = counties / 3000
    yield Target("apply from nothing, s", first.seconds, FIRST * share, at_most=True)
    yield Target("apply from nothing, MB of a process", first.peak, MEMORY, at_most=True)
    yield Target("apply one changed date, s", again.seconds, AGAIN, at_most=True)


def _rows(ground: Ground, name: str) -> int:
    return int(ground.cluster.run("SELECT count(*) FROM assignment", database=name)[0][0])


def _show(timed: Timed, rows: int = 0) -> None:
    rate = f"{rows / timed.seconds:,.0f}" if rows else ""
    peaks = "  ".join(f"{peak:.0f}" for peak in timed.peaks.values())
    print(f"{timed.what:40}{timed.seconds:10.1f}{rate:>10}  {peaks}", flush=True)


def _run(site: Path, url: str, what: str, *more: str) -> Timed:
    """`duban apply`, watched. Raises Failed."""
    timed = Timed(what)
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY), "DUBAN_DATABASE": url}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "app", "apply", "--yes", *more]
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=site, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            _look(watched, timed)
            with suppress(subprocess.TimeoutExpired):
                process.wait(EVERY)
        timed.seconds = time.perf_counter() - began
        said = process.stderr.read().decode() if process.stderr else ""
    if process.returncode:
        raise Failed(f"duban apply: {said[-2000:]}")
    return timed


def _look(process: psutil.Process, timed: Timed) -> None:
    with suppress(psutil.Error, OSError):
        for one in (process, *process.children(recursive=True)):
            peak = one.memory_info().rss / 1e6
            timed.peaks[one.pid] = max(timed.peaks.get(one.pid, 0.0), peak)


@contextmanager
def _another_date(site: Path) -> Iterator[None]:
    """Meanwhile an activity of the first county takes place on another day."""
    file = site / "calendar/offices/d0001/2026.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(WORDS, ANOTHER + WORDS, 1), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(text, encoding="utf-8")
