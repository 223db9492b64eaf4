"""duban itself: claim, send, recorded, in processes of their own, from a database filled before."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.delivery.contender import Contender
from benchmarks.delivery.crew import Run, measure, ours
from benchmarks.delivery.sink import Sink
from benchmarks.delivery.stock import Place, fill
from benchmarks.delivery.stores import Store


def contenders(store: Store, mails: int, processes: list[int]) -> list[Contender]:
    """One for each number of processes; their seats share a folder, as on one machine."""
    name = f"duban_{mails}"

    def make(url: str) -> None:
        with TemporaryDirectory() as folder:
            fill(Place(url, Path(folder)), mails)

    store.make(name, make)
    return [
        Contender(f"duban, {store.label}", lambda n=n: once(store, name, mails, n), n)
        for n in processes
    ]


def once(store: Store, name: str, mails: int, processes: int = 1) -> Run:
    with Sink() as sink, store.copy(name) as url, TemporaryDirectory() as folder:
        command = ours("benchmarks.delivery.sender", url, folder, sink.port)
        return measure([command] * processes, mails, sink)
