"""A stand: one database that is laid out anew, queued letters and all, for one try after another."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TypeVar

from tests.faults.ground import START, hurry, open_site, sqlite
from tests.faults.outbox import fill

Try = TypeVar("Try")


def template(folder: Path, letters: int = 1, *, lines: int = 20, small: int = 0) -> Path:
    """A database with queued letters, `small` ones behind those of so many lines."""
    folder.mkdir()
    site = open_site(sqlite(folder))
    fill(site.database, letters, at=START, lines=lines)
    fill(site.database, small, at=START, first=letters)
    site.database.close()
    return folder / "duban.db"


class Stand:
    """Its site stays open, so that nothing is loaded or compiled twice; commits wait for no disk."""

    def __init__(self, path: Path, *, connections: int = 1) -> None:
        self.path = path
        self.site = open_site(f"sqlite:///{path}", connections=connections)
        hurry(self.site.database)

    def renew(self, template: Path) -> None:
        self.clear()
        shutil.copy(template, self.path)

    def clear(self) -> None:
        self.site.database.close()
        shutil.rmtree(self.site.settings.seats, ignore_errors=True)
        self.path.unlink(missing_ok=True)


async def try_all(
    stands: Iterable[Stand], tries: Iterable[Try], play: Callable[[Stand, Try], Awaitable[None]]
) -> None:
    """Each try on the next stand that is free."""
    queue = iter(tries)

    async def stay(stand: Stand) -> None:
        for one in queue:
            await play(stand, one)
        stand.clear()

    async with asyncio.TaskGroup() as group:
        for stand in stands:
            group.create_task(stay(stand))
