"""`python -m benchmarks.console [--quick] [--keep FOLDER]`: every page, twenty clients at once.

The server in two processes, as `duban console --processes 2`, and the clients in a third; without a pause
between answer and question.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.console.country import NOW, fill, settings
from benchmarks.console.visits import Visits
from benchmarks.process import REPOSITORY
from flows.premises import Site
from tests.postgres import Cluster, programs

OFFICES, QUICK = 588, 60
"""588 of 1,701 assignments are a million."""
CLIENTS = 20
PROCESSES = 2
SECONDS = 120.0
TARGET = 150.0
"""Milliseconds, the 95th of a hundred answers."""


def main(*arguments: str) -> int:
    """Prints a table for each database; 1 when a page was too slow, or could not be opened."""
    quick = "--quick" in arguments
    offices, seconds = (QUICK, 20.0) if quick else (OFFICES, SECONDS)
    keep = Path(arguments[arguments.index("--keep") + 1]) if "--keep" in arguments else None
    with nullcontext(str(keep)) if keep else TemporaryDirectory() as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        slow = _sqlite(Path(folder), offices, seconds)
        if programs() and "--sqlite" not in arguments:
            slow += _postgresql(Path(folder), offices, seconds)
    for line in slow:
        print(line)
    return 1 if slow else 0


def _sqlite(folder: Path, offices: int, seconds: float) -> list[str]:
    file = folder / "duban.db"
    url = f"sqlite:///{file}"
    if not file.exists():
        _fill(url, folder, offices)
    return _measure("SQLite", url, folder, seconds)


def _postgresql(folder: Path, offices: int, seconds: float) -> list[str]:
    cluster = Cluster(shared_buffers="128MB")
    try:
        cluster.start()
        url = cluster.create("country")
        _fill(url, folder, offices)
        return _measure("PostgreSQL", url, folder, seconds)
    finally:
        cluster.close()


def _fill(url: str, folder: Path, offices: int) -> None:
    begun = time.perf_counter()
    fill(url, folder, offices)
    print(f"filled {offices} offices in {time.perf_counter() - begun:.0f} s", flush=True)


def _measure(label: str, url: str, folder: Path, seconds: float) -> list[str]:
    site = Site(settings(url, folder), now=lambda: NOW)
    visits = Visits(site)
    plan = visits.plan(CLIENTS)
    with _server(url, folder) as address:
        _ask(address, 3.0, plan)
        answers = _ask(address, seconds, plan)
    site.database.close()
    times: dict[str, list[float]] = answers["times"]
    return _show(label, visits, times, seconds) + [
        f"{label}: {page} answered {status}" for page, status in answers["wrong"]
    ]


@contextmanager
def _server(url: str, folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.console.server", url, str(folder), str(PROCESSES)]
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            address = server.stdout.readline().strip()
            print(f"the server answers after {time.perf_counter() - begun:.1f} s", flush=True)
            yield address
        finally:
            server.terminate()


def _ask(address: str, seconds: float, plan: list[list[tuple[str, str, str]]]) -> dict:  # type: ignore[type-arg]
    command = [sys.executable, "-m", "benchmarks.console.clients", address, str(seconds)]
    said = subprocess.run(
        command, cwd=REPOSITORY, input=json.dumps(plan), capture_output=True, text=True, check=True
    )
    return dict(json.loads(said.stdout))


def _show(label: str, visits: Visits, times: dict[str, list[float]], seconds: float) -> list[str]:
    every = [one for some in times.values() for one in some]
    print(f"\n{label}: {len(every) / seconds:.0f} pages a second, {CLIENTS} clients")
    print(f"{'':44}{'answers':>8}{'queries':>8}{'p50':>8}{'p95':>8}{'max':>8}")
    slow = []
    for path in sorted(visits.pages):
        page = visits.pages[path]
        some = sorted(times.get(path, ()))
        if not page.html or not some:
            print(f"{path:44}{'file' if not page.html else '-':>8}{page.queries:8}")
            continue
        p95 = some[min(len(some) - 1, int(len(some) * 0.95))]
        middle = statistics.median(some)
        print(f"{path:44}{len(some):8}{page.queries:8}{middle:8.1f}{p95:8.1f}{some[-1]:8.1f}")
        if p95 > TARGET:
            slow.append(f"{label}: {path} takes {p95:.0f} ms")
    for path in visits.shut:
        print(f"{path:44}{'shut':>8}")
    return slow


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
