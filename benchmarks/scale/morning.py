"""A peak morning: every letter is bundled, frozen and handed to the sink, by one process and by two."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.delivery import freezing
from benchmarks.delivery.crew import Run
from benchmarks.delivery.crew import measure as run_together
from benchmarks.delivery.crew import ours as command
from benchmarks.delivery.sink import Sink
from benchmarks.delivery.stock import Place
from benchmarks.delivery.stock import fill as fill_queue
from benchmarks.delivery.table import Target
from benchmarks.scale import peak
from benchmarks.scale.ground import Ground
from benchmarks.scale.peak import Peak
from benchmarks.scale.worker import site_of

SHARE = 0.6
"""Of what freezing and sending alone would give."""
LETTERS, MAILS = 3000, 10_000
"""Of what is compared with."""
CONNECTIONS = 4


def measure(ground: Ground, counties: int) -> Iterator[Target]:
    name = ground.country(counties)
    site = site_of(ground.cluster.url(name), ground.folder, 25)
    chosen = peak.find(site)
    site.database.close()
    print(
        f"\nA morning with {chosen.due:,} of {chosen.items:,} items due, {chosen.at:%Y-%m-%d %H:%M}"
    )
    print(
        f"{'':46}{'processes':>10}{'letters':>10}{'letters/s':>12}{'CPU s each':>12}{'peak MB':>9}"
    )
    for processes in (1, 2):
        frozen, sent = _alone(ground, processes, chosen.each)
        both = 1 / (1 / frozen.rate + 1 / sent.rate)
        _show(f"freezing alone, {chosen.each} items (benchmarks.delivery)", processes, frozen)
        _show("sending alone (benchmarks.delivery)", processes, sent)
        done = whole(ground, name, chosen, processes)
        _show("the morning", processes, done)
        words = (
            f"the morning / freezing and sending alone, {processes} process{'es' * (processes > 1)}"
        )
        yield Target(words, done.rate / both, SHARE)


def whole(ground: Ground, name: str, chosen: Peak, processes: int) -> Run:
    """Each process writes its part and sends what waits."""
    with ground.copy(name) as url, Sink() as sink, TemporaryDirectory() as folder:
        site = site_of(url, Path(folder), sink.port)
        peak.settle(site, chosen.at)
        site.database.close()
        at = chosen.at.replace(tzinfo=None).isoformat()
        parts = [f"{number}/{processes}" for number in range(1, processes + 1)]
        return run_together(
            [
                command("benchmarks.scale.worker", url, folder, sink.port, part, at, CONNECTIONS)
                for part in parts
            ],
            None,
            sink,
        )


def _alone(ground: Ground, processes: int, items: int) -> tuple[Run, Run]:
    """What freezing letters of so many items and sending do by themselves here and now."""
    with _databases(ground, processes, items) as (mornings, waiting):
        frozen = run_together(
            [command("benchmarks.delivery.freezing", url) for url in mornings],
            LETTERS * processes,
        )
        with Sink() as sink, TemporaryDirectory() as folder:
            sender = command("benchmarks.delivery.sender", waiting, folder, sink.port, CONNECTIONS)
            sent = run_together([sender] * processes, MAILS, sink)
    return frozen, sent


@contextmanager
def _databases(ground: Ground, processes: int, items: int) -> Iterator[tuple[list[str], str]]:
    """A morning for each process that freezes, and a queue for all that send."""
    names = [f"alone_{number}" for number in range(processes + 1)]
    for name in names:
        ground.cluster.drop(name)
    urls = [ground.cluster.create(name) for name in names]
    try:
        with TemporaryDirectory() as folder:
            for url in urls[1:]:
                freezing.fill(Place(url, Path(folder)), LETTERS, (items,))
            fill_queue(Place(urls[0], Path(folder)), MAILS)
        yield urls[1:], urls[0]
    finally:
        for name in names:
            ground.cluster.drop(name)


def _show(what: str, processes: int, run: Run) -> None:
    print(
        f"{what:46}{processes:10}{run.mails:10,}{run.rate:12,.0f}{run.cpu or 0:12.1f}{run.peak or 0:9.0f}",
        flush=True,
    )
