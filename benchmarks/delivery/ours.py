"""duban itself: claim, send, recorded, in processes of their own, from a database filled before."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.delivery.contender import Contender
from benchmarks.delivery.crew import Run, measure, ours
from benchmarks.delivery.sink import Sink
from benchmarks.delivery.stock import Place, fill
from benchmarks.delivery.stores import Store

FEW, MANY = 4, 40
"""Connections of each process: as duban comes, and as it may be set for a server that takes more."""


def contenders(store: Store, mails: int, processes: list[int]) -> list[Contender]:
    """For each number of processes, with few and many connections each."""
    name = f"duban_{mails}"

    def make(url: str) -> None:
        with TemporaryDirectory() as folder:
            fill(Place(url, Path(folder)), mails)

    store.make(name, make)
    return [
        Contender(
            f"duban, {store.label}, {lines} connections",
            lambda n=n, lines=lines: once(store, name, mails, n, lines),
            n,
        )
        for n in processes
        for lines in (FEW, MANY)
    ]


def once(store: Store, name: str, mails: int, processes: int, connections: int) -> Run:
    """The processes' seats share a folder, as on one machine."""
    with Sink() as sink, store.copy(name) as url, TemporaryDirectory() as folder:
        command = ours("benchmarks.delivery.sender", url, folder, sink.port, connections)
        return measure([command] * processes, mails, sink)
