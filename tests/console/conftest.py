"""A console on a small site, and browsers that are logged in to it; no network, no server."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from adapters.settings import load_settings
from app.console.application import application
from duban.account import Role
from duban.book import Book
from flows import applying
from flows.premises import Site, use
from flows.tick import tick
from state import accounts
from tests.books import book, contact
from tests.sitting import REPOSITORY, at

MORNING = "2026-03-02T10:00"
HOST = "http://duban.test"
OFFICE = "ceshi"


@dataclass
class House:
    """One site with its console. `now` is the clock of both."""

    site: Site
    client: Callable[[], TestClient]
    now: datetime

    def apply(self, changed: Book) -> None:
        planned = applying.plan(self.site, changed, self.now)
        applying.apply(self.site, changed, planned, self.now, "王主任")

    def wind(self, moment: str) -> None:
        self.now = at(moment)

    def account(
        self, login: str, *roles: Role, offices: tuple[str, ...] = (), password: str = ""
    ) -> accounts.Account:
        with self.site.database.writing() as connection:
            return accounts.add(
                connection,
                login,
                f"{login}同志",
                frozenset(roles),
                frozenset(offices),
                password,
                at=self.now,
                by="test",
                must_change=False,
            )

    def browser(self, *roles: Role, login: str = "", offices: tuple[str, ...] = ()) -> TestClient:
        """Logged in as a new account with these roles."""
        who = self.account(login or "-".join(sorted(roles)), *roles, offices=offices)
        with self.site.database.writing() as connection:
            token = accounts.begin(connection, who, "127.0.0.1", at=self.now)
        made = self.client()
        made.cookies.set("duban", token)
        return made

    async def tick(self) -> None:
        use(self.site)
        await tick(self.now)


def people() -> list[dict[str, object]]:
    return [
        contact("市水利局", "liaison@shuili.ceshi.example"),
        contact("市科协", "liaison@kexie.ceshi.example"),
        contact("市科技局", "liaison@keji.ceshi.example"),
        contact(None, "boss@kx.ceshi.example", "管理者"),
        contact(None, "desk@kx.ceshi.example", "经办人"),
    ]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The small book of tests.books, applied, on 2 March 2026 at ten; on both databases."""
    yield from make_house(database_url, tmp_path)


@pytest.fixture
def cottage(migrated_file: Path, tmp_path: Path) -> Iterator[House]:
    """The same on SQLite alone, for what the database has no part in."""
    file = tmp_path / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    yield from make_house(f"sqlite:///{file}", tmp_path)


def make_house(
    url: str, folder: Path, home: Path | None = None, applied: Book | None = None
) -> Iterator[House]:
    """`folder`: for what the site writes. `home`: its own files; None: only templates and timetable."""
    settings = load_settings(
        home or _bare(folder / "site"),
        database=url,
        seats=folder / "seats",
        mail={"folder": folder / "mail"},
        console={
            "url": HOST,
            "secret_file": folder / "secret",
            "uploads": folder / "uploads",
        },
    )
    made: list[House] = []
    site = Site(settings, now=lambda: made[0].now)
    app = application(site)

    def client() -> TestClient:
        return TestClient(app, base_url=HOST, raise_server_exceptions=False, follow_redirects=False)

    made.append(House(site, client, at(MORNING)))
    with closing(site.database):
        made[0].apply(applied or book(contacts=people()))
        yield made[0]


def _bare(home: Path) -> Path:
    """A site's folder without calendar and offices: what the console writes there is all there is."""
    (home / "config").mkdir(parents=True)
    (home / "templates").symlink_to(REPOSITORY / "templates")
    (home / "config" / "timetable.yaml").symlink_to(REPOSITORY / "config" / "timetable.yaml")
    return home
