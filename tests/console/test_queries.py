"""However many rows there are, a page asks the database the same few questions: made from DOORS."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, func, insert, select
from starlette.testclient import TestClient

from adapters import links
from app.console.door import Door
from app.console.routes import DOORS
from duban.account import Role
from state import tables
from tests.console.conftest import OFFICE, House, make_house
from tests.doors import addresses

PAGES = [door for door in DOORS if door.method == "GET"]
MANY = 70
"""Copies of each row: more than a page has."""
MOST = 40
"""Questions of one page."""

Counted = dict[str, tuple[str, int]]
"""By door: the address that it was opened with, and how often it asked."""


@pytest.fixture(scope="module")
def counts(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Counted, Counted]]:
    """With a handful of rows, and with many."""
    folder = tmp_path_factory.mktemp("queries")
    file = folder / "duban.db"
    file.write_bytes(migrated_file.read_bytes())
    for house in make_house(f"sqlite:///{file}", folder):
        _furnish(house)
        browser = house.browser(*Role, login="all")
        few = {door.path: found for door in PAGES if (found := _first_opened(house, browser, door))}
        with house.site.database.writing() as connection:
            for number in range(MANY):
                _copy(connection, number + 1)
        yield (
            few,
            {
                path: (address, _asked(house, browser, address))
                for path, (address, _) in few.items()
            },
        )


@pytest.mark.parametrize("door", PAGES, ids=[door.path for door in PAGES])
def test_a_page_asks_no_more_when_there_is_more(
    door: Door, counts: tuple[Counted, Counted]
) -> None:
    few, many = counts
    if door.path not in few:
        pytest.skip("nothing here opens it: its own tests do")

    assert many[door.path] == few[door.path]
    assert many[door.path][1] <= MOST


def _first_opened(house: House, browser: TestClient, door: Door) -> tuple[str, int] | None:
    for address in addresses(door, lambda name: _choices(house, name)):
        if browser.get(address).status_code == 200:
            return address, _asked(house, browser, address)
    return None


def _asked(house: House, browser: TestClient, address: str) -> int:
    """The second time: what is kept from the first is not asked again."""
    said: list[str] = []

    def hear(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            said.append(statement)

    browser.get(address)
    engine = house.site.database.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return len(said)


def _choices(house: House, name: str) -> list[str]:
    if name == "office":
        return [OFFICE]
    if name == "token":
        until = house.now.date() + timedelta(100)
        return [links.make(house.site.secret, _message_id(number), until) for number in (0, 1)]
    return ["1", "2", "shui", "shuili"]


def _message_id(number: int) -> str:
    return f"<6f1ef0a8-6a0e-5b0c-9c57-{number:012x}@kx.ceshi.example>"


# --- rows ---


def _furnish(house: House) -> None:
    """Items 1 and 2 with letters, lines, answers with files, and requests; a digest."""
    day, at = house.now.date(), house.now
    with house.site.database.writing() as connection:

        def add(table: Table, **values: Any) -> None:
            connection.execute(insert(table).values(values))

        items = connection.scalars(select(tables.assignment.c.id).limit(2)).all()
        for number, kind in ((0, "notice"), (1, "digest")):
            add(
                tables.letter,
                id=number + 1,
                key=f"{OFFICE}/{number}",
                office=OFFICE,
                day=day,
                kind=kind,
                recipient="liaison@shuili.ceshi.example",
                recipient_name="王",
                departments="市水利局",
                subject="通知",
                message_id=_message_id(number),
                written_at=at,
            )
            add(tables.delivery, letter_id=number + 1, office=OFFICE, state="failed", try_at=at)
            add(tables.letter_body, letter_id=number + 1, sender="a@b.c", mime=b"\r\n\r\nx")
            said = {"kind": kind, "stage": kind, "version": 1, "due": day}
            add(tables.letter_item, letter_id=number + 1, assignment_id=items[number], **said)
            who = {"at": at, "office": OFFICE, "actor": "张三", "assignment_id": items[number]}
            add(tables.event, act="report", reason="x", via="link 10.0.0.8", letter_id=1, **who)
            add(tables.answer, id=number + 1, text="x", **who)
            file = {"name": "x.docx", "size": 1, "sha256": "0" * 64}
            add(tables.attachment, answer_id=number + 1, office=OFFICE, **file)
        add(
            tables.request,
            assignment_id=items[0],
            office=OFFICE,
            department="shuili",
            kind="extension",
            state="open",
            asked_at=at,
            asked_by="张三",
            reason="x",
            wanted=day + timedelta(30),
        )


def _copy(connection: Connection, number: int) -> None:
    """Of the first rows of each table, another one; what hangs on items and letters hangs on the copy, and
    once more on the original."""
    ids = {
        table.name: (connection.scalar(select(func.max(table.c.id))) or 0) + 1
        for table in (tables.assignment, tables.letter, tables.answer)
    }
    item, mail = ids["assignment"], ids["letter"]
    unlike: dict[Table, Callable[[dict[str, Any]], dict[str, Any]]] = {
        tables.assignment: lambda row: {"id": item, "key": f"{row['key']}-{number}"},
        tables.letter: lambda row: {
            "id": mail,
            "key": f"{row['key']}-{number}",
            "message_id": _message_id(number + 100),
        },
        tables.delivery: lambda row: {"letter_id": mail},
        tables.letter_body: lambda row: {"letter_id": mail},
        tables.letter_item: lambda row: {"id": None, "assignment_id": item, "sent_key": None},
        tables.event: lambda row: {"id": None},
        tables.answer: lambda row: {"id": ids["answer"]},
        tables.attachment: lambda row: {"id": None},
        tables.request: lambda row: {"id": None, "assignment_id": item},
        tables.account: lambda row: {"id": None, "login": f"{row['login']}{number}"},
        tables.session: lambda row: {"id": f"{row['id'][:50]}{number}"},
    }
    for table, change in unlike.items():
        key = next(iter(table.primary_key))
        row = connection.execute(select(table).order_by(key).limit(1)).first()
        assert row, f"nothing in {table.name} to copy"
        made = {**row._mapping, **change(dict(row._mapping))}
        connection.execute(
            insert(table).values({name: value for name, value in made.items() if value is not None})
        )
