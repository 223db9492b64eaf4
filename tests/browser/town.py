"""A site with a real web server and a real mailbox, on a clock of its own: what browsers visit."""

import asyncio
import re
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Page

from adapters.catcher import Caught, read_mails
from adapters.passwords import encode
from adapters.settings import load_settings
from app.console.server import beside
from app.reading import prepare, read_book
from duban.account import Account, Role
from flows import applying
from flows.premises import Site, use
from flows.tick import Ticked, tick
from state import accounts
from tests.sites import CONTACTS, PROGRAMME, YEAR, write_site
from tests.sitting import REPOSITORY, at

OFFICE = "cq"
MORNING = "2026-03-02T09:00"
MANAGER = "leader@kx.cq.example"
TARGET = """\
  - id: literacy
    kind: 目标
    name: 公民具备科学素质比例
    lead: 市科协
    steps: [{id: value, name: 年度进展, due: 12月31日}]
    measure:
      unit: "%"
      baseline: {year: 2020, value: "10.20"}
      target: {year: 2025, value: 15}
      values: [{year: 2021, value: "11.3"}, {year: 2022, value: "11.5"}]
"""
LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
PASSWORD = "Chuntian-2026-hua-kai"


@dataclass
class Town:
    site: Site
    home: Path
    address: str
    now: datetime

    def wind(self, moment: str) -> None:
        self.now = at(moment)

    def tick(self) -> Ticked:
        """In a thread of its own: a test that drives a browser cannot wait for a coroutine."""

        def work() -> Ticked:
            use(self.site)
            return asyncio.run(tick(self.now))

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work).result(120)

    def mails(self, recipient: str) -> list[Caught]:
        """Those that were caught for that address, in their order."""
        folder = self.site.settings.path(self.site.settings.mail.folder)
        return [mail for mail in read_mails(folder) if mail.recipient == recipient]

    def newest(self, recipient: str) -> Caught:
        return self.mails(recipient)[-1]

    def link(self, recipient: str) -> str:
        """The address in the newest mail that the recipient has."""
        found = LINK.search(self.newest(recipient).part("plain"))
        assert found, f"no link in the mail to {recipient}"
        return found[0]

    def account(self, login: str, *roles: Role) -> Account:
        """With PASSWORD."""
        with self.site.database.writing() as connection:
            return accounts.add(
                connection,
                login,
                f"{login}同志",
                frozenset(roles),
                frozenset(),
                encode(PASSWORD),
                at=self.now,
                by="test",
                must_change=False,
            )

    def enter(self, page: Page, login: str, *roles: Role) -> None:
        """Logged in without the log-in page."""
        with self.site.database.writing() as connection:
            known = accounts.find(connection, login)
        who = known.account if known else self.account(login, *roles)
        with self.site.database.writing() as connection:
            token = accounts.begin(connection, who, "127.0.0.1", at=self.now)
        page.context.add_cookies([{"name": "duban", "value": token, "url": self.address}])

    def log_in(self, page: Page, login: str) -> None:
        """As a person does."""
        page.goto(f"{self.address}/login")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button").first.click()


def open_town(folder: Path) -> Iterator[Town]:
    """The tiny site of tests.sites, applied, on 2 March 2026 at nine, with nobody told yet."""
    home = write_site(
        folder / "home", contacts=_contacts(), year=_year(), programme=PROGRAMME + TARGET
    )
    shutil.copytree(REPOSITORY / "templates", home / "templates")
    shutil.copy(REPOSITORY / "config/timetable.yaml", home / "config")
    port = _free_port()
    settings = load_settings(
        home,
        database=f"sqlite:///{folder}/duban.db",
        seats=folder / "seats",
        mail={"folder": folder / "mail"},
        console={
            "url": f"http://127.0.0.1:{port}",
            "port": port,
            "secret_file": folder / "secret",
            "uploads": folder / "uploads",
            "audit_to": "seals@jijian.cq.example",
        },
    )
    made: list[Town] = []
    site = Site(settings, now=lambda: made[0].now)
    with closing(site.database):
        prepare(site)
        made.append(Town(site, home, settings.console.url, at(MORNING)))
        book = read_book(home)
        applying.apply(site, book, applying.plan(site, book, made[0].now), made[0].now, "王主任")
        with beside(site):
            yield made[0]


def _contacts() -> str:
    return f"{CONTACTS}  - {{name: 钱主任, email: {MANAGER}, role: 管理者}}\n"


def _year() -> str:
    """With an activity whose days are announced every year; of another, supporting departments report
    to the one that leads."""
    support = "    support: 市科协、市教委\n"
    to_the_lead = YEAR.replace(support, f"{support}    report_to: 牵头单位\n")
    return f"{to_the_lead}  - {{activity: 全国节能宣传周, lead: 市科协, steps: day}}\n"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
