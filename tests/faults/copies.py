"""A database that was copied, or restored, or whose place lost its seat sends nothing by itself."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from flows import gate
from flows.delivery import deliver
from flows.premises import Site
from state.database import Database
from state.tables import delivery, letter
from tests.faults.account import join
from tests.faults.figures import Figures
from tests.faults.ground import START, found, open_site
from tests.faults.outbox import fill
from tests.faults.sink import Sink
from tests.postgres import Cluster, programs

LETTERS = 6


@dataclass
class Ground:
    """One database, its place, and a copy that was made of it in time."""

    folder: Path
    url: str
    seats: Path
    copied: Callable[[str], str]
    """URL of the database -> URL of a copy."""
    restored: Callable[[str, str], None]
    """URL of the copy, URL of the database that it takes the place of."""
    backup: str = ""


def elsewhere(ground: Ground) -> str:
    """Copied, and used from the same machine."""
    return ground.copied(ground.url)


def restored(ground: Ground) -> str:
    """An older backup in the place of the database."""
    ground.restored(ground.backup, ground.url)
    return ground.url


def lost(ground: Ground) -> str:
    """The folder of the seats is gone."""
    shutil.rmtree(ground.seats)
    return ground.url


@dataclass(frozen=True)
class Case:
    name: str
    damage: Callable[[Ground], str]
    """Returns the URL of the database to send from now."""
    backup_at: int = 0
    """When so many mails were kept, in the middle of a round; 0: before the round."""
    again: bool = False
    """What was sent since the backup goes out once more when somebody confirms."""


CASES = (
    Case("copied", elsewhere),
    Case("restored", restored, again=True),
    Case("restored from the middle of a round", restored, backup_at=3, again=True),
    Case("seat lost", lost),
)


def measure(folder: Path) -> list[Figures]:
    figures = [_measure(folder / "sqlite", "SQLite copied or restored", _sqlite, CASES)]
    if programs():
        cluster = Cluster()
        try:
            cluster.start()
            cases = [case for case in CASES if not case.backup_at]
            name = "PostgreSQL copied or restored"
            make = _Postgres(cluster)
            figures.append(_measure(folder / "postgresql", name, make, cases))
        finally:
            cluster.close()
    return figures


def _measure(
    folder: Path, name: str, make: Callable[[Path], Ground], cases: Sequence[Case]
) -> Figures:
    mails, wrong = 0, []
    for number, case in enumerate(cases):
        place = folder / str(number)
        place.mkdir(parents=True)
        complaints = asyncio.run(_play(make(place), case))
        wrong += [f"{case.name}: {words}" for words in complaints]
        mails += 2 * LETTERS
    return Figures(name, mails, len(cases), complaints=tuple(wrong))


async def _play(ground: Ground, case: Case) -> list[str]:
    site, log = open_site(ground.url, seats=ground.seats), ground.folder / "log"
    fill(site.database, LETTERS, at=START)
    if not case.backup_at:
        site.database.close()
        ground.backup = ground.copied(ground.url)

    def watch(step: str, _: int) -> None:
        nonlocal left
        left -= step == "logged"
        if left == 0 and not ground.backup:
            ground.backup = ground.copied(ground.url)

    left = case.backup_at
    async with Sink(log, watch=watch) as sink:
        await _sent(site, sink.port)
        fill(site.database, LETTERS, at=START, first=LETTERS)
        site.database.close()
        copy = open_site(case.damage(ground), seats=ground.seats)
        wrong = await _judge(copy, sink.port, log)
    if not case.again:
        account = join(copy.database, log)
        wrong += account.lost + account.unexplained
        wrong += [f"{account.duplicates} duplicates"] * bool(account.duplicates)
    copy.database.close()
    return wrong


async def _judge(copy: Site, port: int, log: Path) -> list[str]:
    wrong, before, due = [], _lines(log), _queued(copy.database)
    for later in 0, 1:
        reason = await _sent(copy, port, START + timedelta(hours=later))
        if "duban outbox confirm" not in reason:
            wrong.append(f"nobody is told what to do: {reason!r}")
    if _lines(log) != before:
        wrong.append(f"{len(_lines(log)) - len(before)} mails went out unconfirmed")
    if gate.doubt(copy) is None:
        wrong.append("no doubt is shown")
    gate.confirm(copy, at=START + timedelta(hours=1), by="王主任")
    for later in 1, 2:
        if reason := await _sent(copy, port, START + timedelta(hours=later)):
            wrong.append(f"confirmed, and nothing goes: {reason}")
    now = sorted(line.split()[0] for line in _lines(log)[len(before) :])
    if now != due or not due:
        wrong.append(f"{now} went out, {due} were due")
    if len({line.split()[0] for line in _lines(log)}) != len({*_lines(log)}):
        wrong.append("a second copy has other bytes")
    return wrong


async def _sent(site: Site, port: int, at=START) -> str:
    assert site.server
    site.server = replace(site.server, port=port)
    return (await deliver(site, at)).closed


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines()


def _queued(database: Database) -> list[str]:
    query = (
        select(letter.c.message_id)
        .join(delivery, delivery.c.letter_id == letter.c.id)
        .where(delivery.c.state.in_(["queued", "sending"]))
        .order_by(letter.c.message_id)
    )
    with database.reading() as connection:
        return list(connection.scalars(query))


def _sqlite(folder: Path) -> Ground:
    """Copies are made by SQLite's own backup, while it is in use."""

    def copied(url: str) -> str:
        to = folder / "copy" / "duban.db"
        to.parent.mkdir(exist_ok=True)
        to.unlink(missing_ok=True)
        with sqlite3.connect(_path(url)) as source, sqlite3.connect(to) as target:
            source.backup(target)
        source.close()
        target.close()
        return f"sqlite:///{to}"

    def restored(copy: str, url: str) -> None:
        shutil.copy(_path(copy), _path(url))

    url = found(f"sqlite:///{folder / 'duban.db'}", folder / "seats")
    return Ground(folder, url, folder / "seats", copied, restored)


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


class _Postgres:
    """Copies are made by CREATE DATABASE ... TEMPLATE, while nobody is connected."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.numbers = 0

    def __call__(self, folder: Path) -> Ground:
        name = self._name()
        url = found(self.cluster.create(name), folder / "seats")

        def copied(url: str) -> str:
            return self.cluster.create(self._name(), _database(url))

        def restored(copy: str, url: str) -> None:
            self.cluster.drop(_database(url))
            self.cluster.create(_database(url), _database(copy))

        return Ground(folder, url, folder / "seats", copied, restored)

    def _name(self) -> str:
        self.numbers += 1
        return f"site{self.numbers}"


def _database(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]
