"""What is visited: every page of the doors, as somebody who may see it, and how many queries it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import event as listening
from sqlalchemy import select
from starlette.testclient import TestClient

from adapters import links
from app.console.application import application
from app.console.door import Door
from app.console.routes import DOORS
from benchmarks.console.country import NOW, STRIDE, name
from duban.account import Role
from flows.premises import Site
from state import accounts, tables
from tests.doors import addresses

UNTIL = date(2027, 1, 1)
MACHINES = ("/healthz", "/readyz", "/metrics")
ROLES = (Role.SECRETARIAT, Role.SECRETARIAT, Role.SECRETARIAT, Role.MANAGER, Role.AUDITOR)
"""Of the clients, one after the other; beside each of them stands somebody with a link."""
WORDS = ("a3", "d1", "2026", "notice", "body.html", "today")


@dataclass
class Page:
    """One door as it was found to open."""

    label: str
    path: str
    queries: int
    html: bool


@dataclass
class Visits:
    site: Site
    pages: dict[str, Page] = field(default_factory=dict)
    shut: list[str] = field(default_factory=list)
    """Doors that nobody could open."""

    def plan(self, clients: int) -> list[list[tuple[str, str, str]]]:
        """For each client: [label, path, cookie], each of another office."""
        return [self._steps(number) for number in range(clients)]

    def _steps(self, number: int) -> list[tuple[str, str, str]]:
        browser = _browser(self.site, number, ROLES[number % len(ROLES)])
        steps = []
        for door in _doors():
            page = _opened(self.site, browser, door, number)
            if page:
                self.pages.setdefault(page.label, page)
                if page.html:
                    steps.append((page.label, page.path, f"duban={browser.cookies['duban']}"))
        self.shut = [door.path for door in _doors() if door.path not in self.pages]
        return steps


def _doors() -> list[Door]:
    return [door for door in DOORS if door.method == "GET" and door.path not in MACHINES]


def _browser(site: Site, number: int, role: Role) -> TestClient:
    """Logged in at its office; every fifth one at all of them."""
    login = f"client{number}"
    roles = frozenset({role, Role.ADMINISTRATOR} if number % 10 == 0 else {role})
    offices = frozenset() if role is Role.AUDITOR else frozenset({name(number)})
    with site.database.writing() as connection:
        if not accounts.find(connection, login):
            who = f"第{number}位"
            said = {"at": NOW, "by": "benchmark", "must_change": False}
            accounts.add(connection, login, who, roles, offices, "", **said)  # type: ignore[arg-type]
        known = accounts.find(connection, login)
        assert known
        token = accounts.begin(connection, known.account, "127.0.0.1", at=NOW)
    made = TestClient(application(site), base_url="http://duban.test", follow_redirects=False)
    made.cookies.set("duban", token)
    return made


def _opened(site: Site, browser: TestClient, door: Door, number: int) -> Page | None:
    """The first address of the door that opens; None where this visitor finds none."""
    for path in addresses(door, lambda one: _choices(site, one, number)):
        with _counting(site) as queries:
            answer = browser.get(path)
        if answer.status_code == 200:
            html = answer.headers.get("content-type", "").startswith("text/html")
            return Page(door.path, path, len(queries), html)
    return None


def _choices(site: Site, parameter: str, number: int) -> list[str]:
    if parameter == "office":
        return [name(number)]
    if parameter == "token":
        return _tokens(site, number)
    numbers = [str(one) for one in _numbers(site, number)]
    return [*numbers, *WORDS]


def _numbers(site: Site, number: int) -> list[int]:
    """Of a letter and an item that have something to tell, and whatever else has numbers."""
    of_office = (tables.letter, tables.assignment, tables.request)
    others = (tables.account, tables.applied, tables.template, tables.attachment)
    newest = _newest(number, tables.letter.c.departments != "")
    told = select(tables.letter_item.c.assignment_id).where(
        tables.letter_item.c.letter_id
        == newest.with_only_columns(tables.letter.c.id).scalar_subquery()
    )
    some = [
        select(table.c.id)
        .where(table.c.office == name(number) if table in of_office else True)
        .order_by(table.c.id.desc())
        for table in (*of_office, *others)
    ]
    with site.database.reading() as connection:
        return [found for query in (told, *some) for found in connection.scalars(query.limit(1))]


def _tokens(site: Site, number: int) -> list[str]:
    """Of the newest digest and the newest letter to a department."""
    c = tables.letter.c
    with site.database.reading() as connection:
        return [
            links.make(site.secret, found, UNTIL)
            for this in (c.kind == "digest", c.departments != "")
            for found in connection.scalars(_newest(number, this))
        ]


def _newest(number: int, this: Any) -> Any:
    """The Message-ID of that office's newest letter of which `this` holds."""
    c = tables.letter.c
    mine = c.id.between(number * STRIDE, (number + 1) * STRIDE - 1)
    return select(c.message_id).where(mine, this).order_by(c.id.desc()).limit(1)


@contextmanager
def _counting(site: Site) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    listening.listen(site.database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        listening.remove(site.database.engine, "before_cursor_execute", note)
