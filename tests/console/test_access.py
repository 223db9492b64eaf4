"""The access matrix: every door of the console, as every kind of visitor, at what is theirs and what is not.

It is made from DOORS: a door that is added is tried without a word here.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from adapters import links
from adapters.secret import text_of
from app.console.door import Door
from app.console.routes import DOORS
from duban.account import Right, Role
from state import accounts, tables
from state.database import Database
from tests import doors
from tests.console.conftest import HOST, OFFICE, House, make_house
from tests.console.foreign import DEPARTMENT, NUMBER, WORDS, book_of_two, furnish
from tests.console.foreign import OFFICE as OTHER
from tests.sitting import REPOSITORY

EVERYTHING = tuple(Role)
"""A visitor with every right that there is, in his own office."""


@dataclass
class Visitor:
    name: str
    browser: TestClient
    token: str
    """What his forms bring back."""
    rights: frozenset[Right]
    known: bool = True
    """Logged in."""


@dataclass
class Stage:
    house: House
    visitors: dict[str, Visitor]
    foreigner: Visitor
    """Of the other office, with every right there."""
    link: str
    """The token of a letter to the first office's department."""
    item: int
    """The number of the item that it speaks of."""


@pytest.fixture(scope="module")
def stage(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("access")
    file = folder / "duban.db"
    shutil.copy(migrated_file, file)
    home = folder / "home"
    for name in ("calendar", "config", "templates"):
        shutil.copytree(REPOSITORY / name, home / name)
    for house in make_house(f"sqlite:///{file}", folder, home, book_of_two()):
        furnish(house)
        yield _stage(house)


def _stage(house: House) -> Stage:
    made = {role.value: _visitor(house, role.value, (role,), OFFICE) for role in Role}
    made["all rights"] = _visitor(house, "everything", EVERYTHING, OFFICE)
    made["nobody"] = Visitor("nobody", house.client(), "", frozenset(), known=False)
    made["disabled"] = _visitor(house, "disabled", EVERYTHING, OFFICE)
    made["disabled"].known = False
    with house.site.database.writing() as connection:
        disabled = tables.account.c.login == "disabled"
        connection.execute(tables.account.update().where(disabled).values(disabled_at=house.now))
    foreigner = _visitor(house, "foreigner", EVERYTHING, OTHER)
    return Stage(house, made, foreigner, *_link(house))


def _visitor(house: House, name: str, roles: tuple[Role, ...], office: str) -> Visitor:
    who = house.account(name, *roles, offices=(office,))
    browser = house.client()
    return log_in(house, Visitor(name, browser, "", who.rights))


def log_in(house: House, visitor: Visitor) -> Visitor:
    """A new session, whatever became of the old one."""
    with house.site.database.writing() as connection:
        found = accounts.find(connection, visitor.name)
        assert found
        cookie = accounts.begin(connection, found.account, "127.0.0.1", at=house.now)
    visitor.browser.cookies.clear()
    visitor.browser.cookies.set("duban", cookie)
    session = accounts.hashed(cookie)
    visitor.token = text_of(house.site.secret.sign("form", session.encode()))
    return visitor


def _link(house: House) -> tuple[str, int]:
    """Of a letter to a department of the first office, and the number of its item."""
    with house.site.database.writing() as connection:
        item = connection.execute(
            select(tables.assignment).where(
                tables.assignment.c.office == OFFICE, tables.assignment.c.department == "shuili"
            )
        ).first()
        assert item
        number = connection.execute(
            tables.letter.insert().values(
                key=f"{OFFICE}/2026-03-02/x",
                office=OFFICE,
                day=house.now.date(),
                kind="notice",
                recipient="liaison@shuili.ceshi.example",
                recipient_name="王",
                departments="市水利局",
                subject="通知",
                message_id="<6f1ef0a8-6a0e-5b0c-9c57-0c7d7e1f6d5c@kx.ceshi.example>",
                written_at=house.now,
            )
        ).inserted_primary_key[0]
        connection.execute(
            tables.letter_item.insert().values(
                letter_id=number,
                assignment_id=item.id,
                kind="notice",
                stage="notice",
                version=1,
                due=house.now.date(),
            )
        )
    until = house.now.date().replace(year=2027)
    message_id = "<6f1ef0a8-6a0e-5b0c-9c57-0c7d7e1f6d5c@kx.ceshi.example>"
    return links.make(house.site.secret, message_id, until), item.id


def addresses(door: Door, stage: Stage, office: str, *, own: bool = False) -> list[str]:
    """The door with what belongs to the other office in every place of its path but the office; with
    `own`, what the link's department may see."""
    return list(doors.addresses(door, lambda name: _choices(name, stage, office, own=own)))


def _choices(name: str, stage: Stage, office: str, *, own: bool) -> list[str]:
    if name == "office":
        return [office]
    if own:
        return [stage.link] if name == "token" else [str(stage.item)]
    if name == "token":
        return [stage.link, stage.link[:-1] + "_"]
    return [str(NUMBER), DEPARTMENT, "shui"]


def state_of(database: Database, *but: str) -> dict[str, str]:
    """Each table's rows, as a hash."""
    found = {}
    with database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            if table.name not in but:
                rows = connection.execute(select(table).order_by(*table.primary_key)).all()
                found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def others(database: Database) -> dict[str, list[Any]]:
    """The other office's rows."""
    with database.reading() as connection:
        return {
            table.name: list(connection.execute(select(table).where(table.c.office == OTHER)))
            for table in tables.metadata.sorted_tables
            if "office" in table.c
        }


def leaks(said: Response) -> list[str]:
    return [word for word in WORDS if word in said.text]


def named(doors: list[Door]) -> Any:
    return pytest.mark.parametrize(
        "door", doors, ids=[f"{door.method} {door.path}" for door in doors]
    )


READING = [door for door in DOORS if door.method == "GET"]
WRITING = [door for door in DOORS if door.method != "GET"]


@named(READING)
def test_a_page_gives_nothing_of_another_office_and_changes_nothing(
    door: Door, stage: Stage
) -> None:
    before = state_of(stage.house.site.database)
    said = [
        (visitor.name, path, visitor.browser.get(path))
        for visitor in stage.visitors.values()
        for office in (OFFICE, OTHER)
        for path in addresses(door, stage, office)
    ]

    assert [(who, path) for who, path, one in said if leaks(one)] == []
    assert [(who, path) for who, path, one in said if one.status_code >= 500] == []
    assert state_of(stage.house.site.database) == before


def test_the_other_office_itself_sees_what_nobody_else_may(stage: Stage) -> None:
    """Else the test above could find nothing."""
    seen = [
        door.path
        for door in READING
        if "{office}" in door.path
        and any(leaks(stage.foreigner.browser.get(path)) for path in addresses(door, stage, OTHER))
    ]

    assert len(seen) >= 10
    assert {"/o/{office}/audit", "/o/{office}/items/{row}", "/o/{office}/outbox"} <= set(seen)


@named(READING)
def test_a_scanner_that_only_asks_for_heads_changes_nothing(door: Door, stage: Stage) -> None:
    before = state_of(stage.house.site.database)
    for visitor in (stage.visitors["nobody"], stage.visitors["all rights"]):
        for path in addresses(door, stage, OFFICE):
            assert visitor.browser.head(path).status_code < 500
    assert state_of(stage.house.site.database) == before


@named([door for door in WRITING if door.link])
def test_behind_a_link_a_form_that_no_page_made_changes_nothing(door: Door, stage: Stage) -> None:
    before = state_of(stage.house.site.database)
    for data in ({}, {"token": "x", "mark": "x", "name": "某人", "text": "x", "reason": "x"}):
        for path in addresses(door, stage, OFFICE, own=True):
            said = stage.visitors["nobody"].browser.post(path, data=data, headers={"Origin": HOST})

            assert said.status_code < 500
    assert state_of(stage.house.site.database) == before


@named([door for door in READING if "{office}" in door.path])
def test_an_office_is_not_there_for_the_accounts_of_another(door: Door, stage: Stage) -> None:
    for path in addresses(door, stage, OFFICE):
        assert stage.foreigner.browser.get(path).status_code == 404
    for path in addresses(door, stage, OTHER):
        assert stage.visitors["all rights"].browser.get(path).status_code == 404


@named([door for door in READING if door.right or door.anyone])
def test_without_a_session_a_page_leads_to_the_log_in(door: Door, stage: Stage) -> None:
    for name in ("nobody", "disabled"):
        for path in addresses(door, stage, OFFICE):
            said = stage.visitors[name].browser.get(path)

            assert (said.status_code, said.headers["location"].split("?")[0]) == (303, "/login")


@named([door for door in DOORS if door.right])
def test_a_door_stays_shut_to_those_without_its_right(door: Door, stage: Stage) -> None:
    before = state_of(stage.house.site.database)
    for visitor in stage.visitors.values():
        if not visitor.known or door.right in visitor.rights:
            continue
        for path in addresses(door, stage, OFFICE):
            said = _knock(door, visitor, path, token=visitor.token)

            assert (visitor.name, said.status_code) == (visitor.name, 403)
    assert state_of(stage.house.site.database) == before


@named([door for door in WRITING if not door.link])
def test_a_form_without_its_token_is_refused(door: Door, stage: Stage) -> None:
    before = state_of(stage.house.site.database)
    for visitor in stage.visitors.values():
        if visitor.known:
            for path in addresses(door, stage, OFFICE):
                for data in ({}, {"token": "x"}):
                    assert visitor.browser.post(path, data=data).status_code == 403
    assert state_of(stage.house.site.database) == before


@named(WRITING)
def test_a_form_from_another_site_is_refused(door: Door, stage: Stage) -> None:
    before = state_of(stage.house.site.database)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in addresses(door, stage, OFFICE):
            visitor = stage.visitors["all rights"]
            said = visitor.browser.post(path, data={"token": visitor.token}, headers=headers)

            assert said.status_code == 403
    assert state_of(stage.house.site.database) == before


@named(WRITING)
def test_no_form_moves_or_shows_what_belongs_to_another_office(door: Door, stage: Stage) -> None:
    house = stage.house
    before = others(house.site.database)
    for visitor in stage.visitors.values():
        for office in (OFFICE, OTHER):
            for path in addresses(door, stage, office):
                if visitor.known:
                    log_in(house, visitor)
                said = _knock(door, visitor, path, token=visitor.token)

                assert (visitor.name, path, leaks(said)) == (visitor.name, path, [])
                assert (visitor.name, path, said.status_code < 500) == (visitor.name, path, True)
    assert others(house.site.database) == before


@named([door for door in WRITING if door.right or door.anyone])
def test_without_a_session_no_form_changes_anything(door: Door, stage: Stage) -> None:
    before = state_of(stage.house.site.database)
    for name in ("nobody", "disabled"):
        for path in addresses(door, stage, OFFICE):
            said = _knock(door, stage.visitors[name], path, token="x")

            assert said.status_code in (303, 403)
    assert state_of(stage.house.site.database) == before


def test_whatever_changes_something_is_a_post() -> None:
    assert {door.method for door in DOORS} <= {"GET", "POST"}


def test_doors_of_an_office_ask_for_a_right() -> None:
    assert [door.path for door in DOORS if "{office}" in door.path and door.right is None] == []


def _knock(door: Door, visitor: Visitor, path: str, *, token: str) -> Response:
    if door.method == "GET":
        return visitor.browser.get(path)
    said = {"token": token, "reason": "x", "text": "x", "name": "x", "answer": "x"}
    return visitor.browser.post(path, data=said, headers={"Origin": HOST})
