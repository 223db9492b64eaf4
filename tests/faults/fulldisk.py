"""The disk under SQLite is full, again and again: before a round, and in the middle of one."""

import asyncio
import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flows.delivery import deliver
from flows.premises import Site
from state.database import DatabaseFault
from tests.faults.account import join
from tests.faults.crashes import blamed
from tests.faults.figures import Figures, of
from tests.faults.ground import START, open_site, sqlite
from tests.faults.outbox import fill
from tests.faults.sender import send_all
from tests.faults.sink import Sink

SIZE = "2m"
CONNECTIONS = 2
EACH = 8
"""Letters for each cycle."""
LINES = 2


class NoDisk(Exception):
    """A disk of our own cannot be had here; says why."""


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of SIZE at `folder`. Raises NoDisk."""
    folder.mkdir()
    if os.geteuid() != 0:
        raise NoDisk("only root can mount a disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        raise NoDisk(f"a disk cannot be mounted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def measure(folder: Path, cycles: int = 50) -> list[Figures]:
    """Nothing where no disk can be mounted."""
    try:
        with small_disk(folder / "disk") as disk:
            return [asyncio.run(_Play(disk, folder / "log").run(cycles))]
    except NoDisk as reason:
        print(f"full disk left out: {reason}")
        return []


class _Play:
    def __init__(self, disk: Path, log: Path) -> None:
        self.ballast, self.log = disk / "ballast", log
        self.site: Site = open_site(sqlite(disk), connections=CONNECTIONS)
        self.wrong: list[str] = []
        self.faults = 0

    async def run(self, cycles: int) -> Figures:
        promised: list[str] = []
        async with Sink(self.log) as sink:
            assert self.site.server
            self.site.server = replace(self.site.server, port=sink.port)
            for number in range(cycles):
                promised += fill(
                    self.site.database, EACH, at=START, first=number * EACH, lines=LINES
                )
                await (self._in_the_middle(sink) if number % 2 else self._before())
                self.ballast.unlink(missing_ok=True)
                await send_all(self.site, START)
        account = join(self.site.database, self.log, promised)
        self.wrong += blamed(self.site.database)
        if account.states["accepted"] != len(promised):
            self.wrong.append(f"not everything is sent: {account.states}")
        if self.faults < cycles:
            self.wrong.append(f"the full disk was noticed only {self.faults} times")
        self.site.database.close()
        return of("disk full under SQLite", account, cycles, self.wrong)

    async def _before(self) -> None:
        """Full before anything is claimed: nothing is."""
        self.site.database.close()
        self._fill_up()
        before = self._sent()
        await self._try()
        if gone := self._sent() - before:
            self.wrong.append(f"{gone} mails were sent from a full disk")

    async def _in_the_middle(self, sink: Sink) -> None:
        """Full when the first letter is about to be begun."""

        def watch(step: str, _: int) -> None:
            if step == "354" and not self.ballast.exists():
                self._fill_up()

        sink.watch = watch
        await self._try()
        sink.watch = lambda *_: None
        before = self._sent()
        self.site.database.close()
        self._fill_up()  # what SQLite's log leaves free
        await self._try()
        if gone := self._sent() - before:
            self.wrong.append(f"{gone} mails were sent while the disk was full")

    async def _try(self) -> None:
        try:
            await deliver(self.site, START)
        except DatabaseFault as fault:
            self.faults += 1
            if "磁盘已满" not in str(fault):
                self.wrong.append(f"not to be understood: {fault}")

    def _fill_up(self) -> None:
        with self.ballast.open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError as fault:
                    if fault.errno != errno.ENOSPC:
                        raise

    def _sent(self) -> int:
        return len(self.log.read_bytes().splitlines())
