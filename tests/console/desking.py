"""What the tests of the desk share: an item's number and page, and its forms as a browser sends them."""

from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from duban.assignment import Assignment
from duban.completion import Act
from duban.request import Kind
from flows.premises import today
from state import assignments, requests
from state.scope import Scope
from state.tables import assignment
from tests.console.conftest import OFFICE, House
from tests.console.pagereader import Page

PLAN = "ceshi/shui/2026/plan/shuili"
BASE = f"/o/{OFFICE}"


def row(house: House, key: str = PLAN) -> int:
    with house.site.database.reading() as connection:
        found = connection.scalar(select(assignment.c.id).where(assignment.c.key == key))
    assert found
    return int(found)


def item(house: House, key: str = PLAN) -> Assignment:
    with house.site.database.reading() as connection:
        return assignments.find(connection, key)


def do(house: House, doing: Act, key: str = PLAN) -> None:
    """As the command line does it."""
    desk, _ = house.site.desk(OFFICE)
    with house.site.database.writing() as connection:
        day = today(desk.office, house.now)
        assignments.act(connection, desk, key, doing, at=house.now, today=day, actor="张三")


def ask(house: House, kind: Kind, key: str = PLAN, **more: object) -> int:
    """A department's request; its number."""
    desk, _ = house.site.desk(OFFICE)
    with house.site.database.writing() as connection:
        made = requests.ask(
            connection,
            Scope(OFFICE),
            row(house, key),
            kind,
            at=house.now,
            today=today(desk.office, house.now),
            actor="张三（自称，市水利局）",
            via="link 10.0.0.8",
            reason="人手不够",
            **more,  # type: ignore[arg-type]
        )
    return made.id


def page(browser: TestClient, path: str) -> Page:
    said = browser.get(path)
    assert said.status_code == 200, said.text
    return Page(said.text)


def send(browser: TestClient, shown: Page, action: str, **values: str) -> Response:
    """The form of that address on the page, filled in."""
    form = shown.form(action)
    return browser.post(form.action, data=form.filled(**values))
