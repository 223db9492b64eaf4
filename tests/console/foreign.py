"""Another office on the same site, full of things that nobody of the first one may ever see."""

from datetime import date
from typing import Any

from sqlalchemy import Table, insert

from duban.book import Book
from state import tables
from tests.books import contact, document
from tests.console.conftest import House, people

OFFICE = "waidi"
MARK = "外地密语"
"""In every name, address and text of the other office, except in the office's own name."""
WORDS = (MARK, "waimiyu")
NUMBER = 77_777
"""Of the other office's row in every table that has numbers."""
DEPARTMENT = "waimiyu-shui"


def book_of_two() -> Book:
    """The small book, and the same once more for the other office, in other words."""
    said = document(contacts=people())
    (own,) = said["branches"]
    groups = ["各责任单位"]
    names = [("shui", "水利局"), ("kexie", "科协"), ("keji", "科技局")]
    departments = [
        {
            "id": f"waimiyu-{id}",
            "name": f"{MARK}市{name}",
            "short": f"市{MARK}{name}",
            "groups": groups,
        }
        for id, name in names
    ]
    other = {
        "office": {**own["office"], "id": OFFICE, "name": "外地市纲要办", "short": "外地市"},
        "departments": departments,
        "contacts": [contact(one["short"], f"{one['id']}@waimiyu.example") for one in departments]
        + [contact(None, "desk@waimiyu.example", "经办人")],
        "years": [_year(own["years"][0], departments)],
    }
    return Book.model_validate({**said, "branches": [own, other]})


def _year(own: dict[str, Any], departments: list[dict[str, Any]]) -> dict[str, Any]:
    shui, kexie, keji = (one["short"] for one in departments)
    first, second = own["activities"]
    entries = [{**first, "lead": shui, "support": kexie}, {**second, "lead": keji}]
    return {**own, "office": OFFICE, "activities": entries}


def furnish(house: House) -> None:
    """A row of the other office, with the NUMBER, in each table that pages read by number."""
    day, at = date(2026, 3, 2), house.now
    with house.site.database.writing() as connection:

        def add(table: Table, **values: Any) -> None:
            connection.execute(insert(table).values(values))

        add(tables.assignment, id=NUMBER, **_item())
        add(tables.letter, id=NUMBER, **_letter(), day=day, written_at=at)
        add(
            tables.delivery,
            letter_id=NUMBER,
            office=OFFICE,
            state="failed",
            try_at=at,
            reply=f"550 {MARK}",
        )
        mime = f"Subject: {MARK}\r\n\r\n{MARK}".encode()
        add(tables.letter_body, letter_id=NUMBER, sender="duban@waimiyu.example", mime=mime)
        add(
            tables.letter_item,
            id=NUMBER,
            letter_id=NUMBER,
            assignment_id=NUMBER,
            kind="notice",
            stage="notice",
            version=1,
            due=day,
        )
        said = {"at": at, "office": OFFICE, "actor": f"{MARK}某", "assignment_id": NUMBER}
        add(tables.event, id=NUMBER, letter_id=NUMBER, act="report", reason=MARK, via="", **said)
        add(tables.answer, id=NUMBER, text=MARK, **said)
        add(
            tables.attachment,
            id=NUMBER,
            answer_id=NUMBER,
            office=OFFICE,
            name=f"{MARK}.docx",
            size=1,
            sha256="0" * 64,
        )
        add(
            tables.request,
            id=NUMBER,
            assignment_id=NUMBER,
            office=OFFICE,
            department=DEPARTMENT,
            kind="extension",
            state="open",
            asked_at=at,
            asked_by=f"{MARK}某",
            reason=MARK,
            wanted=date(2026, 4, 2),
        )


def _item() -> dict[str, Any]:
    return {
        "key": f"{OFFICE}/shui/2026/waimiyu/{DEPARTMENT}",
        "office": OFFICE,
        "activity": "shui",
        "year": 2026,
        "step": "waimiyu",
        "department": DEPARTMENT,
        "duty": "lead",
        "answer": "报送",
        "ladder": "standard",
        "certainty": "rule",
        "due": date(2026, 3, 7),
        "name": f"世界水日{MARK}",
        "step_name": MARK,
        "state": "reported",
        "version": 1,
    }


def _letter() -> dict[str, Any]:
    return {
        "key": f"{OFFICE}/2026-03-02/waimiyu",
        "office": OFFICE,
        "kind": "notice",
        "recipient": "liaison@waimiyu.example",
        "recipient_name": f"{MARK}某",
        "departments": f"市{MARK}水利局",
        "subject": MARK,
        "message_id": "<6f1ef0a8-6a0e-5b0c-9c57-0c7d7e1f6d5b@waimiyu.example>",
    }
