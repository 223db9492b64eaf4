"""A site of our own for tests: a small book applied in a new database, mail caught on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from adapters.catcher import Catcher
from adapters.post import Server
from adapters.settings import load_settings
from app.reading import prepare
from duban.book import Book
from duban.completion import Act, State
from flows import applying
from flows.premises import Site, today, use
from flows.tick import Ticked, tick
from state import assignments
from tests.books import book

REPOSITORY = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class Sitting:
    site: Site
    catcher: Catcher

    async def tick(self, when: str, part: str = "") -> Ticked:
        use(self.site)
        return await tick(at(when), part=part)

    def apply(self, changed: Book, when: str = "2026-01-01T00:00") -> None:
        planned = applying.plan(self.site, changed, at(when))
        applying.apply(self.site, changed, planned, at(when), "王主任")

    def act(self, key: str, doing: Act, when: str) -> State:
        desk, _ = self.site.desk(key.split("/")[0])
        with self.site.database.writing() as connection:
            return assignments.act(
                connection,
                desk,
                key,
                doing,
                at=at(when),
                today=today(desk.office, at(when)),
                actor="李干事",
            ).state

    def recipients(self) -> list[str]:
        return [caught.recipient for caught in self.catcher.caught]


@asynccontextmanager
async def sitting(url: str, applied: Book | None = None) -> AsyncIterator[Sitting]:
    """On the database at `url`, in a place that never sent before."""
    with TemporaryDirectory() as seats:
        site = Site(load_settings(REPOSITORY, database=url, seats=Path(seats)))
        with closing(site.database):
            prepare(site)
            async with Catcher(None) as catcher:
                site.server = Server(host=catcher.host, port=catcher.port, tls="none")
                made = Sitting(site, catcher)
                made.apply(applied or book())
                yield made
