"""A million letters in the queue: do memory and speed stay what they are with ten thousand?"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.delivery.contender import Contender
from benchmarks.delivery.crew import Run, measure, ours
from benchmarks.delivery.mails import SHORT
from benchmarks.delivery.ours import FEW
from benchmarks.delivery.sink import Sink
from benchmarks.delivery.stock import Place, fill
from benchmarks.delivery.stores import Sqlite


def contenders(store: Sqlite, few: int, many: int) -> tuple[Contender, Contender]:
    """The first `few` letters are sent, `few` and `many` being queued; bodies of about 1 KB.

    The sender is stopped by its own limit a day, which is counted anew for every sink: another port is
    another server.
    """
    for letters in (few, many):
        store.make(f"crowd_{letters}", lambda url, n=letters: _fill(url, n))

    def of_few() -> Run:
        with store.copy(f"crowd_{few}") as url:
            return _send(url, few)

    def of_many() -> Run:
        """Always the same database, for copying it takes long: each time the next ones are sent."""
        return _send(f"sqlite:///{store.file(f'crowd_{many}')}", few)

    return Contender(f"{few:,} queued", of_few), Contender(f"{many:,} queued", of_many)


def _fill(url: str, letters: int) -> None:
    with TemporaryDirectory() as folder:
        fill(Place(url, Path(folder)), letters, SHORT, f"<p>{SHORT}</p>")


def _send(url: str, mails: int) -> Run:
    folder = Path(url.removeprefix("sqlite:///") + ".seats")
    with Sink() as sink:
        command = ours("benchmarks.delivery.sender", url, folder, sink.port, FEW, mails)
        return measure([command], mails, sink)
