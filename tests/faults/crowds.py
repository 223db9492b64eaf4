"""Two senders and two schedulers on PostgreSQL, killed at random; and the database itself is crashed."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.account import join
from tests.faults.figures import Figures, of
from tests.faults.ground import found
from tests.faults.kills import open_ones, too_many
from tests.faults.roles import Place, Role, schedule, send_on, send_until_empty
from tests.faults.sink import SinkProcess
from tests.postgres import Cluster

CONNECTIONS = 2
PORTION = 25
"""Letters that a scheduler writes in one transaction."""
PORTIONS = 40
"""That one scheduler writes in its life, unless it is killed before."""
FEW = 8
"""Portions, where all is over soon."""
MILLION = 1_000_000
PAUSE = 0.6
"""Seconds between two kills, at most."""


@dataclass
class Crowd:
    """Two of each; who is killed, or ends, is replaced."""

    place: Place
    folder: Path
    portions: int = PORTIONS
    senders: list[Role] = field(default_factory=list)
    schedulers: list[Role] = field(default_factory=list)
    born: int = 0

    def sender(self) -> Role:
        return Role(send_on, self.place, self.folder / "stop")

    def scheduler(self) -> Role:
        """Its letters have numbers of their own."""
        self.born += 1
        promises = self.folder / f"promises-{self.born}"
        return Role(schedule, self.place, self.born * MILLION, self.portions, PORTION, promises)

    def begin(self) -> None:
        self.senders = [self.sender(), self.sender()]
        self.schedulers = [self.scheduler(), self.scheduler()]
        for role in (*self.senders, *self.schedulers):
            assert role.await_ready(), "it did not start"

    def replace_ended(self) -> None:
        for number, role in enumerate(self.schedulers):
            if not role.alive:
                assert role.end() == 0, "a scheduler failed"
                self.schedulers[number] = self.scheduler()
        assert all(role.alive for role in self.senders), "a sender failed"

    def kill_one(self, dice: random.Random) -> bool:
        """Half the kills strike a sender in the middle of its work."""
        roles, make = dice.choice(
            ((self.senders, self.sender), (self.schedulers, self.scheduler)),
        )
        number = dice.randrange(2)
        killed = roles[number].kill()
        roles[number] = make()
        return killed

    def finish(self) -> None:
        """Schedulers write what they have, senders send it."""
        for role in self.schedulers:
            assert role.end() == 0, "a scheduler failed"
        (self.folder / "stop").touch()
        for role in self.senders:
            assert role.end() == 0, "a sender failed"
        assert Role(send_until_empty, self.place).end() == 0

    @property
    def promised(self) -> list[str]:
        files = sorted(self.folder.glob("promises-*"))
        return [name for file in files for name in file.read_text().split("\n")[:-1]]


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Whose commits survive a power cut."""
    cluster = Cluster(lasting=True)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


def postgres_kills(folder: Path, kills: int = 500) -> list[Figures]:
    """kill -9 of senders and schedulers, at random."""
    dice = random.Random(kills)
    with own_cluster() as cluster:

        def strike(crowd: Crowd, number: int) -> int:
            return crowd.kill_one(dice)

        return _play(folder, cluster, "kill -9 at random, PostgreSQL", kills, dice, strike)


def _play(
    folder: Path,
    cluster: Cluster,
    name: str,
    times: int,
    dice: random.Random,
    strike: Callable[[Crowd, int], int],
) -> list[Figures]:
    """`strike` says how many faults it did."""
    url = found(cluster.create("faults"), folder / "seats")
    done = 0
    with SinkProcess(folder / "log") as sink:
        place = Place(url, sink.port, CONNECTIONS, folder / "seats")
        crowd = Crowd(place, folder, PORTIONS if times > 50 else FEW)
        crowd.begin()
        for number in range(times):
            wait(dice.uniform(0, PAUSE))
            crowd.replace_ended()
            done += strike(crowd, number)
        crowd.finish()
    site = crowd.place.open()
    account = join(site.database, folder / "log", crowd.promised)
    site.database.close()
    flying = done * CONNECTIONS * (1 if "kill" in name else 2)
    more = too_many(account, flying) + open_ones(account)
    return [of(name, account, done, more)]


def wait(seconds: float) -> None:
    """The moment of a fault is a matter of time, of nothing else."""
    threading.Event().wait(seconds)
